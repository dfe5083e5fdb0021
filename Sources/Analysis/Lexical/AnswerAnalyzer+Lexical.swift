// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

extension AnswerAnalyzer {
    /// Adds the measures of vocabulary.
    func addLexical(
        of text: SpokenText, _ counted: CountedWords, _ language: TextLanguage, to list: inout MeasureList
    ) {
        let words = counted.words
        let count = words.count
        let diversity: [MeasureDescriptor] = [.typeTokenRatio, .guiraud, .mattr, .mtld, .hdd]
        let others: [MeasureDescriptor] = [.lexicalDensity, .wordLength, .connectives, .hedges, .certainty]
        guard count > 0 else { return list.add(diversity + others, na: "There are no words.") }

        let tooFew = "There are fewer than \(Self.fewestWords) words."
        let few = count < Self.enoughWords ? "There are fewer than \(Self.enoughWords) words." : nil
        if count < Self.fewestWords {
            list.add(diversity, na: tooFew)
        } else {
            let types = Self.types(words)
            list.add(.typeTokenRatio, types.typeTokenRatio, low: [few])
            list.add(.guiraud, types.guiraud, low: [few])
            list.add(.mattr, types.movingAverage(window: 50), orNA: "There are fewer than 50 words.", low: [few])
            list.add(.mtld, types.mtld, orNA: "No word is repeated, so there is no end to measure to.", low: [few])
            list.add(.hdd, types.hdd, orNA: "There are fewer than 42 words.", low: [few])
        }

        let rules = LanguageRules.of(language)
        if let functionWords = rules.functionWords, count >= Self.fewestWords {
            let content = words.count { !functionWords.contains($0.hash) }
            list.add(.lexicalDensity, Double(content) / Double(count), low: [few])
        } else {
            list.add(.lexicalDensity, na: rules.functionWords == nil ? Self.noLists(language) : tooFew)
        }
        if language.hasSpaces {
            let short = count < Self.fewestWords ? tooFew : nil
            list.add(.wordLength, Double(counted.counts.letters) / Double(count), low: [short])
        } else {
            list.add(.wordLength, na: "Words of a language written without spaces are not comparable.")
        }
        guard let markers = rules.markers else {
            return list.add([.connectives, .hedges, .certainty], na: Self.noLists(language))
        }
        guard count >= Self.fewestWords else { return list.add([.connectives, .hedges, .certainty], na: tooFew) }
        addMarkers(markers, words, low: few, to: &list)
    }

    private static func noLists(_ language: TextLanguage) -> String {
        language == .unknown
            ? "The language is not known." : "There are no word lists for this language."
    }

    /// Numbers the different words.
    private static func types(_ words: [SpokenWord]) -> LexicalDiversity {
        var index = HashIndex(capacity: min(words.count, 1_024))
        var next: Int32 = 0
        let types = words.map { word -> Int32 in
            let number = index.number(of: word.hash, orInsert: next)
            if number == next { next += 1 }
            return number
        }
        return LexicalDiversity(types: types, typeCount: Int(next))
    }

    private func addMarkers(
        _ markers: PhraseIndex, _ words: [SpokenWord], low few: String?, to list: inout MeasureList
    ) {
        let kinds = EnglishLexicon.connectives.map(\.kind)
        var connectives: [Evidence] = []
        var hedges: [Evidence] = []
        var certainty: [Evidence] = []
        for match in markers.matches(in: words) {
            let first = Int(words[match.words.lowerBound].position)
            let last = Int(words[match.words.upperBound - 1].position)
            let place = first..<(last + 1)
            if match.list < kinds.count {
                connectives.append(Evidence(words: place, note: kinds[match.list]))
            } else if match.list == kinds.count {
                hedges.append(Evidence(words: place))
            } else {
                certainty.append(Evidence(words: place))
            }
        }
        let hundreds = Double(words.count) / 100
        list.add(.connectives, Double(connectives.count) / hundreds, low: [few], evidence: connectives)
        list.add(.hedges, Double(hedges.count) / hundreds, low: [few], evidence: hedges)
        list.add(.certainty, Double(certainty.count) / hundreds, low: [few], evidence: certainty)
    }
}
