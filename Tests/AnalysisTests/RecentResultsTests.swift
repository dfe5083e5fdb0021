// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import TestRandom
import Testing
import TextEncoders

@testable import Analysis

@Suite("Recent results")
struct RecentResultsTests {
    private struct Refusal: Error {}

    @Test func `makes only what is not remembered, each text once`() {
        let recent = RecentResults<Int>(capacity: 8)
        var asked: [[String]] = []
        func lengths(_ texts: [String]) -> [Int] {
            recent.results(of: texts) { missing in
                asked.append(missing)
                return missing.map(\.count)
            }
        }
        #expect(lengths(["a", "bb", "a"]) == [1, 2, 1])
        #expect(lengths(["bb", "ccc", "a"]) == [2, 3, 1])
        #expect(lengths(["a"]) == [1])
        #expect(lengths([]) == [])
        #expect(asked == [["a", "bb"], ["ccc"]])
    }

    @Test func `forgets what was not asked for lately`() {
        let recent = RecentResults<Int>(capacity: 32, longestText: 5)
        var made: [String] = []
        func ask(_ texts: [String]) -> [Int] {
            recent.results(of: texts) { missing in
                made += missing
                return missing.map(\.count)
            }
        }
        var random = SplitMix(seed: 3)
        for _ in 0..<500 {
            let texts = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                "\(Int.random(in: 0..<200, using: &random))"
            }
            #expect(ask(texts + ["often"]) == texts.map(\.count) + [5])
        }
        #expect(made.count { $0 == "often" } == 1)
        #expect(made.count > 200)
        made = []
        // Too long to be remembered.
        #expect(ask(["longer", "longer"]) == [6, 6])
        #expect(ask(["longer"]) == [6])
        #expect(made == ["longer", "longer"])
    }

    @Test func `keeps no more than its capacity, by what results weigh`() {
        let recent = RecentResults<Int>(capacity: 80) { $0 }
        var made: [String] = []
        func ask(_ texts: [String]) {
            _ = recent.results(of: texts) { missing in
                made += missing
                return missing.map { $0.utf8.count }
            }
        }
        let texts = (0..<20).map { String(repeating: "x", count: 5) + String(UnicodeScalar(UInt8(65 + $0))) }
        ask(texts)
        made = []
        // The last eighty: 13 of six, at most.
        ask(texts.reversed())
        #expect((7...14).contains(made.count))
        made = []
        ask(["more than ten"])
        ask(["more than ten"])
        #expect(made.count == 2)
    }

    @Test func `remembers nothing of a failure`() throws {
        let recent = RecentResults<Int>()
        #expect(throws: Refusal.self) {
            try recent.results(of: ["a"]) { _ throws(Refusal) in throw Refusal() }
        }
        #expect(recent.results(of: ["a"]) { $0.map(\.count) } == [1])
    }

    @Test func `an answer that was edited has the measures that it has alone`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let folder = root.appending(path: "Tests/Fixtures/encoders/bert").standardizedFileURL.path
        func analyzer() throws -> AnswerAnalyzer {
            try AnswerAnalyzer(
                embedders: [
                    SentenceEmbedder(
                        model: LazyTextEncoder(name: "model", digest: "0123456789abcdef", languages: ["en"]) {
                            () throws(TextEncoderError) in try TextEncoder(.init(folder: folder))
                        })
                ])
        }
        let expected = ExpectedAnswer(text: "Take one tablet with food. Ask your doctor.")
        let used = try analyzer()
        var random = SplitMix(seed: 9)
        let sentences = [
            "Take one tablet.", "Take it with food!", "She takes warfarin.", "Then wait.", "Is that clear?",
            "I would ask about allergies and other medicines that she takes.",
        ]
        for _ in 0..<20 {
            let text = (0..<5).compactMap { _ in sentences.randomElement(using: &random) }.joined(separator: " ")
            // To the last bit, or results could not be made again.
            #expect(
                used.measures(of: text, language: "en", expected: expected)
                    == (try analyzer().measures(of: text, language: "en", expected: expected)))
        }
    }
}
