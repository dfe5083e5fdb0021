// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

/// Cuts a recording at its silences into parts that are recognised independently of each other, and so together.
enum SpeechChunks {
    /// A silence of this many milliseconds always ends a part: it would fill a window with nothing, and models make words
    /// up in it.
    static let longestPause = 5_000

    /// The parts in samples, in order: speech and the short pauses in it, at most `longest` long where pauses allow.
    ///
    /// A recording that fits into one part is not cut: the model then hears what the reference would give it.
    ///
    /// - Parameters:
    ///   - spans: Where somebody speaks.
    ///   - count: Samples of the recording.
    ///   - longest: Samples of a window.
    static func ranges(_ spans: [SpeechSpan], count: Int, sampleRate: Int, longest: Int) -> [Range<Int>] {
        guard !spans.isEmpty else { return [] }
        if count <= longest { return [0..<count] }
        var ranges: [Range<Int>] = []
        for span in spans {
            let range = span.samples(at: sampleRate, count: count)
            guard !range.isEmpty else { continue }
            if let last = ranges.last, range.upperBound - last.lowerBound <= longest,
                range.lowerBound - last.upperBound < longestPause * sampleRate / 1000
            {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                ranges.append(max(range.lowerBound, ranges.last?.upperBound ?? 0)..<range.upperBound)
            }
        }
        return ranges.filter { !$0.isEmpty }
    }
}
