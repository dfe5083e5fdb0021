// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a recogniser considered beside what it wrote for one stretch of speech.
public struct HeardAlternatives: Sendable, Hashable {
    /// Other words in the place of some that were written.
    public struct Change: Sendable, Hashable {
        /// The words that were written, as positions in the recogniser's transcript; empty where others come in between.
        public var words: Range<Int>
        /// The words instead; empty where nothing is said.
        public var text: [String]

        /// Creates a change.
        public init(words: Range<Int>, text: [String]) {
            self.words = words
            self.text = text
        }
    }

    /// Another text of the stretch, as changes to what was written.
    public struct Reading: Sendable, Hashable {
        /// How probable it is if one of the texts that were considered is right, 0...1.
        public var probability: Double
        /// Where it differs in more than case and punctuation, in order; never empty.
        public var changes: [Change]

        /// Creates a reading.
        public init(probability: Double, changes: [Change]) {
            self.probability = probability
            self.changes = changes
        }
    }

    /// The other texts, the most probable first. What is left of the probability is that of what was written.
    public var readings: [Reading]

    /// Creates a list.
    public init(readings: [Reading]) { self.readings = readings }

    /// The least probability of a reading that is kept.
    public static let leastProbability = 0.01
    /// The most readings of one transcript that are kept, the most probable ones.
    public static let most = 200
    /// The most bytes of other words that a reading may have: longer ones are another text, not another wording.
    public static let longest = 400

    /// What a recogniser considered for a stretch.
    ///
    /// Texts that differ from what was written in case and punctuation only stand for it.
    ///
    /// - Parameters:
    ///   - texts: The words of each text with its probability; what was written is the first.
    ///   - start: The position of the first word of the stretch in the transcript.
    public init(texts: [(words: [String], probability: Double)], from start: Int) {
        func key(_ word: String) -> String { TextNormalization.words(of: word).joined(separator: " ") }
        var readings: [Reading] = []
        var places: [[String]: Int] = [:]
        let written = texts.first.map { $0.words.map(key) } ?? []
        for (words, probability) in texts.dropFirst() where probability.isFinite {
            let keys = words.map(key)
            if let place = places[keys] {
                readings[place].probability += probability
                continue
            }
            let changes = Self.changes(from: written, to: keys, words, start)
            guard !changes.isEmpty, changes.reduce(0, { $0 + $1.text.reduce(0) { $0 + $1.utf8.count } }) <= Self.longest
            else { continue }
            places[keys] = readings.count
            readings.append(Reading(probability: probability, changes: changes))
        }
        self.readings = readings.filter { $0.probability >= Self.leastProbability }
            .enumerated().sorted { ($1.element.probability, $0.offset) < ($0.element.probability, $1.offset) }
            .map(\.element)
    }

    private static func changes(
        from written: [String], to keys: [String], _ words: [String], _ start: Int
    ) -> [Change] {
        var changes: [Change] = []
        for run in WordAlignment(reference: written, hypothesis: keys).runs where run.operation != .equal {
            let place = (run.reference.lowerBound + start)..<(run.reference.upperBound + start)
            let text = Array(words[run.hypothesis])
            if let last = changes.last, last.words.upperBound == place.lowerBound {
                changes[changes.count - 1].words = last.words.lowerBound..<place.upperBound
                changes[changes.count - 1].text += text
            } else {
                changes.append(Change(words: place, text: text))
            }
        }
        return changes
    }
}

extension [HeardAlternatives] {
    /// As many as are kept of one transcript; stretches of which nothing is kept are gone.
    public var bounded: [HeardAlternatives] {
        let all = enumerated().flatMap { stretch, list in list.readings.map { (stretch, $0.probability) } }
        guard all.count > HeardAlternatives.most else { return filter { !$0.readings.isEmpty } }
        let order = all.indices.sorted { (all[$1].1, $0) < (all[$0].1, $1) }
        var counts = [Int](repeating: 0, count: count)
        // Readings of a stretch are in the order of their probabilities, so that the first ones of each are the kept ones.
        for index in order.prefix(HeardAlternatives.most) { counts[all[index].0] += 1 }
        return zip(self, counts).compactMap { list, count in
            count > 0 ? HeardAlternatives(readings: list.readings.prefix(count).map(\.self)) : nil
        }
    }
}
