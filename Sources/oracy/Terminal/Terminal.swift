// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import Server

/// One of the two streams that people and programs read.
struct Terminal: Sendable {
    private let descriptor: Int32

    /// Results.
    static let output = Terminal(descriptor: STDOUT_FILENO)
    /// Messages and progress.
    static let messages = Terminal(descriptor: STDERR_FILENO)

    /// Whether a person looks at it, not a file or a program.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The width in columns; 80 when the stream does not say.
    var columns: Int {
        let columns = Int(oracy_terminalColumns(descriptor))
        return columns > 0 ? columns : 80
    }

    /// Colours for a person who wants them (https://no-color.org).
    var style: TextStyle {
        let environment = ProcessEnvironment.variables
        let isWanted = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        return TextStyle(isEnabled: isTerminal && isWanted)
    }

    /// Writes text as it is.
    func write(_ text: String) throws(CommandFailure) { try write(Array(text.utf8)) }

    /// Writes a line.
    func writeLine(_ text: String) throws(CommandFailure) { try write(text + "\n") }

    /// Writes bytes.
    ///
    /// - Throws: When the stream takes no more, such as a full disk.
    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure("can't write the output: \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes a line to people that nothing depends on: when it can't be written, it is lost.
    func note(_ text: String) { try? writeLine(text) }
}
