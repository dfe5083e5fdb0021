// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux

/// The environment variables of this process.
public enum ProcessEnvironment {
    /// All variables; names or values that are not UTF-8 are repaired.
    public static var variables: [String: String] {
        var variables: [String: String] = [:]
        var entry = oracy_environment()
        while let text = entry.pointee {
            let line = String(cString: text)
            if let sign = line.firstIndex(of: "=") {
                variables[String(line[..<sign])] = String(line[line.index(after: sign)...])
            }
            entry += 1
        }
        return variables
    }
}
