// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels
import JSON

/// One safetensors file, mapped into memory: a length, a JSON header and the numbers.
///
/// Everything that the file says is checked when it is opened, as the format demands
/// (https://github.com/huggingface/safetensors, "Format"): lengths, JSON without repeated names, known number formats,
/// shapes that agree with the byte ranges, and ranges that cover the data without a gap or an overlap. No tensor can
/// then point outside of the file.
public final class SafetensorsFile: Sendable {
    /// What the header says of one tensor.
    public struct Entry: Sendable, Hashable {
        /// The numbers' format.
        public let format: NumberFormat
        /// The sizes of the dimensions, outermost first; empty for a single number.
        public let shape: [Int]
        /// Where the numbers are, in bytes from the start of the file.
        public let range: Range<Int>
        /// How many numbers there are.
        public let count: Int
    }

    /// The largest header that is read, in bytes: the largest known models need less than a hundredth.
    public static let headerLimit = 32 << 20

    /// The file's path, for messages.
    public let path: String
    /// What the tensors are, by name.
    public let entries: [String: Entry]
    private let file: MappedFile

    /// Opens a file and checks all of its header.
    ///
    /// - Throws: ``InferenceError`` when it can't be read or is not a whole, valid file.
    public init(path: String) throws(InferenceError) {
        self.path = path
        file = try MappedFile(path: path)
        entries = try Self.entries(in: file.bytes, path: path)
    }

    /// Reads a tensor, widened to float.
    ///
    /// - Throws: ``InferenceError`` when it is missing, has another shape, or holds integers or double precision.
    package func tensor(_ name: String, shape: [Int]) throws(InferenceError) -> Tensor {
        guard let entry = entries[name] else {
            throw InferenceError(.missingTensor, "\(path) has no tensor \(name)")
        }
        guard entry.shape == shape else {
            throw InferenceError(
                .wrongShape, "\(path): tensor \(name) is \(entry.shape), but this kind of model needs \(shape)")
        }
        let tensor = Tensor(shape: shape)
        try copyFloats(name, to: tensor.pointer)
        return tensor
    }

    /// Copies a tensor's numbers, widened to float.
    ///
    /// - Throws: ``InferenceError`` when there is no such tensor, or its numbers are integers or double precision.
    func copyFloats(_ name: String, to destination: UnsafeMutablePointer<Float>) throws(InferenceError) {
        let entry = try floatEntry(name)
        copyFloats(entry, from: 0, count: entry.count, to: destination)
    }

    /// What the header says of a tensor.
    ///
    /// - Throws: ``InferenceError`` when there is no such tensor, or its numbers are integers or double precision.
    func floatEntry(_ name: String) throws(InferenceError) -> Entry {
        guard let entry = entries[name] else { throw InferenceError(.missingTensor, "\(path) has no tensor \(name)") }
        guard [.float32, .float16, .bfloat16].contains(entry.format) else {
            throw InferenceError(
                .unsupported,
                "\(path): tensor \(name) holds \(entry.format.rawValue) numbers; convert the checkpoint to F32, F16 or BF16"
            )
        }
        return entry
    }

    /// Copies `count` of a float entry's numbers from number `first` on, widened to float.
    func copyFloats(_ entry: Entry, from first: Int, count: Int, to destination: UnsafeMutablePointer<Float>) {
        precondition(0 <= first && first + count <= entry.count)
        guard let start = file.bytes.baseAddress else { return }
        let source = start + entry.range.lowerBound + first * entry.format.size
        switch entry.format {
        case .float16: oracy_widenFloat16(source, count, destination)
        case .bfloat16: oracy_widenBFloat16(source, count, destination)
        default: UnsafeMutableRawPointer(destination).copyMemory(from: source, byteCount: 4 * count)
        }
    }

    /// Takes the file's pages out of this process's memory; they come back when they are read.
    func forgetWhatWasRead() { file.forgetWhatWasRead() }

    private static func entries(
        in bytes: UnsafeRawBufferPointer, path: String
    ) throws(InferenceError) -> [String: Entry] {
        func malformed(_ reason: String) -> InferenceError {
            InferenceError(.malformed, "\(path) is not a whole safetensors file (\(reason)); fetch it again")
        }
        guard bytes.count >= 8 else { throw malformed("shorter than its length field") }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(headerLimit) else { throw malformed("a header of \(length) bytes") }
        let start = 8 + Int(length)
        guard start <= bytes.count else { throw malformed("the header is cut short") }
        let header: JSONValue
        do throws(JSONError) {
            let limits = JSONLimits(bytes: headerLimit, depth: 4, stringBytes: 64 << 10)
            header = try JSONValue(parsing: Array(bytes[8..<start]), limits: limits)
        } catch {
            throw malformed("header: \(error)")
        }
        guard case .object(let object) = header else { throw malformed("the header is no JSON object") }
        var entries: [String: Entry] = [:]
        entries.reserveCapacity(object.members.count)
        for member in object.members where member.key != "__metadata__" {
            guard let entry = entry(member.value, dataStart: start, fileSize: bytes.count) else {
                throw malformed("tensor \(member.key.prefix(100)) has a wrong type, shape or range")
            }
            entries[member.key] = entry
        }
        var end = start
        for range in entries.values.map(\.range).sorted(by: {
            ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
        }) {
            guard range.lowerBound == end else { throw malformed("tensors overlap or leave a gap") }
            end = range.upperBound
        }
        guard end == bytes.count else { throw malformed("\(bytes.count - end) bytes belong to no tensor") }
        return entries
    }

    /// Reads one member of the header; nil when anything about it is wrong.
    private static func entry(_ value: JSONValue, dataStart: Int, fileSize: Int) -> Entry? {
        guard let format = value["dtype"]?.string.flatMap(NumberFormat.init(rawValue:)),
            case .array(let dimensions)? = value["shape"], dimensions.count <= 8,
            case .array(let offsets)? = value["data_offsets"], offsets.count == 2,
            let begin = offsets[0].integer, let end = offsets[1].integer, 0 <= begin, begin <= end,
            end <= Int64(fileSize - dataStart)
        else { return nil }
        var shape: [Int] = []
        var count = 1
        for dimension in dimensions {
            guard let size = dimension.integer, size >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: Int(size))
            guard !overflow else { return nil }
            count = product
            shape.append(Int(size))
        }
        let (size, overflow) = count.multipliedReportingOverflow(by: format.size)
        guard !overflow, size == Int(end - begin) else { return nil }
        return Entry(
            format: format, shape: shape, range: dataStart + Int(begin)..<dataStart + Int(end), count: count)
    }
}
