// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CFFmpeg

/// The decoder of the file's best audio stream.
final class StreamDecoder {
    /// The name of the codec, such as `opus`.
    let codec: String
    private let file: MediaFile
    private let stream: Int32
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let frame: UnsafeMutablePointer<AVFrame>

    /// FFmpeg's decoders that may run, by name; every other one, of video above all, is refused.
    static let allowedCodecs = """
        pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,\
        pcm_f64be,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,flac,alac,mp3float,mp3,aac,opus,vorbis
        """

    /// After so many faults in a row the rest of a file is given up.
    private static let patience = 256

    /// - Throws: ``DecodeFailure``: `no-audio`, `unsupported-codec`, `too-many-channels`, `bad-rate`.
    init(file: MediaFile) throws(DecodeFailure) {
        self.file = file
        stream = av_find_best_stream(file.context, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0)
        guard stream >= 0, let entry = file.context.pointee.streams[Int(stream)],
            let parameters = entry.pointee.codecpar
        else { throw DecodeFailure(.noAudio, "the file has no audio track") }
        for index in 0..<Int(file.context.pointee.nb_streams) where index != Int(stream) {
            file.context.pointee.streams[index]?.pointee.discard = AVDISCARD_ALL
        }
        try SourceFormat.check(channels: Int(parameters.pointee.ch_layout.nb_channels), isKnown: false)
        try SourceFormat.check(sampleRate: Int(parameters.pointee.sample_rate), isKnown: false)

        let unsupported = DecodeFailure(.unsupportedCodec, "the audio codec is none of those that are accepted")
        guard let decoder = avcodec_find_decoder(parameters.pointee.codec_id) else { throw unsupported }
        codec = String(cString: avcodec_get_name(parameters.pointee.codec_id))
        guard let allocated = avcodec_alloc_context3(decoder) else { throw .noMemory }
        context = allocated
        var optionalPacket = av_packet_alloc()
        var optionalFrame = av_frame_alloc()
        guard let packet = optionalPacket, let frame = optionalFrame else {
            av_packet_free(&optionalPacket)
            av_frame_free(&optionalFrame)
            var owned: UnsafeMutablePointer<AVCodecContext>? = allocated
            avcodec_free_context(&owned)
            throw .noMemory
        }
        self.packet = packet
        self.frame = frame
        guard avcodec_parameters_to_context(allocated, parameters) >= 0 else { throw .noMemory }
        allocated.pointee.pkt_timebase = entry.pointee.time_base
        allocated.pointee.thread_count = 1
        allocated.pointee.err_recognition |= AV_EF_CRCCHECK
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        av_dict_set(&options, "codec_whitelist", Self.allowedCodecs, 0)
        guard avcodec_open2(allocated, decoder, &options) >= 0 else { throw unsupported }
    }

    deinit {
        var ownedFrame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&ownedFrame)
        var ownedPacket: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&ownedPacket)
        var ownedContext: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&ownedContext)
    }

    /// Decodes to the end, past faults where possible.
    ///
    /// - Parameters:
    ///   - damage: What was wrong on the way.
    ///   - body: Gets each frame; the frame is only valid during the call.
    func decodeAll(
        damage: inout Damage, _ body: (UnsafePointer<AVFrame>) throws(DecodeFailure) -> Void
    ) throws(DecodeFailure) {
        var faultsInARow = 0
        while faultsInARow < Self.patience {
            let status = av_read_frame(file.context, packet)
            if status == oracy_avErrorEndOfFile() { break }
            if status == oracy_avErrorNoMemory() { throw .noMemory }
            guard status >= 0 else {
                damage.containerFaults += 1
                faultsInARow += 1
                continue
            }
            faultsInARow = 0
            if packet.pointee.stream_index == stream {
                if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { damage.containerFaults += 1 }
                try send(packet, damage: &damage, body)
            }
            av_packet_unref(packet)
        }
        try send(nil, damage: &damage, body)
    }

    private func send(
        _ packet: UnsafePointer<AVPacket>?, damage: inout Damage,
        _ body: (UnsafePointer<AVFrame>) throws(DecodeFailure) -> Void
    ) throws(DecodeFailure) {
        var status = avcodec_send_packet(context, packet)
        if status == oracy_avErrorNoMemory() { throw .noMemory }
        if status < 0, packet != nil { damage.badPackets += 1 }
        while true {
            status = avcodec_receive_frame(context, frame)
            if status == oracy_avErrorTryAgain() || status == oracy_avErrorEndOfFile() { return }
            if status == oracy_avErrorNoMemory() { throw .noMemory }
            guard status >= 0 else {
                damage.badPackets += 1
                return
            }
            damage.goodFrames += 1
            if frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 {
                damage.containerFaults += 1
            }
            try body(frame)
            av_frame_unref(frame)
        }
    }
}
