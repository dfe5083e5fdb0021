// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension Transcript {
    /// The same words, all of them confirmed: somebody who marks the answer has listened to it.
    public var confirmed: Transcript { settingConfirmed(true) { _ in true } }

    /// The transcript after an edit, with what is known of the sentences that were changed: those of a marker, who hears the
    /// recording, are confirmed as they stand; what anybody else changes is no longer.
    ///
    /// - Parameters:
    ///   - before: The transcript before the edit.
    ///   - sentences: The sentences, as ranges of its words.
    ///   - isByMarker: Whether who edited it marks the answer.
    public func edited(from before: Transcript, sentences: [Range<Int>], isByMarker: Bool) -> Transcript {
        let count = words.count
        let touched = TranscriptDiff(from: before, to: self).changes.filter { $0.operation != .equal }.map { change in
            // Where words are gone, their neighbours show in which sentence.
            change.toWords.isEmpty
                ? max(0, change.toStart - 1)..<min(count, change.toStart + 1)
                : change.toStart..<(change.toStart + change.toWords.count)
        }
        let changed = sentences.filter { sentence in touched.contains { $0.overlaps(sentence) } } + touched
        return settingConfirmed(isByMarker) { place in changed.contains { $0.contains(place) } }
    }

    private func settingConfirmed(_ isConfirmed: Bool, where condition: (Int) -> Bool) -> Transcript {
        var transcript = self
        var place = 0
        for segment in transcript.segments.indices {
            for word in transcript.segments[segment].words.indices {
                if condition(place) { transcript.segments[segment].words[word].isConfirmed = isConfirmed }
                place += 1
            }
        }
        return transcript
    }
}

extension Word {
    /// The word as credit may rest on it: somebody who marks the answer vouches for one that is confirmed, whoever wrote it
    /// and however sure the recogniser was.
    public var asConfirmed: Word {
        guard isConfirmed else { return self }
        var word = self
        word.confidence = 1
        if kind == .edited { word.kind = .word }
        return word
    }
}
