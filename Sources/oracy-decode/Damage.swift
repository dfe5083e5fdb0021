// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What was wrong with a file that could be decoded at least in part.
struct Damage {
    /// Frames that came out of the decoder.
    var goodFrames = 0
    /// Packets the decoder refused.
    var badPackets = 0
    /// Faults in the container, and frames decoded with concealed errors.
    var containerFaults = 0
    /// Messages of level error in FFmpeg's log.
    var errorsLogged = 0
    /// Seconds that the file promises and doesn't have.
    var missing: Double?

    /// A file may promise a little more than it holds: encoders round up to whole frames and add their delay.
    private static let tolerance = 0.25

    /// Whether anything may be missing or wrong.
    var isPresent: Bool {
        badPackets > 0 || containerFaults > 0 || errorsLogged > 0 || (missing ?? 0) > Self.tolerance
    }

    /// Whether what was decoded is more likely noise than speech.
    var isOverwhelming: Bool { badPackets > goodFrames }
}
