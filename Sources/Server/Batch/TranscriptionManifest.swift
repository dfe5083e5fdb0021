// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// A list of recordings to transcribe: a file with one JSON object a line.
///
/// ```json
/// {"id": "p01-q3", "audio": "p01/q3.webm", "language": "en", "speaker": "p01"}
/// ```
///
/// `audio` (or `file`) is the path of the recording; relative ones start at the folder of the list. `id` names the
/// result and must be unique; without one it is the path as written. Other members are copied to the result.
public struct TranscriptionManifest: Sendable {
    /// One recording.
    public struct Item: Sendable, Hashable {
        /// What names its result: a string or a number.
        public let id: JSONValue
        /// Where the recording is.
        public let path: String
        /// The spoken language (BCP 47), or nil to find it.
        public let language: String?
        /// The other members of the line, in order.
        public let extras: JSONObject

        /// Creates an item.
        public init(id: JSONValue, path: String, language: String? = nil, extras: JSONObject = [:]) {
            self.id = id
            self.path = path
            self.language = language
            self.extras = extras
        }
    }

    /// The recordings in order.
    public let items: [Item]

    /// Reads a list; `-` is standard input.
    ///
    /// All lines are checked before any work begins: a mistake on line 900 should not cost a night.
    ///
    /// - Throws: ``BatchError`` that names the lines that are wrong.
    public init(path: String) throws(BatchError) {
        var items: [Item] = []
        var faults: [String] = []
        var lines: [JSONValue: Int] = [:]
        let base = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        do throws(FileAccessError) {
            let reader = try LineReader(path: path)
            while let line = try reader.next() {
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                do throws(ManifestFault) {
                    let item = try Self.item(line, base: base)
                    if let first = lines[item.id] {
                        throw ManifestFault("has the same id as line \(first); ids must be unique")
                    }
                    lines[item.id] = reader.lineNumber
                    items.append(item)
                } catch {
                    faults.append("\(path):\(reader.lineNumber): \(error.message)")
                }
            }
        } catch {
            throw BatchError(error.message)
        }
        guard faults.isEmpty else {
            let more = faults.count > 5 ? ["... and \(faults.count - 5) more lines"] : []
            throw BatchError((faults.prefix(5) + more).joined(separator: "\n"))
        }
        self.items = items
    }

    private struct ManifestFault: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    private static func item(_ line: [UInt8], base: String) throws(ManifestFault) -> Item {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw ManifestFault("is no JSON: \(error)")
        }
        guard var extras = value.object else { throw ManifestFault("is no JSON object") }
        let named = ["audio", "file"].filter { extras[$0] != nil }
        guard named.count == 1, let path = extras[named[0]]?.string, !path.isEmpty, !path.utf8.contains(0) else {
            throw ManifestFault("needs the recording's path: {\"audio\": \"...\"}")
        }
        var language: String?
        switch extras["language"] {
        case nil, .null, "auto": language = nil
        case .string(let tag) where !tag.isEmpty: language = tag
        default: throw ManifestFault("\"language\" must be text such as \"en\" or \"auto\"")
        }
        let id = extras["id"] ?? .string(path)
        switch id {
        case .integer: break
        case .string(let text) where !text.isEmpty: break
        default: throw ManifestFault("\"id\" must be text or a whole number")
        }
        for name in ["id", "audio", "file", "language"] { extras[name] = nil }
        return Item(id: id, path: path.hasPrefix("/") ? path : base + path, language: language, extras: extras)
    }
}

/// Why work on a data set could not begin or go on.
public struct BatchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, where, and what to do; one or more lines.
    public let message: String

    /// Creates an error.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}
