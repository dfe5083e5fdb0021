// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// The tensors of a safetensors file, to be changed and written again.
public struct EditableSafetensors {
    /// One tensor.
    public struct Tensor {
        /// The name.
        public var name: String
        /// The format of the numbers, such as `F32`.
        public var format: String
        /// The sizes of the dimensions.
        public var shape: [Int]
        /// The numbers.
        public var bytes: [UInt8]
    }

    /// The tensors, in the order of their bytes.
    public var tensors: [Tensor]

    /// Reads a file, which must be whole.
    public init(_ file: [UInt8]) throws {
        var length = 0
        for byte in file[..<8].reversed() { length = length << 8 | Int(byte) }
        let start = 8 + length
        let header = try JSONValue(parsing: Array(file[8..<start]), limits: JSONLimits(bytes: 1 << 22)).object
        var found: [(place: Int, tensor: Tensor)] = []
        for member in header?.members ?? [] where member.key != "__metadata__" {
            func numbers(_ name: String) -> [Int] { (member.value[name]?.array ?? []).map { Int($0.integer ?? 0) } }
            let offsets = numbers("data_offsets")
            let bytes: [UInt8] = Array(file[start + offsets[0]..<start + offsets[1]])
            let format: String = member.value["dtype"]?.string ?? ""
            let tensor = Tensor(name: member.key, format: format, shape: numbers("shape"), bytes: bytes)
            found.append((offsets[0], tensor))
        }
        found.sort { $0.place < $1.place }
        tensors = found.map(\.tensor)
    }

    /// The tensor of a name that is there.
    public subscript(_ name: String) -> Tensor? {
        get { tensors.first { $0.name == name } }
        set {
            guard let index = tensors.firstIndex(where: { $0.name == name }) else { return }
            if let newValue { tensors[index] = newValue } else { tensors.remove(at: index) }
        }
    }

    /// The file.
    public var file: [UInt8] {
        var header = JSONObject()
        var data: [UInt8] = []
        for tensor in tensors {
            let shape: [JSONValue] = tensor.shape.map { .integer(Int64($0)) }
            let offsets: [JSONValue] = [data.count, data.count + tensor.bytes.count].map { .integer(Int64($0)) }
            header[tensor.name] = [
                "dtype": .string(tensor.format), "shape": .array(shape), "data_offsets": .array(offsets),
            ]
            data += tensor.bytes
        }
        let text: [UInt8] = JSONValue.object(header).utf8
        let length: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return length + text + data
    }
}
