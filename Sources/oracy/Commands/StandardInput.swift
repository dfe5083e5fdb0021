// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import Server

/// A recording from the standard input, kept in a file without a name: decoders go back and forth in it.
struct StandardInput: Sendable {
    private let descriptor: Int32

    /// Where it can be opened, by this process.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// Reads all of the standard input, if `-` is among the operands of a command.
    ///
    /// - Returns: Nil when it is not.
    /// - Throws: ``UsageError`` when it is there twice, ``CommandFailure`` when the input can't be read or kept.
    init?(ifAmong operands: [String], of command: String) throws {
        let count = operands.count(where: { $0 == "-" })
        guard count > 0 else { return nil }
        guard count == 1 else {
            throw UsageError(message: "the standard input (-) can be read once only.", command: command)
        }
        let folder = ProcessEnvironment.variables["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(folder)/oracy-input-XXXXXX".utf8CString)
        // Programs that are started get the descriptors that they are given only (CLinux/spawn).
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw CommandFailure("can't keep the standard input in \(folder): \(String(cString: strerror(errno)))")
        }
        unlink(template)
        do throws(CommandFailure) {
            try fill()
        } catch {
            close()
            throw error
        }
    }

    /// Gives the file back to the system.
    func close() { Glibc.close(descriptor) }

    private func fill() throws(CommandFailure) {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure("can't read the standard input: \(String(cString: strerror(errno)))")
            }
            if count == 0 { return }
            try keep(chunk[..<count])
        }
    }

    private func keep(_ bytes: ArraySlice<UInt8>) throws(CommandFailure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure("can't keep the standard input: \(String(cString: strerror(errno)))")
            }
            rest = rest.dropFirst(count)
        }
    }
}
