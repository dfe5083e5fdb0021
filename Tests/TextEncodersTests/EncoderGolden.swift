// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestPrograms
import Testing

/// What the `transformers` library makes of small encoders (Tests/Fixtures/encoders/golden.py), and folders of them.
enum EncoderGolden {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/encoders").standardizedFileURL.path
    static let names = [
        "bert", "bert-classes", "bert-tags", "distilbert", "distilbert-classes", "distilbert-tags", "mpnet",
        "mpnet-classes", "mpnet-tags", "roberta", "roberta-classes", "roberta-tags", "xlm-roberta",
        "xlm-roberta-classes", "xlm-roberta-tags",
    ]
    /// Where scripts/bootstrap puts the model; nil where it was not to be had.
    static let miniLM: String? = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../.models/all-MiniLM-L6-v2").standardizedFileURL.path
        return FileManager.default.fileExists(atPath: folder + "/model.safetensors") ? folder : nil
    }()

    static func json(_ name: String) throws -> JSONValue {
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(fixtures)/\(name)")))
        return try JSONValue(parsing: bytes, limits: JSONLimits(bytes: 1 << 22, depth: 16, stringBytes: 1 << 16))
    }

    static func cases(_ name: String) throws -> [JSONValue] {
        try #require(json("golden.json")[name]?.array)
    }
}

extension JSONValue {
    var floats: [Float] { (array ?? []).compactMap { $0.double.map(Float.init) } }
}

/// A copy of a folder that a test may spoil; gone with the value.
final class SpoiledFolder {
    let path: String
    private let folder: TemporaryFolder

    init(of source: String) throws {
        folder = try TemporaryFolder()
        path = folder.path("encoder")
        try FileManager.default.copyItem(atPath: source, toPath: path)
    }

    func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: "\(path)/\(name)"))) }

    func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: "\(path)/\(name)")) }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    /// Changes a member of a JSON object; nil takes it away.
    func set(_ name: String, _ member: String, _ value: JSONValue?) throws {
        var object = try #require(try JSONValue(parsing: bytes(name)).object)
        object[member] = value
        try write(name, JSONValue.object(object).utf8)
    }
}
