// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import Synchronization
import Testing
import TextEncoders

@testable import Analysis

@Suite("Similarity of meaning")
struct MeaningTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    /// Where scripts/bootstrap puts the model; nil where it was not to be had.
    static let miniLM: String? = {
        let folder = root.appending(path: ".models/all-MiniLM-L6-v2").standardizedFileURL.path
        return FileManager.default.fileExists(atPath: folder + "/model.safetensors") ? folder : nil
    }()

    private static func fixture(_ name: String) -> String {
        root.appending(path: "Tests/Fixtures/encoders/\(name)").standardizedFileURL.path
    }

    private static func analyzer(_ folder: String, languages: [String] = ["en"]) throws -> AnswerAnalyzer {
        try AnswerAnalyzer(
            embedders: [
                SentenceEmbedder(
                    model: LazyTextEncoder(name: "model", digest: "0123456789abcdef", languages: languages) {
                        () throws(TextEncoderError) in try TextEncoder(.init(folder: folder))
                    })
            ])
    }

    @Test(.enabled(if: miniLM != nil, "scripts/bootstrap could not fetch the model"))
    func `a paraphrase is closer than another subject, whatever the words`() throws {
        let analyzer = try Self.analyzer(#require(Self.miniLM))
        let expected = ExpectedAnswer(text: "Ibuprofen is not suitable because the patient takes warfarin.")
        func cosine(_ said: String) throws -> Double {
            let measure = analyzer.measures(of: said, language: "en", expected: expected)["embedding_cosine"]
            return try #require(measure?.value)
        }
        #expect(abs(try cosine(expected.text) - 1) < 1e-6)
        let paraphrase = try cosine("She is on a blood thinner, so I would avoid that painkiller.")
        let other = try cosine("The weather was lovely and we went for a walk by the sea.")
        #expect(paraphrase > other + 0.2)
        // Why it is no mark: the opposite is nearly as close.
        #expect(try cosine("Ibuprofen is suitable because the patient takes warfarin.") > 0.9)
    }

    @Test(.enabled(if: miniLM != nil, "scripts/bootstrap could not fetch the model"))
    func `fillers don't count, and the closest sentence is the evidence`() throws {
        let analyzer = try Self.analyzer(#require(Self.miniLM))
        let expected = ExpectedAnswer(text: "The patient takes warfarin every day.")
        func measure(_ said: String) throws -> Measure {
            try #require(
                analyzer.measures(
                    of: Samples.transcript(said), recordingDuration: nil, timeLimit: nil, expected: expected,
                    origin: .human)["embedding_cosine"])
        }
        let plain = try measure("I would ask her name. The patient takes warfarin every day.")
        let spoken = try measure("I would um ask her name. The the patient takes warfarin every day.")
        #expect(abs(try #require(plain.value) - (try #require(spoken.value))) < 1e-6)
        #expect(plain.evidence.map(\.words) == [5..<11])
    }

    @Test func `reads long texts in slices, and very long sentences alone`() throws {
        let short = String(repeating: "a", count: 1_000), long = String(repeating: "b", count: 17_000)
        #expect(SentenceReading.slices(of: []) == [])
        #expect(SentenceReading.slices(of: [short, long, short, short]) == [0..<1, 1..<2, 2..<4])
        #expect(SentenceReading.slices(of: [long, long]) == [0..<1, 1..<2])
        #expect(SentenceReading.slices(of: Array(repeating: short, count: 70)).map(\.count) == [32, 32, 6])
        #expect(SentenceReading.slices(of: Array(repeating: "a", count: 600)).map(\.count) == [512, 88])
        // The vector of a very long sentence is the one that it has among others.
        let analyzer = try Self.analyzer(Self.fixture("bert"))
        let words = (0..<4_000).map { "tablet \($0 % 50) with food" }.joined(separator: " ")
        let sentences = [words, "Take it."].map { WrittenSentence(text: $0, wordCount: 1, words: 0..<1) }
        let vectors = try analyzer.vectors(of: sentences, .english)
        #expect(try vectors == analyzer.readings(of: sentences.map(\.text), .english)?.map(\.vector))
    }

    @Test func `is not computed without a model that fits, and says why`() throws {
        let expected = ExpectedAnswer(text: "Take one tablet with food every day.")
        func reason(_ analyzer: AnswerAnalyzer, _ language: String?) throws -> String {
            let measure = try #require(
                analyzer.measures(of: "One pill a day.", language: language, expected: expected)["embedding_cosine"])
            #expect(measure.valid == .na && measure.value == nil)
            return try #require(measure.reason)
        }
        #expect(try reason(AnswerAnalyzer(), "en").contains("installed"))
        let broken = try Self.analyzer("/nowhere")
        #expect(try reason(broken, "de").contains("language"))
        #expect(try reason(broken, nil).contains("not known"))
        #expect(try reason(broken, "en").contains("/nowhere"))
        #expect(try reason(Self.analyzer("/nowhere", languages: []), nil).contains("/nowhere"))
        #expect(broken.measures(of: "One pill.", language: "en", expected: nil)["embedding_cosine"] == nil)
    }

    @Test func `the model is loaded once, and named in the engine`() throws {
        let loads = Mutex(0)
        let analyzer = try AnswerAnalyzer(
            embedders: [
                SentenceEmbedder(
                    model: LazyTextEncoder(name: "small", digest: "0123456789abcdef", languages: []) {
                        () throws(TextEncoderError) in
                        loads.withLock { $0 += 1 }
                        return try TextEncoder(.init(folder: Self.fixture("bert")))
                    })
            ])
        #expect(analyzer.engine.hasSuffix(" small@0123456789ab"))
        #expect(loads.withLock { $0 } == 0)
        for said in ["One tablet.", "", "病人每天服用。然后走了。"] {
            let expected = ExpectedAnswer(text: "Take one tablet with food.")
            let measures = analyzer.measures(of: said, language: "en", expected: expected)
            #expect((measures["embedding_cosine"]?.valid == .na) == said.isEmpty)
        }
        #expect(loads.withLock { $0 } == 1)
    }

    @Test func `gives the same numbers with vectors made beforehand`() throws {
        let folder = Self.root.appending(path: "Tests/Fixtures/encoders/bert").standardizedFileURL.path
        let analyzer = try Self.analyzer(folder)
        let texts = ["One tablet. Two tablets with food!", "", "The patient should not take it.", Samples.pharmacy]
        let prepared = analyzer.prepared(for: [
            TextsToRead(language: "en", answers: texts, sentences: ["Ask."]),
            TextsToRead(language: "de", answers: ["Eine Tablette"]),
        ])
        #expect(prepared.known.sentences.count == 12)
        #expect(prepared.engine == analyzer.engine)
        for text in texts {
            let expected = ExpectedAnswer(text: "Take one tablet with food.")
            let value = { (analyzer: AnswerAnalyzer) in
                analyzer.measures(of: text, language: "en", expected: expected)["embedding_cosine"]?.value
            }
            #expect(abs((value(prepared) ?? 2) - (value(analyzer) ?? 2)) < 1e-3)
        }
        let broken = try Self.analyzer("/nowhere")
        #expect(broken.prepared(for: [TextsToRead(language: "en", answers: ["One tablet."])]).known.sentences.isEmpty)
    }

    @Test func `sentences are cut where they end, of any length`() throws {
        let analyzer = try AnswerAnalyzer()
        let sentences = analyzer.writtenSentences(
            of: "Um, take one tablet.  Then wait!\nNo mark here", TextLanguage("en"))
        #expect(sentences.map(\.text) == ["take one tablet.", "Then wait!", "No mark here"])
        #expect(sentences.map(\.wordCount) == [3, 2, 3])
        #expect(analyzer.writtenSentences(of: " ... ", TextLanguage("en")).isEmpty)
    }
}
