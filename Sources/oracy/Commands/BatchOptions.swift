// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The options of every command that works on many things.
enum BatchOptions {
    static let jobs = Option<Int>(
        "jobs", short: "j", value: "N", help: "How much is worked on at once.", default: "one a processor", in: 1...256)
    static let progress = Option<ProgressReporter.Mode>(
        "progress", value: "MODE", help: "auto shows a bar on a terminal, plain a line every ten seconds.",
        default: .auto)
}
