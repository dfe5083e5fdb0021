// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import TestPrograms

/// What a program asked of the system and when, as strace saw it: one file a thread, with times.
struct SystemCallTrace {
    /// One call that succeeded.
    struct Call {
        /// Its name, such as `fsync`.
        var name: String
        /// Everything between its parentheses, with the paths of descriptors: `9</srv/oracy.db-wal>`.
        var arguments: String
        /// Seconds since 1970 when it began and when it was over.
        var start, end: Double
    }

    /// In the order in which they began.
    let calls: [Call]

    /// The calls that make files durable, and those that send.
    static let arguments = ["-ff", "-y", "-ttt", "-T", "-s", "40", "-e", "trace=fsync,fdatasync,rename,sendto"]

    /// Whether processes can be traced here; containers often forbid it.
    static let isPossible: Bool = (try? ProgramRun.run("strace", ["-e", "trace=none", "true"]).status) == 0

    /// Reads the files that begin with `prefix`.
    init(prefix: String) throws {
        let folder = URL(filePath: prefix).deletingLastPathComponent()
        var calls: [Call] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix(URL(filePath: prefix).lastPathComponent + ".") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            calls += text.split(separator: "\n").compactMap { Self.call(in: String($0)) }
        }
        self.calls = calls.sorted { $0.start < $1.start }
    }

    /// A line such as `1764172800.123456 fsync(9</srv/file>) = 0 <0.000210>`.
    private static func call(in line: String) -> Call? {
        guard let match = line.wholeMatch(of: /(\d+\.\d+) (\w+)\((.*)\) += (\d+) <(\d+\.\d+)>/),
            let start = Double(match.1), let duration = Double(match.5)
        else { return nil }
        return Call(name: String(match.2), arguments: String(match.3), start: start, end: start + duration)
    }

    /// The first call of one of these names, with these words among its arguments, that began at or after a time.
    func first(_ names: String..., after time: Double = 0, where words: String...) -> Call? {
        calls.first { call in
            call.start >= time && names.contains(call.name) && words.allSatisfy { call.arguments.contains($0) }
        }
    }
}
