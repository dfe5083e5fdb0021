// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The level of the steady background in each band over time.
///
/// Speech comes and goes many times a second while noise and hum stay: in every half second the 20th percentile of a
/// band's level lies in a dip, and the least of these within 3 s on both sides lies in a pause, or deep between two
/// syllables (after Martin 2001, minimum statistics).
struct NoiseFloor {
    private static let blockFrames = 50
    private static let reach = 6

    /// `[block * bandCount + band]`
    private let levels: [Float]

    /// - Returns: nil when there is nothing but digital silence.
    init?(_ spectrum: SpeechSpectrum) {
        let bands = SpeechSpectrum.bandCount
        let blockCount = (spectrum.frameCount + Self.blockFrames - 1) / Self.blockFrames
        let isUsable = Self.usableFrames(spectrum)
        let dips: [[Float]?] = (0..<blockCount).map { block in
            let end = min(spectrum.frameCount, (block + 1) * Self.blockFrames)
            let frames = (block * Self.blockFrames..<end).filter { isUsable[$0] }
            guard !frames.isEmpty else { return nil }
            return (0..<bands).map { band in
                frames.map { spectrum.levels[$0 * bands + band] }.sorted()[frames.count / 5]
            }
        }
        guard dips.contains(where: { $0 != nil }) else { return nil }
        levels = (0..<blockCount).flatMap { block in
            let near = dips[max(0, block - Self.reach)..<min(blockCount, block + Self.reach + 1)].compactMap(\.self)
            return (0..<bands).map { band in near.map { $0[band] }.min() ?? 0 }
        }
    }

    /// Digital silence says nothing about the noise: it is muted, or made by a program. Frames that overlap it say too
    /// little, unless there are no others.
    private static func usableFrames(_ spectrum: SpeechSpectrum) -> [Bool] {
        let isSilent = (0..<spectrum.frameCount).map(spectrum.isSilent)
        let overlap = SpeechSpectrum.overlap
        let isApart = isSilent.indices.map { frame in
            !isSilent[max(0, frame - overlap)..<min(isSilent.count, frame + overlap + 1)].contains(true)
        }
        return isApart.contains(true) ? isApart : isSilent.map { !$0 }
    }

    /// The background's level in a band around a frame, in dB.
    func level(band: Int, frame: Int) -> Float {
        levels[frame / Self.blockFrames * SpeechSpectrum.bandCount + band]
    }
}
