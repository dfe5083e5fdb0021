// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON
import Storage

/// The folder where a server keeps everything.
enum Home {
    /// Makes the folder and those above it (mode 0700) if they are not there.
    static func prepare(_ path: String) throws {
        var partial = ""
        for component in path.split(separator: "/") {
            partial += "/\(component)"
            guard mkdir(partial, 0o700) == 0 || errno == EEXIST || access(partial, F_OK) == 0 else {
                throw HomeError(path: path, reason: String(cString: strerror(errno)))
            }
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw HomeError(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Opens the configured database and brings its tables up to date; what is being done to an old one is
    /// logged.
    static func openDatabase(_ configuration: ServerConfiguration) async throws -> any Database {
        let log = Log(configuration.log)
        return switch configuration.database {
        case .sqlite(let path):
            try await SQLiteDatabase.open(path: path) { step in
                log.info("the database is brought up to date", ["step": .string("\(step)")])
            }
        }
    }

    /// How many processors there are.
    static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

/// The home folder can't be used.
public struct HomeError: Error, Sendable, CustomStringConvertible {
    let path: String
    let reason: String

    /// What happened and what to do.
    public var description: String {
        "can't use the home folder \(path): \(reason). Choose another one with --home or ORACY_HOME."
    }
}
