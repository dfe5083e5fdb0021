// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CFFmpeg

/// An opened container.
final class MediaFile {
    /// FFmpeg's demuxer; owned by this object.
    let context: UnsafeMutablePointer<AVFormatContext>
    /// The name of the container, such as `webm`.
    let container: String
    private let input: InputFile

    /// The containers we read: FFmpeg's name of the demuxer and ours.
    private static let containers = [
        "wav": "wav", "flac": "flac", "mp3": "mp3", "aac": "aac", "ogg": "ogg", "matroska,webm": "webm",
        "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    ]

    /// Below this score FFmpeg is guessing (25 is four consecutive MPEG audio frames).
    private static let leastProbeScore: Int32 = 10

    /// Finds out what the file is and reads its header.
    ///
    /// - Throws: ``DecodeFailure``: `empty`, `unrecognised`, `corrupt`, `unreadable`.
    init(reading input: InputFile) throws(DecodeFailure) {
        self.input = input
        guard let io = input.context else { throw .noMemory }
        var format: UnsafePointer<AVInputFormat>?
        let score = av_probe_input_buffer2(io, &format, "", nil, 0, 0)
        if input.hasFailed { throw DecodeFailure(.unreadable, "the file can't be read") }
        if input.isEmpty { throw DecodeFailure(.empty, "the file is empty") }
        guard score >= Self.leastProbeScore, let format, let name = format.pointee.name,
            let container = Self.containers[String(cString: name)]
        else { throw DecodeFailure(.unrecognised, "the file is none of the audio formats that are accepted") }
        self.container = container

        guard let context = avformat_alloc_context() else { throw .noMemory }
        context.pointee.pb = io
        context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        context.pointee.error_recognition |= AV_EF_CRCCHECK
        context.pointee.max_streams = 32
        // A container may name other files (mov references, playlists): nothing but descriptor 0 is ever opened.
        context.pointee.io_open = { _, _, _, _, _ in oracy_avErrorNotPermitted() }
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        av_dict_set(&options, "format_whitelist", String(cString: name), 0)
        av_dict_set(&options, "codec_whitelist", StreamDecoder.allowedCodecs, 0)
        av_dict_set(&options, "protocol_whitelist", "none", 0)
        var opened: UnsafeMutablePointer<AVFormatContext>? = context
        // Frees the context when it fails.
        let status = avformat_open_input(&opened, nil, format, &options)
        guard status >= 0, let opened else {
            throw status == oracy_avErrorNoMemory()
                ? .noMemory : DecodeFailure(.corrupt, "the file's header is damaged or incomplete")
        }
        self.context = opened
        // Without it some containers don't know the sampling rate yet. A failure shows when the stream is opened.
        _ = avformat_find_stream_info(opened, nil)
    }

    deinit {
        var owned: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&owned)
    }

    /// How long the file says it is, in seconds; nil when it doesn't say.
    var declaredDuration: Double? {
        guard context.pointee.duration > 0, context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
        else { return nil }
        return Double(context.pointee.duration) / Double(AV_TIME_BASE)
    }
}
