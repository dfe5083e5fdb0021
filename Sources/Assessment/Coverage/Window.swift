// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One or two neighbouring sentences of an answer, as they are held against a key point.
struct Window: Sendable {
    /// The sentences, as indices.
    var sentences: Range<Int>
    /// The clauses in order.
    var clauses: [Clause]
    /// The quantities, but for those that are denied.
    var quantities: [(quantity: Quantity, clause: Int)]
    /// Whether it is words without a sentence.
    var isWordList: Bool
    /// Where it is.
    var tokens: Range<Int>
    /// All items.
    let items: [Item]
    /// The drugs that are named.
    let drugs: Set<String>
    /// The stems of all items, those of phrases one by one.
    let stems: Set<String>

    /// The drug that a quantity is of: "400 mg of ibuprofen"; else the one that was named last.
    func drug(of tokens: Range<Int>) -> String? {
        let drugs = items.filter { $0.drug != nil }
        let own =
            drugs.first { (tokens.upperBound...(tokens.upperBound + 1)).contains($0.tokens.lowerBound) }
            ?? drugs.last { $0.tokens.lowerBound < tokens.lowerBound } ?? drugs.first
        return own?.drug
    }

    /// Joins sentences.
    init(_ sentences: Range<Int>, of statements: [Statement]) {
        self.sentences = sentences
        clauses = []
        quantities = []
        isWordList = false
        for index in sentences {
            let statement = statements[index]
            let offset = clauses.count
            clauses += statement.clauses
            for quantity in statement.quantities {
                let place =
                    statement.clauses.firstIndex { $0.tokens.contains(quantity.tokens.lowerBound) }
                    ?? max(0, statement.clauses.count - 1)
                quantities.append((quantity, offset + place))
            }
            isWordList = isWordList || statement.isWordList
        }
        tokens =
            statements[sentences.lowerBound].tokens.lowerBound..<statements[sentences.upperBound - 1].tokens.upperBound
        items = clauses.flatMap(\.items)
        drugs = Set(items.compactMap(\.drug))
        var stems = Set<String>()
        for item in items {
            if item.isPhrase {
                for stem in item.stem.split(separator: " ") { stems.insert(String(stem)) }
            } else {
                stems.insert(item.stem)
            }
        }
        self.stems = stems
    }
}
