// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON
import Synchronization

/// The weights of a model folder: `model.safetensors`, or the shards that `model.safetensors.index.json` names.
///
/// ```swift
/// let weights = try WeightFiles(folder: "/models/whisper-base")
/// let embedding = try weights.tensor("model.decoder.embed_tokens.weight", shape: [51865, 512])
/// ```
public final class WeightFiles: Sendable {
    private let files: [SafetensorsFile]
    private let places: [String: Int]
    private let read = Mutex<Set<String>>([])
    /// The folder, for messages.
    public let folder: String

    /// Opens the folder's files and checks them.
    ///
    /// - Throws: ``InferenceError`` when there are none, or one is not whole and valid.
    public init(folder: String) throws(InferenceError) {
        self.folder = folder
        let single = folder + "/model.safetensors"
        let index = folder + "/model.safetensors.index.json"
        if access(single, F_OK) == 0 {
            files = [try SafetensorsFile(path: single)]
            places = files[0].entries.mapValues { _ in 0 }
        } else if access(index, F_OK) == 0 {
            (files, places) = try Self.shards(index: index, folder: folder)
        } else {
            throw InferenceError(
                .unreadable,
                "\(folder) holds neither model.safetensors nor model.safetensors.index.json; is it a model folder?")
        }
    }

    /// Opens a single file of any name and checks it.
    ///
    /// - Throws: ``InferenceError`` when it is not whole and valid.
    public init(file: String) throws(InferenceError) {
        folder = file
        files = [try SafetensorsFile(path: file)]
        places = files[0].entries.mapValues { _ in 0 }
    }

    /// The names of all tensors, in no order.
    public var names: some Collection<String> { places.keys }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool { places[name] != nil }

    /// The shape of a tensor, or nil when there is none of this name.
    public func shape(of name: String) -> [Int]? { places[name].flatMap { files[$0].entries[name]?.shape } }

    /// The tensors that were not asked for yet, sorted: none that matter once a model is loaded.
    package var unread: [String] { read.withLock { read in places.keys.filter { !read.contains($0) } }.sorted() }

    /// Reads a tensor, widened to float.
    ///
    /// - Throws: ``InferenceError`` when it is missing, has another shape, or holds integers.
    package func tensor(_ name: String, shape: [Int]) throws(InferenceError) -> Tensor {
        let file = try file(of: name, shape: shape)
        let tensor = Tensor(shape: shape)
        try file.copyFloats(name, to: tensor.pointer)
        return tensor
    }

    /// A tensor of two dimensions whose rows are read from its file when they are needed.
    ///
    /// - Throws: ``InferenceError`` when it is missing, has another shape, or holds integers.
    package func table(_ name: String, shape: [Int]) throws(InferenceError) -> MappedTable {
        try MappedTable(try file(of: name, shape: shape), name, shape: shape)
    }

    private func file(of name: String, shape: [Int]) throws(InferenceError) -> SafetensorsFile {
        guard let place = places[name], let entry = files[place].entries[name] else {
            throw InferenceError(.missingTensor, "the weights in \(folder) have no tensor \(name)")
        }
        guard entry.shape == shape else {
            throw InferenceError(
                .wrongShape, "\(folder): tensor \(name) is \(entry.shape), but config.json asks for \(shape)")
        }
        _ = read.withLock { $0.insert(name) }
        return files[place]
    }

    /// Reads one of a model folder's small files.
    ///
    /// - Throws: ``InferenceError`` when it is missing, empty or larger than `limit` bytes.
    package static func bytes(ofFile path: String, limit: Int) throws(InferenceError) -> [UInt8] {
        let file = try MappedFile(path: path)
        guard file.bytes.count <= limit else {
            throw InferenceError(.malformed, "\(path) is larger than \(limit) bytes; is it the right file?")
        }
        return Array(file.bytes)
    }

    private static func shards(
        index: String, folder: String
    ) throws(InferenceError) -> ([SafetensorsFile], [String: Int]) {
        func malformed(_ reason: String) -> InferenceError {
            InferenceError(.malformed, "\(index) \(reason); fetch the model again")
        }
        let bytes = try bytes(ofFile: index, limit: SafetensorsFile.headerLimit)
        let limits = JSONLimits(bytes: SafetensorsFile.headerLimit, depth: 8, stringBytes: 64 << 10)
        guard let document = try? JSONValue(parsing: bytes, limits: limits),
            case .object(let map)? = document["weight_map"], !map.members.isEmpty
        else { throw malformed("is no JSON object with a weight_map") }
        var files: [SafetensorsFile] = []
        var numbers: [String: Int] = [:]
        var places: [String: Int] = [:]
        for member in map.members {
            // A name is a name, not a path: an index must not reach outside of its folder.
            guard let shard = member.value.string, shard.hasSuffix(".safetensors"), !shard.contains("/"),
                shard.utf8.allSatisfy({ $0 >= 0x20 })
            else { throw malformed("names something that is no file beside it") }
            let number: Int
            if let known = numbers[shard] {
                number = known
            } else {
                guard files.count < 1000 else { throw malformed("names over 1,000 files") }
                number = files.count
                files.append(try SafetensorsFile(path: folder + "/" + shard))
                numbers[shard] = number
            }
            guard files[number].entries[member.key] != nil else {
                throw malformed("looks for tensor \(member.key.prefix(100)) in \(shard), which has none of this name")
            }
            places[member.key] = number
        }
        return (files, places)
    }
}
