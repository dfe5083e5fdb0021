// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Server

/// `oracy version`
enum VersionCommand {
    static let command = Command(
        name: "version", summary: "show the version",
        run: { _ in
            try Terminal.output.writeLine(line)
            return .success
        })

    /// The program and its version.
    static let line = "oracy \(Release.version)"
}
