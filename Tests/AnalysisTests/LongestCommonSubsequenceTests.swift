// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing

@testable import Analysis

@Suite struct LongestCommonSubsequenceTests {
    @Test func `finds the terms in common in their order`() throws {
        let first = Array("police killed the gunman".split(separator: " "))
        #expect(
            try #require(LongestCommonSubsequence(first, "police kill the gunman".split(separator: " "))).positions
                == [0, 2, 3])
        #expect(
            try #require(LongestCommonSubsequence(first, "the gunman kill police".split(separator: " "))).positions
                == [2, 3])
        #expect(try #require(LongestCommonSubsequence(first, [])).positions.isEmpty)
    }

    @Test func `refuses work without end`() {
        let long = [Int](repeating: 1, count: 5_000)
        #expect(LongestCommonSubsequence(long, long) == nil)
    }

    @Test func `is as long as an exhaustive search says`() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<200 {
            let first = (0..<Int.random(in: 0...9, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let second = (0..<Int.random(in: 0...9, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            let positions = try #require(LongestCommonSubsequence(first, second)).positions
            #expect(isSubsequence(positions.map { first[$0] }, of: second))
            #expect(positions.count == longest(first, second))
        }
    }

    private func isSubsequence(_ part: [Int], of whole: [Int]) -> Bool {
        var rest = whole[...]
        for term in part {
            guard let index = rest.firstIndex(of: term) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }

    /// Tries every choice of terms of the first.
    private func longest(_ first: [Int], _ second: [Int]) -> Int {
        (0..<(1 << first.count)).map { choice in
            let part = first.indices.filter { choice & (1 << $0) != 0 }.map { first[$0] }
            return isSubsequence(part, of: second) ? part.count : 0
        }.max() ?? 0
    }
}
