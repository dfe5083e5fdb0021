// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Foundation
import Testing

@Suite("AudioDecoder")
struct AudioDecoderTests {
    /// One way of storing a recording.
    struct Encoding: CustomTestStringConvertible {
        var name: String
        var options: [String]
        var format: String
        var rate: Int
        var channels = 1
        var isLive = false
        /// The least correlation with the source; lossy codecs change the wave form.
        var correlation: Double = 0.999
        var testDescription: String { name }
    }

    static let encodings: [Encoding] = [
        .init(name: "u8.wav", options: ["-c:a", "pcm_u8"], format: "wav/pcm_u8", rate: 22_050, correlation: 0.99),
        .init(name: "s16.wav", options: ["-c:a", "pcm_s16le"], format: "wav/pcm_s16le", rate: 22_050),
        .init(name: "s24.wav", options: ["-c:a", "pcm_s24le"], format: "wav/pcm_s24le", rate: 22_050),
        .init(name: "s32.wav", options: ["-c:a", "pcm_s32le"], format: "wav/pcm_s32le", rate: 22_050),
        .init(name: "f32.wav", options: ["-c:a", "pcm_f32le"], format: "wav/pcm_f32le", rate: 22_050),
        .init(name: "16k.wav", options: ["-ar", "16000"], format: "wav/pcm_s16le", rate: 16_000),
        .init(name: "44k.wav", options: ["-ar", "44100"], format: "wav/pcm_s16le", rate: 44_100),
        .init(name: "192k.wav", options: ["-ar", "192000"], format: "wav/pcm_s16le", rate: 192_000),
        .init(name: "2.wav", options: ["-ac", "2"], format: "wav/pcm_s16le", rate: 22_050, channels: 2),
        .init(
            name: "8.wav", options: ["-af", "pan=octagonal|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0"],
            format: "wav/pcm_s16le", rate: 22_050, channels: 8),
        .init(name: "s.flac", options: [], format: "flac/flac", rate: 22_050),
        .init(name: "s.mp3", options: ["-b:a", "128k"], format: "mp3/mp3", rate: 22_050, correlation: 0.99),
        .init(name: "s.m4a", options: ["-b:a", "128k"], format: "mp4/aac", rate: 22_050, correlation: 0.99),
        .init(name: "s.aac", options: ["-b:a", "128k"], format: "aac/aac", rate: 22_050, correlation: 0.9),
        .init(
            name: "alac.m4a", options: ["-c:a", "alac"], format: "mp4/alac", rate: 22_050),
        .init(name: "opus.mp4", options: ["-c:a", "libopus"], format: "mp4/opus", rate: 48_000, correlation: 0.95),
        .init(
            name: "fragmented.mp4", options: ["-c:a", "libopus", "-f", "mp4", "-movflags", "empty_moov+frag_keyframe"],
            format: "mp4/opus", rate: 48_000, isLive: true, correlation: 0.95),
        .init(name: "opus.ogg", options: ["-c:a", "libopus"], format: "ogg/opus", rate: 48_000, correlation: 0.95),
        .init(
            name: "vorbis.ogg", options: ["-c:a", "libvorbis"], format: "ogg/vorbis", rate: 22_050, correlation: 0.95),
        .init(name: "opus.webm", options: ["-c:a", "libopus"], format: "webm/opus", rate: 48_000, correlation: 0.95),
        .init(
            name: "live.webm", options: ["-c:a", "libopus", "-f", "webm", "-live", "1"], format: "webm/opus",
            rate: 48_000, isLive: true, correlation: 0.95),
    ]

    @Test(arguments: encodings)
    func `decodes every accepted format to the same speech`(encoding: Encoding) async throws {
        let path = try Fixtures.encode(encoding.name, encoding.options, isLive: encoding.isLive)
        let audio = try await Fixtures.decoder.decode(fileAt: path)

        #expect(audio.source.format == encoding.format)
        #expect(audio.source.sampleRate == encoding.rate)
        #expect(audio.source.channels == encoding.channels)
        #expect(!audio.isDamaged)
        let reference = Fixtures.speech
        // Raw AAC has no place to say how much of the start and the end is padding.
        let padding = encoding.format == "aac/aac" ? 0.1 : 0.02
        #expect(abs(audio.waveform.duration - reference.duration) < padding)
        #expect(audio.source.duration == audio.waveform.duration)
        let correlation = audio.waveform.bestCorrelation(
            with: reference, withinMilliseconds: encoding.format == "aac/aac" ? 60 : 10)
        #expect(correlation > encoding.correlation)
    }
}
