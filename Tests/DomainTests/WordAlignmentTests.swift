// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing

@testable import Domain

@Suite("Word alignment")
struct WordAlignmentTests {
    @Test func `names what became of each word`() {
        let alignment = WordAlignment(
            reference: "avoid ibuprofen because she takes warfarin".components,
            hypothesis: "avoid i profen because she take warfarin".components)
        #expect(alignment.count(of: .equal) == 4)
        #expect(alignment.count(of: .substitute) == 2)
        #expect(alignment.count(of: .insert) == 1)
        #expect(alignment.count(of: .delete) == 0)
        #expect(alignment.runs.last?.operation == .equal)
        #expect(alignment.runs.last?.reference == 5..<6)
        #expect(alignment.runs.last?.hypothesis == 6..<7)
    }

    @Test func `aligns empty texts`() {
        #expect(WordAlignment(reference: [], hypothesis: []).runs.isEmpty)
        #expect(WordAlignment(reference: ["a"], hypothesis: []).runs.map(\.operation) == [.delete])
        #expect(WordAlignment(reference: [], hypothesis: ["a", "b"]).count(of: .insert) == 2)
    }

    /// Plain dynamic programming, the definition itself.
    private func distance(_ a: [Int], _ b: [Int]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }

    @Test(arguments: [UInt64](1...60)) func `finds a shortest path, split or whole`(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        // Few symbols make dense masks and many equal paths, many symbols make sparse ones; lengths cross blocks of 64.
        let symbols = [2, 5, 40, 1000][Int(seed % 4)]
        let source = (0..<Int.random(in: 0...210, using: &generator)).map { _ in
            Int.random(in: 0..<symbols, using: &generator)
        }
        var target = source
        if seed % 3 == 0 {
            target = (0..<Int.random(in: 0...210, using: &generator)).map { _ in
                Int.random(in: 0..<symbols, using: &generator)
            }
        } else {
            for _ in 0..<Int.random(in: 0...30, using: &generator) {
                let place = Int.random(in: 0...target.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: target.insert(Int.random(in: 0..<symbols, using: &generator), at: place)
                case 1 where place < target.count: target.remove(at: place)
                case 2 where place < target.count: target[place] = Int.random(in: 0..<symbols, using: &generator)
                default: break
                }
            }
        }
        let expected = distance(source, target)
        for limit in [EditPath.matrixLimit, 4096, 0] {
            let steps = EditPath.steps(from: source, to: target, matrixLimit: limit)
            var place = (source: 0, target: 0)
            var cost = 0
            for step in steps {
                let isEqual =
                    step != .insert && step != .delete && source[place.source] == target[place.target]
                #expect((step == .equal) == isEqual, "seed \(seed), limit \(limit)")
                if step != .equal { cost += 1 }
                if step != .insert { place.source += 1 }
                if step != .delete { place.target += 1 }
            }
            #expect(place == (source.count, target.count), "seed \(seed), limit \(limit)")
            #expect(cost == expected, "seed \(seed), limit \(limit)")
        }
    }

    @Test func `runs cover both texts in order and alternate`() {
        var generator = SplitMix(seed: 7)
        let words = ["the", "a", "pain", "dose", "she", "takes"]
        let reference = (0..<300).map { _ in words.randomElement(using: &generator) ?? "" }
        let hypothesis = (0..<280).map { _ in words.randomElement(using: &generator) ?? "" }
        let runs = WordAlignment(reference: reference, hypothesis: hypothesis).runs
        var place = (reference: 0, hypothesis: 0)
        var previous: WordAlignment.Operation?
        for run in runs {
            #expect(run.reference.lowerBound == place.reference)
            #expect(run.hypothesis.lowerBound == place.hypothesis)
            #expect(run.operation != previous)
            place = (run.reference.upperBound, run.hypothesis.upperBound)
            previous = run.operation
        }
        #expect(place == (300, 280))
    }
}

extension String {
    /// What stands between single spaces.
    var components: [String] { split(separator: " ").map(String.init) }
}
