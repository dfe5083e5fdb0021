// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation

/// The programs of this package that were built beside the tests.
public enum BuiltProgram {
    /// The server and command line.
    public static let oracy: String = beside("oracy")
    /// The sandboxed decoder.
    public static let decoder: String = beside("oracy-decode")

    private static func beside(_ name: String) -> String {
        // The tests are a program themselves on Linux, in the folder of the others.
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name).path
    }
}
