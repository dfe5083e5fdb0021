// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import TestModels
import TestPrograms
import Testing

@testable import oracy

/// Checkpoints of Hugging Face's layout from their import to what an analysis says, with small ones of random weights
/// (Tests/Fixtures/encoders/golden.py).
@Suite("Installed models of texts")
struct TextModelsTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../Fixtures/encoders")
    private static let german = "Die Patientin nimmt jeden Tag eine Tablette mit etwas Wasser. Das ist gut für sie."
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A fixture with other labels, and whatever else makes it the model of a task.
    private func checkpoint(
        _ fixture: String, as name: String, labels: [String] = [], adding more: [String: String] = [:]
    ) throws -> String {
        var files: [String: [UInt8]] = [:]
        for file in ["config.json", "model.safetensors", "tokenizer.json"] {
            files[file] = [UInt8](try Data(contentsOf: Self.fixtures.appending(path: "\(fixture)/\(file)")))
        }
        if !labels.isEmpty {
            let stored = try #require(files["config.json"])
            var config = try #require(JSONValue(parsing: stored).object)
            var names = JSONObject()
            for (index, label) in labels.enumerated() { names["\(index)"] = .string(label) }
            config["id2label"] = .object(names)
            files["config.json"] = JSONValue.object(config).utf8
        }
        for (file, text) in more { files[file] = Array(text.utf8) }
        return try folder.write(files, to: name)
    }

    private func oracy(_ words: String..., input: String = "") throws -> ProgramRun {
        try .oracy(words, input: input, environment: ["ORACY_HOME": folder.path("home")])
    }

    private func install(_ path: String) throws {
        let result = try oracy("models", "import", path)
        #expect(result.status == 0, "\(result.errors)")
    }

    private func analyze(_ text: String, _ language: String = "de", expected: String? = nil) throws -> JSONValue {
        var line: JSONObject = ["text": .string(text), "language": .string(language)]
        line["expected"] = expected.map(JSONValue.string)
        return try JSONValue(parsing: try oracy("analyze", "--jsonl", input: JSONValue.object(line).text).output)
    }

    @Test(arguments: [["negative", "neutral", "positive"], ["Positive", "Neutral", "Negative"], []])
    func `A model of sentiment for all languages gives the tone of German`(labels: [String]) throws {
        try install(try checkpoint("xlm-roberta-classes", as: "judge", labels: labels))
        let tone = try #require(try analyze(Self.german)["sentiment"])
        #expect(tone["model"]?.string?.hasPrefix("judge@") == true, "\(tone.text)")
        #expect(tone["sentences"]?.array?.count == 2 && tone["unit"] == "sentence")
        // Nobody has measured how well an imported model tells the tone of a language.
        #expect(tone["valid"] == "low" && tone["validated"] == false)
        #expect(tone["reason"]?.string?.contains("judge tells the tone of this language has not been measured") == true)
        let score = try #require(tone["score"]?.double)
        #expect(abs(score) <= 1 && score != 0)
        let opposite = try checkpoint("xlm-roberta-classes", as: "turned", labels: ["positive", "neutral", "negative"])
        guard labels.first == "negative" else { return }
        _ = try oracy("models", "remove", "judge")
        try install(opposite)
        #expect(try analyze(Self.german)["sentiment"]?["score"]?.double == -score)
    }

    @Test func `A model for certain languages keeps to them`() throws {
        try install(
            try checkpoint("xlm-roberta-classes", as: "english", adding: ["README.md": "---\nlanguage: en\n---\n"]))
        let tone = try #require(try analyze(Self.german)["sentiment"])
        #expect(tone["label"] == "na" && tone["valid"] == "na" && tone["validated"] == .null)
        #expect(tone["reason"]?.string?.contains("does not know this language") == true)
        // Beside one for all languages each has its own.
        try install(try checkpoint("xlm-roberta-classes", as: "all"))
        #expect(try analyze(Self.german)["sentiment"]?["model"]?.string?.hasPrefix("all@") == true)
        #expect(
            try analyze("This is good.", "en")["sentiment"]?["model"]?.string?.hasPrefix("english@") == true)
    }

    @Test func `A model of names for all languages finds them in German`() throws {
        let labels = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
        try install(try checkpoint("xlm-roberta-tags", as: "names", labels: labels))
        let analysis = try analyze(Self.german)
        let entities = try #require(analysis["entities"]?.array)
        #expect(!entities.isEmpty, "\(analysis.text)")
        let scalars = Array(Self.german.unicodeScalars)
        for entity in entities {
            #expect(["PERSON", "ORG", "PLACE"].contains(entity["type"]?.string))
            let (start, end) = (Int(entity["start"]?.integer ?? -1), Int(entity["end"]?.integer ?? -1))
            try #require(0 <= start && start < end && end <= scalars.count)
            var found = String.UnicodeScalarView()
            found.append(contentsOf: scalars[start..<end])
            #expect(String(found) == entity["text"]?.string)
        }
        #expect(analysis["engine"]?.string?.contains(" names@") == true)
        #expect(analysis["entities_reason"]?.string?.contains("in English only") == true)
    }

    @Test func `A model of sentence vectors for all languages compares German answers`() throws {
        try install(
            try checkpoint(
                "xlm-roberta", as: "vectors",
                adding: [
                    "modules.json": """
                    [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
                    {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
                    """,
                    "1_Pooling/config.json": "{\"word_embedding_dimension\":24,\"pooling_mode_mean_tokens\":true}",
                ]))
        let same = try analyze(Self.german, expected: Self.german)["similarity"]?["embedding_cosine"]?.double
        #expect(same.map { abs($0 - 1) < 1e-3 } == true)
        let other = try analyze(Self.german, expected: "Ärzte fragen nach dem Blutdruck.")
        #expect(other["similarity"]?["embedding_cosine"]?.double.map { $0 < 0.9999 } == true, "\(other.text)")
        #expect(other["engine"]?.string?.contains(" vectors@") == true)
    }

    @Test func `Results name the numbers that they were computed with, which a setting chooses`() throws {
        try install(try checkpoint("xlm-roberta-classes", as: "judge"))
        func tone(_ precision: String) throws -> (model: String, score: Double) {
            let line: JSONObject = ["text": .string(Self.german), "language": "de"]
            let output = try oracy(
                "analyze", "--jsonl", "--text-precision", precision, input: JSONValue.object(line).text
            ).output
            let tone = try #require(JSONValue(parsing: output)["sentiment"])
            return (try #require(tone["model"]?.string), try #require(tone["score"]?.double))
        }
        let (exact, coarse) = (try tone("f32"), try tone("int8"))
        #expect(exact.model.hasPrefix("judge@") && exact.model.hasSuffix("/f32"))
        #expect(coarse.model.hasSuffix("/int8") && coarse.score != exact.score && abs(coarse.score - exact.score) < 0.1)
        #expect(try tone("auto").model.hasSuffix("/bf16") || tone("auto") == exact)
        let wrong = try oracy("analyze", "--text-precision", "int4", "-")
        #expect(wrong.status == 64 && wrong.errors.contains("--text-precision: expects auto, f32, bf16 or int8."))
    }

    @Test func `A damaged model says what is damaged and what to do, and the rest is read`() throws {
        try install(try checkpoint("xlm-roberta-classes", as: "judge"))
        let labels = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
        try install(try checkpoint("xlm-roberta-tags", as: "names", labels: labels))
        _ = try folder.write("short", to: "home/models/judge/model.safetensors")
        let path = folder.path("home/models/names/tokenizer.json")
        let size = try Data(contentsOf: URL(filePath: path)).count
        try Data(repeating: 0x7B, count: size).write(to: URL(filePath: path))
        let analysis = try analyze(Self.german)
        let tone = analysis["sentiment"]?["reason"]?.string ?? ""
        #expect(tone.contains("judge is damaged: model.safetensors") && tone.contains("oracy models import"), "\(tone)")
        let names = analysis["entities_reason"]?.string ?? ""
        #expect(names.contains("names can't be used") && names.contains("tokenizer.json"), "\(names)")
        #expect(analysis["readability"]?["word_count"]?.integer == 15)
    }
}
