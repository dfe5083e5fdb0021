// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Analysis

@Suite struct LexicalDiversityTests {
    /// 50 words, made for the golden values.
    static let sample = diversity(
        "a b c d e a b f g a h b i c a j k b a l c d m a b n o p a q b c r s a t u b v a w b x a c y a b z a")

    static func diversity(_ text: String) -> LexicalDiversity {
        var numbers: [Substring: Int32] = [:]
        let types = text.split(separator: " ").map { word -> Int32 in
            let next = Int32(numbers.count)
            return numbers[word, default: next].also { numbers[word] = $0 }
        }
        return LexicalDiversity(types: types, typeCount: numbers.count)
    }

    @Test func `has the golden values`() throws {
        let sample = Self.sample
        #expect(sample.types.count == 50)
        #expect(abs(sample.typeTokenRatio - 0.52) < 0.00005)
        #expect(abs(sample.guiraud - 3.6770) < 0.00005)
        #expect(abs(try #require(sample.movingAverage(window: 25)).mean - 0.64) < 0.00005)
        let lengths = try #require(sample.mtldLengths)
        #expect(abs(lengths.forward - 12.8440) < 0.00005)
        #expect(abs(lengths.backward - 13.1799) < 0.00005)
        #expect(abs((lengths.forward + lengths.backward) / 2 - 13.0120) < 0.00005)
        #expect(abs(try #require(sample.hdd) - 0.534693) < 0.0000005)
    }

    @Test func `has no value where the text is too short`() {
        let short = Self.diversity("a b c a")
        #expect(short.movingAverage(window: 5)?.mean == nil)
        #expect(short.hdd == nil)
        #expect(Self.diversity("a b c d").mtldLengths == nil)
    }

    @Test func `the moving average of one window is the ratio of the text`() throws {
        let sample = Self.sample
        #expect(try #require(sample.movingAverage(window: 50)).mean == sample.typeTokenRatio)
    }

    @Test func `a draw of the whole text finds every type`() throws {
        let text = Self.diversity((0..<42).map { "w\($0 % 20)" }.joined(separator: " "))
        #expect(abs(try #require(text.hdd) - 20.0 / 42) < 1e-12)
    }
}

extension Int32 {
    fileprivate func also(_ body: (Int32) -> Void) -> Int32 {
        body(self)
        return self
    }
}
