// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why a recording gave no audio. The message never contains anything from the recording.
public struct AudioError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        fileprivate enum Value: String, CaseIterable {
            case notAudio = "not_audio"
            case noAudioTrack = "no_audio_track"
            case empty = "audio_empty"
            case damaged = "audio_damaged"
            case unsupportedCodec = "unsupported_codec"
            case tooManyChannels = "too_many_channels"
            case unsupportedRate = "unsupported_rate"
            case tooLong = "audio_too_long"
            case unreadable = "audio_unreadable"
            case decoderCrashed = "decoder_crashed"
            case decoderTimedOut = "decoder_timed_out"
            case decoderMissing = "decoder_missing"
            case decoderRefused = "decoder_refused"
            case cancelled
        }
        fileprivate let value: Value

        /// The file is none of the formats that are accepted.
        public static let notAudio = Code(value: .notAudio)
        /// The file is a known format but holds no audio track.
        public static let noAudioTrack = Code(value: .noAudioTrack)
        /// There are no bytes, or no samples.
        public static let empty = Code(value: .empty)
        /// Too little of the file can be decoded to be of use.
        public static let damaged = Code(value: .damaged)
        /// The codec is none of those that are accepted.
        public static let unsupportedCodec = Code(value: .unsupportedCodec)
        /// There are more than 8 channels.
        public static let tooManyChannels = Code(value: .tooManyChannels)
        /// The sampling rate is outside 8...192 kHz.
        public static let unsupportedRate = Code(value: .unsupportedRate)
        /// The recording is longer than the limit.
        public static let tooLong = Code(value: .tooLong)
        /// The stored file can't be opened or read: a fault of the server, not of the recording.
        public static let unreadable = Code(value: .unreadable)
        /// The decoder died or broke its protocol on this file.
        public static let decoderCrashed = Code(value: .decoderCrashed)
        /// The decoder took longer than it may.
        public static let decoderTimedOut = Code(value: .decoderTimedOut)
        /// The program `oracy-decode` isn't installed: a fault of the server.
        public static let decoderMissing = Code(value: .decoderMissing)
        /// The decoder can't be started or can't lock itself in: a fault of the server.
        public static let decoderRefused = Code(value: .decoderRefused)
        /// The task was cancelled.
        public static let cancelled = Code(value: .cancelled)

        /// The stable name, as in the API's problem codes and in metrics, such as `audio_too_long`.
        public var name: String { value.rawValue }

        /// Whether another file may well work: the recording is at fault, not the server.
        public var isAboutRecording: Bool {
            switch value {
            case .notAudio, .noAudioTrack, .empty, .damaged, .unsupportedCodec, .tooManyChannels, .unsupportedRate,
                .tooLong, .decoderCrashed, .decoderTimedOut:
                true
            case .unreadable, .decoderMissing, .decoderRefused, .cancelled: false
            }
        }
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do, for a person.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The stable name of the code, such as `audio_too_long`.
    public var codeName: String { code.name }

    /// The message.
    public var description: String { message }
}
