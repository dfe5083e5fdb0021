// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// Whether a file is what its name says: a mirror's login page must not pass for weights.
enum FileCheck {
    /// What small descriptions may hold.
    static let byteLimit = 16 << 20
    static let jsonLimits = JSONLimits(bytes: byteLimit, depth: 64, stringBytes: 1 << 20)

    /// Looks at a file's form; its digest is another matter.
    ///
    /// - Throws: ``ModelError`` with code `foreignFile`, or what reading throws.
    static func check(_ path: ModelPath, at location: String) throws(ModelError) {
        let file = try OpenFile(reading: location)
        let size = try file.size()
        let start = try file.read(upTo: 512, at: 0)
        let name = path.lastPart
        if name.hasSuffix(".safetensors") {
            try SafetensorsHeader.check(file, size: size, name: path.text)
        } else if start.looksLikeMarkup, !(name == "vocab.txt" && start.beginsWithSpecialToken) {
            throw foreign(path, "it is a web page")
        } else if name.hasSuffix(".json") {
            try checkJSON(path, file, size)
        } else if name.hasSuffix(".txt"), start.contains(0) {
            throw foreign(path, "it is no text")
        } else if size == 0 {
            throw foreign(path, "it is empty")
        }
    }

    /// Vocabularies have a hundred thousand members, so only the others are parsed.
    private static let vocabularies: Set<String> = ["tokenizer.json", "vocab.json"]

    private static func checkJSON(_ path: ModelPath, _ file: OpenFile, _ size: Int) throws(ModelError) {
        guard size <= byteLimit || vocabularies.contains(path.lastPart) else {
            throw foreign(path, "it is larger than any description")
        }
        if vocabularies.contains(path.lastPart) {
            let first = try file.read(upTo: 512, at: 0).first { !$0.isJSONSpace }
            let last = try file.read(upTo: 512, at: max(0, size - 512)).last { !$0.isJSONSpace }
            guard first == UInt8(ascii: "{"), last == UInt8(ascii: "}") else { throw foreign(path, "it is not JSON") }
            return
        }
        let bytes = try file.read(upTo: size, at: 0)
        do {
            let value = try JSONValue(parsing: bytes, limits: jsonLimits)
            guard value.object != nil || value.array != nil else { throw foreign(path, "it is no JSON object") }
        } catch let error as JSONError {
            throw foreign(path, "it is not JSON: \(error)")
        } catch let error as ModelError {
            throw error
        } catch {
            throw foreign(path, "it is not JSON")
        }
    }

    static func foreign(_ path: ModelPath, _ reason: String) -> ModelError {
        ModelError(.foreignFile, "\(path.text.printable) is not what its name says: \(reason).")
    }
}

extension UInt8 {
    fileprivate var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

extension [UInt8] {
    /// Whether it begins like HTML or XML.
    var looksLikeMarkup: Bool { first { !$0.isJSONSpace && $0 < 0x80 } == UInt8(ascii: "<") }

    /// Whether its first line is a token such as vocabularies begin with, MPNet's with `<s>`.
    var beginsWithSpecialToken: Bool {
        ["<s>", "<pad>", "<unk>", "</s>"].contains { token in
            starts(with: token.utf8) && dropFirst(token.utf8.count).first.map(\.isJSONSpace) ?? false
        }
    }
}
