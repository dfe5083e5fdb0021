// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CFFmpeg

/// The rate and the channels of what is being decoded, within what we accept.
struct SourceFormat: Equatable {
    var sampleRate: Int
    var channels: Int
    /// An `AVSampleFormat`.
    var sampleFormat: Int32

    static let sampleRates = 8_000...192_000
    static let channelCounts = 1...8

    /// - Throws: ``DecodeFailure``: `too-many-channels`, `bad-rate`.
    init(_ frame: UnsafePointer<AVFrame>) throws(DecodeFailure) {
        sampleRate = Int(frame.pointee.sample_rate)
        channels = Int(frame.pointee.ch_layout.nb_channels)
        sampleFormat = frame.pointee.format
        try Self.check(channels: channels, isKnown: true)
        try Self.check(sampleRate: sampleRate, isKnown: true)
    }

    /// Refuses channel counts we don't accept; 0 passes while the count isn't known yet.
    static func check(channels: Int, isKnown: Bool) throws(DecodeFailure) {
        guard channelCounts.contains(channels) || (channels == 0 && !isKnown) else {
            throw DecodeFailure(.tooManyChannels, "the audio must have 1 to 8 channels")
        }
    }

    /// Refuses sampling rates we don't accept; 0 passes while the rate isn't known yet.
    static func check(sampleRate: Int, isKnown: Bool) throws(DecodeFailure) {
        guard sampleRates.contains(sampleRate) || (sampleRate == 0 && !isKnown) else {
            throw DecodeFailure(.badRate, "the sampling rate must be from 8 to 192 kHz")
        }
    }
}
