// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A recording as samples, with what it was before.
public struct DecodedAudio: Sendable {
    /// 16 kHz mono, at the level it was recorded.
    public var waveform: Waveform
    /// What the file was.
    public var source: AudioSource
    /// Whether something in the file was missing or wrong, so that samples may be missing or wrong too.
    public var isDamaged: Bool

    /// What people must know before they trust what is heard in it, each in one sentence.
    public var warnings: [String] {
        isDamaged ? ["The recording is damaged or was cut short: some of what was said may be missing."] : []
    }

    /// Creates a result.
    public init(waveform: Waveform, source: AudioSource, isDamaged: Bool) {
        self.waveform = waveform
        self.source = source
        self.isDamaged = isDamaged
    }
}

/// The technical description of an audio file.
public struct AudioSource: Sendable, Hashable {
    /// The container: `wav`, `flac`, `mp3`, `aac`, `ogg`, `webm` or `mp4`.
    public var container: String
    /// The codec by FFmpeg's name, such as `opus` or `pcm_s16le`.
    public var codec: String
    /// Samples a second in the file, in hertz.
    public var sampleRate: Int
    /// Channels in the file.
    public var channels: Int
    /// Seconds of audio that were decoded.
    public var duration: Double

    /// Creates a description.
    public init(container: String, codec: String, sampleRate: Int, channels: Int, duration: Double) {
        self.container = container
        self.codec = codec
        self.sampleRate = sampleRate
        self.channels = channels
        self.duration = duration
    }

    /// The container and the codec, such as `webm/opus`.
    public var format: String { "\(container)/\(codec)" }
}
