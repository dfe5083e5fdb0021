// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON

/// What a decoder said about its file, checked against what it sent.
struct DecoderReport {
    let source: AudioSource
    let isDamaged: Bool

    /// Reads how a decoder ended.
    ///
    /// - Throws: ``AudioError`` for every ending but a complete report.
    init(_ ending: DecoderProcess.Ending, sampleCount: Int, limits: DecodingLimits) throws(AudioError) {
        switch ending.status {
        case .signalled(SIGXCPU):
            throw AudioError(.decoderTimedOut, "Decoding took too long; the recording may be damaged.")
        case .signalled:
            throw AudioError(.decoderCrashed, "The audio decoder failed on this recording.")
        case .exited(0): break
        case .exited: throw Self.failure(named: Self.codeName(in: ending.errors), limits: limits)
        }
        let broken = AudioError(.decoderCrashed, "The audio decoder gave an incomplete answer.")
        guard ending.isAligned, sampleCount > 0,
            let json = try? JSONValue(parsing: ending.errors, limits: JSONLimits(bytes: 16 << 10, depth: 2)),
            json["samples"]?.integer == Int64(sampleCount),
            let container = json["container"]?.string, let codec = json["codec"]?.string,
            let sampleRate = json["sample_rate"]?.integer, 1...1_000_000 ~= sampleRate,
            let channels = json["channels"]?.integer, 1...255 ~= channels,
            let isDamaged = json["damaged"]?.bool
        else { throw broken }
        source = AudioSource(
            container: container, codec: codec, sampleRate: Int(sampleRate), channels: Int(channels),
            duration: Double(sampleCount) / Double(Waveform.speechRate))
        self.isDamaged = isDamaged
    }

    /// The name before the first colon.
    private static func codeName(in line: [UInt8]) -> String {
        String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
    }

    /// The decoder's failures in the words of a person who recorded something.
    private static func failure(named name: String, limits: DecodingLimits) -> AudioError {
        switch name {
        case "unrecognised":
            AudioError(.notAudio, "This is not an audio file that can be read: use WebM, Ogg, MP4, MP3, FLAC or WAV.")
        case "no-audio": AudioError(.noAudioTrack, "The file has no audio track.")
        case "empty": AudioError(.empty, "The recording is empty.")
        case "corrupt": AudioError(.damaged, "The recording is damaged and can't be decoded.")
        case "unsupported-codec":
            AudioError(.unsupportedCodec, "The codec is not supported: use Opus, Vorbis, AAC, MP3, FLAC, ALAC or PCM.")
        case "too-many-channels": AudioError(.tooManyChannels, "The recording has more than 8 channels.")
        case "bad-rate": AudioError(.unsupportedRate, "The sampling rate must be from 8 to 192 kHz.")
        case "too-long":
            AudioError(.tooLong, "The recording is longer than the limit of \(limits.maximumSeconds) seconds.")
        case "unreadable": AudioError(.unreadable, "The stored recording can't be read.")
        case "sandbox": AudioError(.decoderRefused, "The audio decoder's sandbox doesn't work on this system.")
        default: AudioError(.decoderCrashed, "The audio decoder failed on this recording.")
        }
    }
}
