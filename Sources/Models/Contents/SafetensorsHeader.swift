// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// The header of a safetensors file (https://github.com/huggingface/safetensors, "Format"): a little-endian 64-bit
/// length, that much JSON, then the tensors without gaps.
enum SafetensorsHeader {
    /// The longest header that is read, in bytes; those of Whisper's largest model have 200 kB.
    private static let longest = 16 << 20

    private static let sizes: [String: Int] = [
        "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4,
        "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
    ]

    /// Checks that the tensors that the header describes fill the file exactly.
    ///
    /// - Throws: ``ModelError`` with code `foreignFile`, or what reading throws.
    static func check(_ file: OpenFile, size: Int, name: String) throws(ModelError) {
        func fault(_ reason: String) -> ModelError {
            ModelError(.foreignFile, "\(name.printable) is no safetensors file: \(reason).")
        }
        let start = try file.read(upTo: 9, at: 0)
        guard start.count == 9 else { throw fault("it is too short") }
        if start.looksLikeMarkup { throw fault("it is a web page") }
        if start.starts(with: "version h".utf8) { throw fault("it is a pointer of Git LFS; fetch the file itself") }
        let length = start.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(longest), 8 + Int(length) <= size, start[8] == UInt8(ascii: "{") else {
            throw fault("its header does not fit")
        }
        let header: JSONValue
        do {
            let bytes = try file.read(upTo: Int(length), at: 8)
            header = try JSONValue(
                parsing: bytes, limits: JSONLimits(bytes: longest, depth: 8, stringBytes: 4 << 20))
        } catch let error as JSONError {
            throw fault("its header is not JSON: \(error)")
        } catch let error as ModelError {
            throw error
        } catch {
            throw fault("its header is not JSON")
        }
        guard case .object(let tensors) = header else { throw fault("its header is no JSON object") }
        let end = size - 8 - Int(length)
        var extents: [Range<Int>] = []
        for tensor in tensors.members where tensor.key != "__metadata__" {
            guard let extent = extent(of: tensor.value), extent.upperBound <= end else {
                throw fault("tensor \(tensor.key.printable) does not fit into the file")
            }
            extents.append(extent)
        }
        extents.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        var position = 0
        for extent in extents {
            guard extent.lowerBound == position else { throw fault("its tensors overlap or leave gaps") }
            position = extent.upperBound
        }
        guard position == end else { throw fault("it has \(end - position) bytes that belong to no tensor") }
        guard !extents.isEmpty else { throw fault("it has no tensors") }
    }

    /// The bytes of a tensor; nil when type, shape and offsets don't agree.
    private static func extent(of tensor: JSONValue) -> Range<Int>? {
        guard let type = tensor["dtype"]?.string, let width = sizes[type], let shape = tensor["shape"]?.array,
            let offsets = tensor["data_offsets"]?.array, offsets.count == 2, let start = offsets[0].integer,
            let end = offsets[1].integer, 0 <= start, start <= end
        else { return nil }
        var bytes = width
        for dimension in shape {
            guard let count = dimension.integer, count >= 0 else { return nil }
            let (product, isTooLarge) = bytes.multipliedReportingOverflow(by: Int(count))
            guard !isTooLarge else { return nil }
            bytes = product
        }
        return bytes == end - start ? Int(start)..<Int(end) : nil
    }
}
