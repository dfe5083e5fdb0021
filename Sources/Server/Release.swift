// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// Which Oracy this is.
public enum Release {
    /// The version, by semantic versioning.
    public static let version = "0.1.0"

    /// The version as `/version` shows it.
    static var json: JSONValue { ["name": "oracy", "version": .string(version)] }
}
