// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestPrograms

extension ProgramRun {
    /// Runs `oracy` to its end.
    static func oracy(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: String? = nil
    ) throws -> ProgramRun {
        try run(BuiltProgram.oracy, arguments, input: input, environment: environment, folder: folder)
    }
}
