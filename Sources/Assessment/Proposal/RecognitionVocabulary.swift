// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis
public import Domain

/// The single terms of a question that a recogniser is told before it listens, so that it writes them as they are spelt.
///
/// Terms only, never a sentence: a recogniser that is told the expected answer hears it in any audio. Which words are
/// ordinary is known in English; in other languages names of drugs, names and long words are taken.
struct RecognitionVocabulary {
    let reader: StatementReader

    /// About how many tokens of a recogniser the terms may have together. Whisper's decoder keeps 223 for what precedes a
    /// window; what was said before needs the rest.
    static let mostTokens = 100
    /// About how many there may be with those of the educator.
    static let mostTokensInAll = 150
    /// Words from this length on are seldom ordinary ones.
    private static let longWord = 9

    /// The terms of key points and expected answers: names of drugs first, then words that are in no dictionary of ordinary
    /// words and names, then long words; each group in the order in which they are written.
    func terms(of keyPoints: [KeyPoint], expected: [String]) -> [String] {
        var ranked: [[String]] = [[], [], []]
        var seen = Set<String>()
        for text in keyPoints.flatMap(Self.texts) + expected {
            for (term, rank) in terms(in: text) where seen.insert(term.lowercased()).inserted {
                ranked[rank].append(term)
            }
        }
        return Self.bounded(ranked.flatMap { $0 }, to: Self.mostTokens)
    }

    private static func texts(of keyPoint: KeyPoint) -> [String] {
        [keyPoint.label] + keyPoint.phrases + keyPoint.concepts.flatMap { $0 } + keyPoint.numbers.compactMap(\.role)
    }

    private func terms(in written: String) -> [(term: String, rank: Int)] {
        let text = AnswerText(KeyPointProposer.withoutMarks(written), language: reader.language)
        var found: [(term: String, rank: Int)] = []
        for statement in reader.statements(of: text) {
            for item in statement.items where !item.isStop {
                let term = text.written(item.tokens)
                guard term.count > 2, term.contains(where: \.isLetter), !term.contains(where: \.isNewline) else {
                    continue
                }
                let isName = item.tokens.lowerBound > statement.tokens.lowerBound && term.first?.isUppercase == true
                if item.drug != nil || item.family != nil {
                    found.append((term.lowercased() == item.word ? item.word : term, 0))
                } else if isName {
                    found.append((term, 1))
                } else if reader.language == "en", item.tokens.count == 1, !reader.knowledge.isOrdinary(item.word) {
                    found.append((item.word, 1))
                } else if item.tokens.count == 1, item.word.count >= Self.longWord {
                    found.append((item.word, 2))
                }
            }
        }
        return found
    }

    /// The first terms that fit.
    static func bounded(_ terms: [String], to most: Int) -> [String] {
        var rest = most
        return Array(
            terms.prefix { term in
                rest -= tokens(of: term)
                return rest >= 0
            })
    }

    /// About how many tokens a term is, with the comma behind it: rare words are cut into pieces of three or four letters.
    static func tokens(of term: String) -> Int { (term.utf8.count + 2) / 3 + 1 }
}

/// The words of a question that a recogniser is told.
public struct QuestionVocabulary: Sendable, Hashable {
    /// Those that an educator wrote.
    public var own: [String]
    /// Those that follow from the key points and the expected answers.
    public var derived: [String]

    /// All of them, the educator's first, as many as a recogniser takes.
    public var terms: [String] {
        let names = Set(own.map { $0.lowercased() })
        return RecognitionVocabulary.bounded(
            own + derived.filter { !names.contains($0.lowercased()) }, to: RecognitionVocabulary.mostTokensInAll)
    }
}

extension Assessor {
    /// The words of a question that a recogniser is told before it listens to an answer.
    public func vocabulary(of question: QuestionVersion) -> QuestionVocabulary {
        let language = question.language ?? question.languages.first?.language
        let reader = StatementReader(knowledge: knowledge, language: Self.primary(language))
        return QuestionVocabulary(
            own: question.vocabulary,
            derived: RecognitionVocabulary(reader: reader).terms(
                of: question.keyPoints.filter { !$0.isRetired }, expected: question.expectedAnswers))
    }
}
