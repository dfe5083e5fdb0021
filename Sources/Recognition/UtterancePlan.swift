// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

/// Cuts speech into utterances that a recogniser can take: long enough for context, short enough to stop in between.
enum UtterancePlan {
    /// The longest utterance, in frames of 10 ms.
    static let longest = 1500
    /// Speech on both sides of a pause of at most this length is one utterance while it is short enough, in frames.
    static let joinedPause = 60

    /// The utterances in order, in frames.
    ///
    /// - Parameters:
    ///   - speech: Where somebody speaks.
    ///   - frameCount: Length of the recording.
    ///   - energy: The log energy of a frame; where a stretch is too long, it is cut at its quietest place.
    static func utterances(speech: [SpeechSpan], frameCount: Int, energy: (Int) -> Float) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for span in speech {
            let range = min(frameCount, span.start / 10)..<min(frameCount, max(span.start / 10, (span.end + 9) / 10))
            guard !range.isEmpty else { continue }
            if let last = joined.last, range.lowerBound - last.upperBound <= joinedPause,
                range.upperBound - last.lowerBound <= longest
            {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(max(range.lowerBound, joined.last?.upperBound ?? 0)..<range.upperBound)
            }
        }
        return joined.flatMap { range in
            var parts: [Range<Int>] = []
            var rest = range
            while rest.count > longest {
                // Parts of at least a third of the limit, and the quietest 50 ms between.
                let candidates = rest.lowerBound + longest / 3..<rest.lowerBound + longest
                var cut = candidates.upperBound
                var quietest = Float.infinity
                for frame in candidates {
                    let around = max(rest.lowerBound, frame - 2)..<min(rest.upperBound, frame + 3)
                    let level = around.reduce(0) { $0 + energy($1) } / Float(around.count)
                    if level < quietest {
                        quietest = level
                        cut = frame
                    }
                }
                parts.append(rest.lowerBound..<cut)
                rest = cut..<rest.upperBound
            }
            return parts + [rest]
        }
    }
}
