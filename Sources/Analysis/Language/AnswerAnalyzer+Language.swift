// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAnalyzer {
    /// Adds which language a text is in, with the first words of each part as evidence.
    func addLanguage(_ choice: LanguageChoice, of words: [String], to list: inout MeasureList) {
        guard let identification = choice.identification else { return }
        guard identification.code != "und" else {
            return list.add(.languageProbability, na: "There is too little to tell the language from.")
        }
        list.add(
            .languageProbability, identification.probability,
            low: [identification.isReliable ? nil : "The words fit several languages.", choice.doubt],
            evidence: Self.passages(of: words, in: identification))
    }

    /// How many words of a passage are shown: its beginning says where it is.
    private static let shownWords = 6

    /// The first words of each passage, with its language. A text in one language is one passage.
    private static func passages(of words: [String], in identification: LanguageIdentification) -> [Evidence] {
        guard !words.isEmpty else { return [] }
        guard identification.shares.count > 1, !identification.passages.isEmpty else {
            return [Evidence(words: 0..<min(words.count, shownWords), note: identification.code)]
        }
        // The passages count bytes, which the words of a typed text don't keep: both are walked by their share of the
        // text, which is exact for transcripts and near enough elsewhere.
        let total = Double(identification.passages.map(\.bytes.upperBound).max() ?? 1)
        let length = Double(words.reduce(0) { $0 + $1.utf8.count + 1 })
        var evidence: [Evidence] = []
        var next = 0
        var end = 0.0
        for passage in identification.passages {
            let start = next
            let limit = Double(passage.bytes.upperBound) / total * length
            while next < words.count, end + Double(words[next].utf8.count) / 2 < limit {
                end += Double(words[next].utf8.count + 1)
                next += 1
            }
            guard next > start else { continue }
            if evidence.last?.note != passage.code {
                evidence.append(Evidence(words: start..<min(next, start + shownWords), note: passage.code))
            }
        }
        return evidence
    }
}
