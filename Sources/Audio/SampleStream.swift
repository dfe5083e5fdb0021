// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Puts samples together from bytes that arrive in pieces, and trusts none of them.
struct SampleStream {
    /// The samples so far: finite and within -1...1.
    private(set) var samples: [Float] = []
    private let limit: Int
    private var partial: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    /// Whether no part of a sample is left over.
    var isAligned: Bool { partial.isEmpty }

    /// Adds bytes: 32-bit floats in native order.
    ///
    /// Lossy codecs overshoot full scale and float files may hold anything: values are brought into -1...1, and those
    /// that aren't numbers become 0.
    ///
    /// - Throws: ``AudioError`` with code `decoderCrashed` when there are more samples than allowed.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(AudioError) {
        var bytes = bytes
        if !partial.isEmpty {
            let missing = bytes.prefix(4 - partial.count)
            partial.append(contentsOf: missing)
            bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(missing.count))
            guard partial.count == 4 else { return }
            partial.withUnsafeBytes { append(samplesIn: $0) }
            partial.removeAll(keepingCapacity: true)
        }
        let whole = bytes.count & ~3
        append(samplesIn: UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        partial.append(contentsOf: bytes[whole...])
        guard samples.count <= limit else {
            throw AudioError(.decoderCrashed, "The audio decoder sent more than the recording can hold.")
        }
    }

    private mutating func append(samplesIn bytes: UnsafeRawBufferPointer) {
        for offset in stride(from: 0, to: bytes.count, by: 4) {
            let sample = bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
            samples.append(sample.isNaN ? 0 : max(-1, min(1, sample)))
        }
    }
}
