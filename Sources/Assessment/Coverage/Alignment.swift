// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// Which items of an answer stand for which of a key point.
enum Alignment {
    /// How an item of an answer relates to one that is looked for; nil where it does not.
    ///
    /// - Parameter isTolerant: Whether words that only sound like it count.
    static func relation(
        _ wanted: Item, _ said: Item, _ thesaurus: Thesaurus, isTolerant: Bool
    ) -> (relation: Item.Relation, isRespelled: Bool)? {
        if wanted.isStop || said.isStop {
            guard wanted.isStop, said.isStop else { return nil }
            let isSame = wanted.senses.first?.isOpposite == said.senses.first?.isOpposite
            return (isSame ? .same : .opposite, false)
        }
        if let drug = wanted.drug {
            if let other = said.drug {
                if drug == other { return (.same, said.isRespelled) }
                // "penicillin" stands for its family.
                if let family = wanted.family, family != "antibiotic", DrugNames.families(of: other).contains(family) {
                    return (.same, said.isRespelled)
                }
                return nil
            }
            if let family = said.family, said.drug == nil, family != "penicillin", family != "antibiotic",
                DrugNames.families(of: drug).contains(family)
            {
                return (.same, false)
            }
        } else if let family = wanted.family {
            if said.family == family { return (.same, false) }
            if let other = said.drug, DrugNames.families(of: other).contains(family) {
                return (.same, said.isRespelled)
            }
        }
        if wanted.stem == said.stem { return (.same, false) }
        var opposite = false
        for sense in wanted.senses {
            for other in said.senses where other.group == sense.group {
                if other.isOpposite == sense.isOpposite { return (.same, false) }
                opposite = true
            }
        }
        if opposite || isPrefixed(wanted.stem, said.stem) || isPrefixed(said.stem, wanted.stem) {
            return (.opposite, false)
        }
        if soundsAlike(wanted, said, isTolerant: isTolerant) { return (.same, true) }
        return nil
    }

    /// "disconnect" is the opposite of "connect".
    private static func isPrefixed(_ long: String, _ short: String) -> Bool {
        // What stands before it has two letters or three.
        guard short.utf8.count >= 4, (2...3).contains(long.utf8.count - short.utf8.count), long.hasSuffix(short) else {
            return false
        }
        return ["un", "dis", "in", "im", "ir", "non", "de"].contains(String(long.dropLast(short.count)))
    }

    /// Whether a word that is in no dictionary sounds like the one that is looked for, or one that is sounds the same.
    private static func soundsAlike(_ wanted: Item, _ said: Item, isTolerant: Bool) -> Bool {
        guard isTolerant, wanted.sound.count >= 4, !said.sound.isEmpty, wanted.word.utf8.count >= 5,
            said.word.utf8.count >= 4
        else {
            return false
        }
        if said.isKnown {
            return wanted.word.utf8.count >= 6 && wanted.sound == said.sound && wanted.word.first == said.word.first
        }
        return EditDistance.between(wanted.sound, said.sound, limit: max(1, wanted.sound.count / 5)) != nil
            && EditDistance.between(
                Array(wanted.word.utf8), Array(said.word.utf8), limit: max(1, wanted.word.utf8.count / 3))
                != nil
    }
}

/// What a clause of an answer has of a clause of a key point.
struct ClauseAlignment: Sendable {
    /// A pair of items.
    struct Pair: Sendable {
        var wanted: Item
        var said: Item
        var isOpposite: Bool
        /// Whether both have the sign that their relation asks for.
        var agrees: Bool
    }

    var pairs: [Pair]
    var clause: Clause
    /// Whether another clause makes the same statement plainly and with the right sign.
    var agreesElsewhere = false
    /// Whether another clause says it by the opposite of its opposite.
    var isPivotedElsewhere = false

    /// How much of the key point's clause is named.
    var weight: Double { pairs.reduce(0) { $0 + $1.wanted.weight } }
    /// How much of it with the wrong sign.
    var conflict: Double { pairs.reduce(0) { $0 + ($1.agrees ? 0 : $1.wanted.weight) } }
}
