// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAnalyzer {
    /// Adds how sure the recogniser was.
    func addConfidence(of words: [Word], to list: inout MeasureList) {
        var sum = 0.0
        var count = 0
        var low: [Evidence] = []
        var lowCount = 0
        for (index, word) in words.enumerated() {
            guard let confidence = word.confidence, confidence.isFinite else { continue }
            sum += confidence
            count += 1
            guard confidence < configuration.lowConfidence else { continue }
            lowCount += 1
            if let last = low.last, last.words.upperBound == index {
                low[low.count - 1].words = last.words.lowerBound..<(index + 1)
            } else {
                low.append(Evidence(words: index..<(index + 1)))
            }
        }
        guard count > 0 else {
            let reason = words.isEmpty ? "There are no words." : "The recogniser doesn't say how sure it is."
            return list.add([.meanConfidence, .lowConfidence], na: reason)
        }
        let few = count < 10 ? "There are fewer than 10 words." : nil
        list.add(.meanConfidence, sum / Double(count), low: [few], basis: [.init("words", Double(count))])
        list.add(
            .lowConfidence, 100 * Double(lowCount) / Double(count), low: [few],
            basis: [.init("doubtful_words", Double(lowCount)), .init("words", Double(count))], evidence: low)
    }
}
