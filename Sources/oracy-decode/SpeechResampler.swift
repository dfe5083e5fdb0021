// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CFFmpeg

/// Brings decoded frames to 16 kHz mono floating point.
///
/// The mono signal is the mean of all channels but low-frequency effects. A chained file may change its format on the
/// way: then what is in the old resampler is written first.
final class SpeechResampler {
    private var context: OpaquePointer?
    private var format: SourceFormat?
    private var buffer: [Float] = []

    deinit { swr_free(&context) }

    func convert(
        _ frame: UnsafePointer<AVFrame>, format: SourceFormat, into output: SampleWriter
    ) throws(DecodeFailure) {
        if format != self.format {
            try finish(into: output)
            try start(format, layout: frame.pointee.ch_layout)
        }
        let planes = UnsafeRawPointer(frame.pointee.extended_data)?.assumingMemoryBound(to: UnsafePointer<UInt8>?.self)
        try run(planes, count: frame.pointee.nb_samples, into: output)
    }

    /// Writes what is still inside.
    func finish(into output: SampleWriter) throws(DecodeFailure) {
        guard context != nil else { return }
        try run(nil, count: 0, into: output)
        swr_free(&context)
        format = nil
    }

    private func start(_ format: SourceFormat, layout: AVChannelLayout) throws(DecodeFailure) {
        var source = AVChannelLayout()
        av_channel_layout_default(&source, Int32(format.channels))
        var target = AVChannelLayout()
        av_channel_layout_default(&target, 1)
        let status = swr_alloc_set_opts2(
            &context, &target, AV_SAMPLE_FMT_FLT, Int32(SampleWriter.sampleRate), &source,
            AVSampleFormat(rawValue: format.sampleFormat), Int32(format.sampleRate), 0, nil)
        guard status >= 0, context != nil else { throw .noMemory }
        let weights = Self.weights(of: layout, channels: format.channels)
        guard swr_set_matrix(context, weights, Int32(weights.count)) >= 0, swr_init(context) >= 0 else {
            swr_free(&context)
            throw DecodeFailure(.corrupt, "the decoded audio can't be resampled")
        }
        self.format = format
    }

    private static func weights(of layout: AVChannelLayout, channels: Int) -> [Double] {
        var layout = layout
        let isEffects = (0..<channels).map { index in
            layout.order != AV_CHANNEL_ORDER_UNSPEC
                && [AV_CHAN_LOW_FREQUENCY, AV_CHAN_LOW_FREQUENCY_2].contains(
                    av_channel_layout_channel_from_index(&layout, UInt32(index)))
        }
        let voices = isEffects.count { !$0 }
        guard voices > 0 else { return Array(repeating: 1 / Double(channels), count: channels) }
        return isEffects.map { $0 ? 0 : 1 / Double(voices) }
    }

    private func run(
        _ planes: UnsafePointer<UnsafePointer<UInt8>?>?, count: Int32, into output: SampleWriter
    ) throws(DecodeFailure) {
        let room = swr_get_out_samples(context, count)
        guard room >= 0 else { throw DecodeFailure(.corrupt, "the decoded audio can't be resampled") }
        if buffer.count < Int(room) { buffer = Array(repeating: 0, count: Int(room)) }
        let made = buffer.withUnsafeMutableBytes { bytes in
            var plane = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return withUnsafeMutablePointer(to: &plane) { target in
                swr_convert(
                    context, target, room,
                    UnsafeMutableRawPointer(mutating: planes)?.assumingMemoryBound(
                        to: UnsafePointer<UInt8>?.self), count)
            }
        }
        guard made >= 0 else { throw DecodeFailure(.corrupt, "the decoded audio can't be resampled") }
        try output.write(buffer[..<Int(made)])
    }
}
