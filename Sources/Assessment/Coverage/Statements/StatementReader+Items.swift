// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

extension StatementReader {
    func items(
        in range: Range<Int>, _ text: AnswerText, _ numbers: [Int: Int], _ drugs: [Int: DrugName], _ cues: Set<Int>,
        sign: (Int) -> Int
    ) -> [Item] {
        let stems = text.stems
        var items: [Item] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if let end = numbers[index] {
                index = max(end, index + 1)
                continue
            }
            let token = text.tokens[index]
            if let drug = drugs[index] {
                items.append(
                    Item(
                        stem: drug.drug ?? drug.family ?? token.stem, senses: drug.senses(thesaurus, index, stems),
                        drug: drug.drug, family: drug.family, isRespelled: drug.isRespelled,
                        sign: sign(index), weight: 2, tokens: index..<drug.end, word: token.word))
                index = max(drug.end, index + 1)
                continue
            }
            guard token.kind != .sign else {
                index += 1
                continue
            }
            // "takes two to four weeks" is not "take two".
            let reach = (index + 1..<max(index + 1, range.upperBound)).first { numbers[$0] != nil } ?? range.upperBound
            let all = thesaurus.senses(at: index, in: stems).filter { $0.end <= reach }
            let longest = all.map(\.end).max() ?? index + 1
            var senses = all.filter { $0.end == longest || $0.sense.isDirectional }.map(\.sense)
            // "the same time" has "same" in it, whose opposite may be said.
            if longest > index + 1, token.word != "not", token.word != "no", token.word != "without" {
                for place in (index + 1)..<longest {
                    senses += thesaurus.senses(at: place, in: stems).filter {
                        let group = $0.sense.group
                        return $0.end <= longest && $0.sense.isDirectional
                            && !senses.contains { $0.group == group }
                    }.map(\.sense)
                }
            }
            var hasParticle = false
            if longest == index + 1, language == "en", let particle = particle(at: index, range, text) {
                let pair = [token.stem, text.tokens[particle].stem]
                let parted = thesaurus.senses(at: 0, in: pair).filter { $0.end == 2 }.map(\.sense)
                senses += parted
                hasParticle = !parted.isEmpty
            }
            let isPhrase = longest > index + 1
            let isSmall = self.cues.functionWords.contains(token.word) || (cues.contains(index) && !isPhrase)
            if token.word == "more" || token.word == "less", index > 0, text.tokens[index - 1].word == "the",
                index == range.lowerBound + 1
            {
                // "the more you eat, the weaker it gets": the first only says with what the second goes.
                index += 1
                continue
            }
            if isSmall, !isPhrase, !hasParticle {
                let directional = senses.filter { $0.isDirectional }
                if !directional.isEmpty, !cues.contains(index) {
                    items.append(
                        Item(
                            stem: token.stem, senses: directional, sign: sign(index), weight: 0.4,
                            tokens: index..<(index + 1),
                            word: token.word))
                }
                index += 1
                continue
            }
            if token.kind == .number, !isPhrase, senses.isEmpty {
                index += 1
                continue
            }
            let sounds = language == "en" && !isPhrase && token.word.utf8.count >= 4
            let stem = isPhrase ? stems[index..<longest].joined(separator: " ") : token.stem
            items.append(
                Item(
                    stem: stem, senses: senses, sign: sign(index),
                    weight: Self.weak.contains(stem) ? 0.5 : isPhrase ? 1.2 : 1,
                    tokens: index..<longest, word: token.word, sound: sounds ? PhoneticKey.of(token.word) : [],
                    isKnown: !sounds || !knowledge.hasDictionary || knowledge.isOrdinary(token.word)))
            index = longest
        }
        return items
    }

    /// Words that say little by themselves in any answer.
    static let weak: Set<String> = [
        "dose", "medicin", "tablet", "day", "week", "level", "us", "first", "second", "big", "small", "new", "feel",
        "symptom", "ill", "sign",
        "immediat", "urgent", "prompt", "quick", "least", "full", "two", "one", "different", "half", "hour", "minut",
        "bottl", "side", "norm",
    ]
}
