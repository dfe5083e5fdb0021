// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc

/// Reads a file or standard input line by line, however large it is.
final class LineReader {
    /// The longest line, in bytes.
    static let lineLimit = 16 << 20

    /// The number of the line that was read last, counted from 1.
    private(set) var lineNumber = 0
    /// How many bytes have been read, line ends included.
    private(set) var position = 0
    /// Whether the line that was read last has its end; only the last line of a file may lack it.
    private(set) var isLineComplete = true

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// Opens a file; `-` is standard input.
    init(path: String) throws(FileAccessError) {
        self.path = path == "-" ? "standard input" : path
        descriptor = path == "-" ? dup(STDIN_FILENO) : oracy_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw FileAccessError("open", self.path, errno: errno) }
    }

    deinit { close(descriptor) }

    /// How many lines a regular file has; nil when it can be read only once.
    func count() throws(FileAccessError) -> Int? {
        guard lseek(descriptor, 0, SEEK_CUR) == 0 else { return nil }
        defer { lseek(descriptor, 0, SEEK_SET) }
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        var lines = 0
        var last = UInt8(ascii: "\n")
        while true {
            let count = try fill(&chunk)
            guard count > 0 else { return last == UInt8(ascii: "\n") ? lines : lines + 1 }
            for byte in chunk[..<count] where byte == UInt8(ascii: "\n") { lines += 1 }
            last = chunk[count - 1]
        }
    }

    /// The next line without its end; nil after the last one.
    func next() throws(FileAccessError) -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return line(upTo: end, isComplete: true)
            }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return line(upTo: buffer.count, isComplete: false)
            }
            guard buffer.count - start <= Self.lineLimit else {
                throw FileAccessError("line \(lineNumber + 1) of \(path) is longer than \(Self.lineLimit >> 20) MiB")
            }
            if start > 0 {
                buffer.removeFirst(start)
                searched -= start
                start = 0
            }
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            let count = try fill(&chunk)
            isAtEnd = count == 0
            buffer.append(contentsOf: chunk[..<count])
        }
    }

    private func line(upTo end: Int, isComplete: Bool) -> [UInt8] {
        lineNumber += 1
        position += end - start + (isComplete ? 1 : 0)
        isLineComplete = isComplete
        let isWindows = end > start && buffer[end - 1] == UInt8(ascii: "\r")
        return Array(buffer[start..<(isWindows ? end - 1 : end)])
    }

    private func fill(_ chunk: inout [UInt8]) throws(FileAccessError) -> Int {
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count >= 0 { return count }
            if errno != EINTR { throw FileAccessError("read", path, errno: errno) }
        }
    }
}
