// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Other words that may have been said instead of those that an assessment rests on, and what would become of key points then.
public struct OtherWording: Sendable, Hashable {
    /// Where the other words come from. The raw values appear in results and are stored.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// The recogniser considered them too.
        case alternative
        /// The recogniser wrote them; somebody who does not mark the answer removed or changed them since.
        case recognised
    }

    /// What would become of one key point.
    public struct Outcome: Sendable, Hashable {
        /// The place of the key point among those of the assessment.
        public var keyPoint: Int
        /// What would become of it.
        public var state: KeyPointResult.State
        /// The words as they stand, with a few around them.
        public var words: String
        /// The other words, with the same around them.
        public var instead: String
        /// The positions of the words that would be others, from the first one to the last; empty where others come in between.
        public var place: Range<Int>
        /// When they, or those that are gone, were said, in milliseconds.
        public var time: Range<Int>

        /// Creates an outcome.
        public init(
            keyPoint: Int, state: KeyPointResult.State, words: String, instead: String, place: Range<Int>,
            time: Range<Int>
        ) {
            self.keyPoint = keyPoint
            self.state = state
            self.words = words
            self.instead = instead
            self.place = place
            self.time = time
        }
    }

    /// Where the words come from.
    public var source: Source
    /// Which stretch of speech an alternative is for: of those of one stretch, only one can be right.
    public var stretch: Int
    /// How probable the recogniser finds it, 0...1; nil for what it wrote.
    public var probability: Double?
    /// The key points that something else would become of, in their order.
    public var outcomes: [Outcome]

    /// Creates another wording.
    public init(source: Source, stretch: Int = 0, probability: Double? = nil, outcomes: [Outcome]) {
        self.source = source
        self.stretch = stretch
        self.probability = probability
        self.outcomes = outcomes
    }
}
