// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestRandom
import Testing
import Tokenizers

@testable import Analysis
@testable import TextEncoders

@Suite("Token states")
struct TokenStatesTests {
    /// Widths that are a multiple of the sixteen numbers that are added side by side, and that are not.
    @Test(arguments: [4, 16, 38, 384])
    func `finds for each word the closest one of another sentence, as double loops do`(width: Int) {
        var random = SplitMix(seed: UInt64(width))
        let (first, second) = (Self.text(5, width, &random), Self.text(9, width, &random))
        let nearest = TokenStates(first, of: "").nearest(TokenStates(second, of: ""))
        func cosine(_ i: Int, _ j: Int) -> Double {
            let a = first.states[i * width..<(i + 1) * width].map(Double.init)
            let b = second.states[j * width..<(j + 1) * width].map(Double.init)
            func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
            return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
        }
        for i in 0..<5 { #expect(abs(Double(nearest.own[i]) - (0..<9).map { cosine(i, $0) }.max()!) < 1e-5) }
        for j in 0..<9 { #expect(abs(Double(nearest.other[j]) - (0..<5).map { cosine($0, j) }.max()!) < 1e-5) }
    }

    @Test func `find nothing in a sentence without words, or of another model`() {
        var random = SplitMix(seed: 1)
        let states = TokenStates(Self.text(3, 16, &random), of: "")
        #expect(states.nearest(TokenStates(Self.text(0, 16, &random), of: "")).own == [-1, -1, -1])
        #expect(states.nearest(TokenStates(Self.text(2, 8, &random), of: "")).own == [-1, -1, -1])
    }

    @Test func `weigh words that only hold a sentence together little`() {
        var text = TextEncoder.EncodedText(tokens: TokenizedText(), states: [1, 0, 0, 1], vector: [])
        text.tokens.ids = [1, 2]
        text.tokens.offsets = [0..<3, 4..<12]
        text.tokens.continues = [false, false]
        let states = TokenStates(text, of: "the warfarin")
        #expect(abs(states.share([0, 1]) - 1 / 1.15) < 1e-9)
        #expect(abs(states.share([1, 0], discount: [1, 0.5]) - 0.15 / 0.65) < 1e-9)
    }

    private static func text(_ count: Int, _ width: Int, _ random: inout SplitMix) -> TextEncoder.EncodedText {
        var tokens = TokenizedText()
        tokens.ids = Array(0..<count)
        tokens.offsets = Array(repeating: 0..<0, count: count)
        tokens.continues = Array(repeating: false, count: count)
        return TextEncoder.EncodedText(
            tokens: tokens, states: (0..<count * width).map { _ in Float.random(in: -1...1, using: &random) },
            vector: [])
    }
}
