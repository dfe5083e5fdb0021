// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Analysis

@Suite struct TFIDFTests {
    static let bank = [
        "the patient takes warfarin", "avoid ibuprofen with warfarin", "recommend paracetamol for pain",
    ].map { $0.split(separator: " ").map(String.init) }

    @Test func `has the golden values`() throws {
        let tfidf = TFIDF(bank: Self.bank)
        #expect(abs(try #require(tfidf.cosine(Self.bank[0], Self.bank[1])) - 0.161636) < 0.0000005)
        #expect(tfidf.cosine(Self.bank[0], Self.bank[2]) == 0)
    }

    @Test func `an answer is like itself, and the order of two answers does not matter`() throws {
        let tfidf = TFIDF(bank: Self.bank)
        for answer in Self.bank {
            #expect(abs(try #require(tfidf.cosine(answer, answer)) - 1) < 1e-12)
        }
        #expect(tfidf.cosine(Self.bank[0], Self.bank[1]) == tfidf.cosine(Self.bank[1], Self.bank[0]))
    }

    @Test func `an answer without terms is like nothing`() {
        let tfidf = TFIDF(bank: Self.bank)
        #expect(tfidf.cosine([], Self.bank[0]) == nil)
        #expect(tfidf.cosine(Self.bank[0], []) == nil)
    }
}
