// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension Waveform {
    /// A WAV file of the waveform: 16-bit PCM, mono, with the canonical 44-byte header, for players.
    ///
    /// Samples are rounded to the nearest step, and limited to full scale.
    public var wav: [UInt8] {
        let dataSize = UInt32(clamping: samples.count * 2)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(44 + samples.count * 2)
        func append(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append("RIFF")
        append(dataSize.addingReportingOverflow(36).partialValue)
        append("WAVEfmt ")
        append(16 as UInt32)  // size of the format chunk
        append(1 as UInt16)  // PCM
        append(1 as UInt16)  // channels
        append(UInt32(clamping: sampleRate))
        append(UInt32(clamping: sampleRate * 2))  // bytes a second
        append(2 as UInt16)  // bytes a sample frame
        append(16 as UInt16)  // bits a sample
        append("data")
        append(dataSize)
        for sample in samples { append(Int16(max(-32_768, min(32_767, (sample * 32_768).rounded())))) }
        return bytes
    }
}
