// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a model is called in the store: a folder's name, so letters, digits, `.`, `_` and `-` only.
public struct ModelName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// Checks a name: 1 to 96 ASCII letters, digits, `.`, `_` or `-`, the first a letter or digit, no two dots together.
    ///
    /// - Throws: ``ModelError`` with code `invalidName`.
    public init(_ text: String) throws(ModelError) {
        guard let name = ModelName(valid: text) else {
            throw ModelError(
                .invalidName,
                "'\(text.printable)' can't be a model's name. A name has letters, digits, '.', '_' and '-', and begins with "
                    + "a letter or digit.")
        }
        self = name
    }

    private init?(valid text: String) {
        let bytes = Array(text.utf8)
        guard (1...96).contains(bytes.count), let first = bytes.first, first.isASCIILetterOrDigit, bytes.last != 0x2E,
            bytes.allSatisfy({ $0.isASCIILetterOrDigit || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }),
            !text.contains("..")
        else { return nil }
        self.text = text
    }

    /// Orders by the bytes of the names.
    public static func < (left: Self, right: Self) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

    /// The name.
    public var description: String { text }
}

/// A repository of the hub, `OWNER/NAME`.
public struct HubRepository: Sendable, Hashable, CustomStringConvertible {
    /// Whose it is.
    public let owner: ModelName
    /// What it is called.
    public let name: ModelName

    /// Reads `OWNER/NAME`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let owner = try? ModelName(String(parts[0])),
            let name = try? ModelName(String(parts[1]))
        else { return nil }
        self.owner = owner
        self.name = name
    }

    /// `OWNER/NAME`.
    public var description: String { "\(owner)/\(name)" }
}

/// The path of a file inside a model's folder, which can't lead out of it.
public struct ModelPath: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The path, parts separated by slashes.
    public let text: String

    /// Checks a path: relative, at most 8 parts, none empty, `.` or `..`, no control characters and no backslashes.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard text.utf8.count <= 512, (1...8).contains(parts.count) else { return nil }
        for part in parts {
            guard (1...255).contains(part.count), !part.elementsEqual(".".utf8), !part.elementsEqual("..".utf8),
                part.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x5C })
            else { return nil }
        }
        self.text = text
    }

    /// The folders above the file, outermost first.
    var folders: [String] {
        var folders: [String] = []
        for part in text.split(separator: "/").dropLast() {
            folders.append(folders.last.map { "\($0)/\(part)" } ?? String(part))
        }
        return folders
    }

    /// The file's own name.
    var lastPart: String { text.split(separator: "/").last.map(String.init) ?? text }

    /// The path as it stands in a URL.
    var percentEncoded: String { text.percentEncoded(keeping: 0x2F) }

    /// Orders by bytes, as `sort` does in the C locale.
    public static func < (left: Self, right: Self) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

    /// The path.
    public var description: String { text }
}

extension UInt8 {
    /// Whether it is an ASCII letter or digit.
    var isASCIILetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}

extension String {
    /// The text with everything but unreserved characters (RFC 3986 §2.3) and one more escaped.
    func percentEncoded(keeping kept: UInt8? = nil) -> String {
        var encoded: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in utf8 {
            if byte.isASCIILetterOrDigit || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte) || byte == kept {
                encoded.append(byte)
            } else {
                encoded += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
