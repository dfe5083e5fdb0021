// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON

/// What became of the acts that the sandbox must refuse.
struct SelfTest {
    /// Each act and its error number; 0 means that it worked.
    var results: [(act: String, error: Int32)]

    /// Whether everything was refused.
    var isTight: Bool { results.allSatisfy { $0.error != 0 } }

    /// The acts with the names of their error numbers, then whether everything was refused.
    var json: JSONValue {
        var object = JSONObject()
        for result in results { object[result.act] = .string(Self.name(of: result.error)) }
        object["sandboxed"] = .bool(isTight)
        return .object(object)
    }

    private static func name(of error: Int32) -> String {
        switch error {
        case 0: "allowed"
        case EPERM: "EPERM"
        case ENOMEM: "ENOMEM"
        default: "error \(error)"
        }
    }
}
