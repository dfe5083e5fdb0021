// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import Foundation
import JSON
import TestPrograms
import Testing

@testable import oracy

@Suite("oracy analyze")
struct AnalyzeCommandTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../Fixtures/analyze").path

    private func jsonLines(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    @Test func `measures a data set in order, agreeing with an independent computation`() throws {
        let golden = try jsonLines(try String(contentsOfFile: Self.fixtures + "/golden.jsonl", encoding: .utf8))
        let result = try ProgramRun.oracy(["analyze", "--jsonl", "--jobs", "3", Self.fixtures + "/input.jsonl"])
        let lines = try jsonLines(result.output)
        try #require(lines.count == golden.count)
        for (line, golden) in zip(lines, golden) {
            guard let measures = golden["measures"]?.object else {
                #expect(line["line"] == golden["line"])
                #expect(line["error"]?["code"] == "invalid_line")
                continue
            }
            #expect(line["id"] == golden["id"])
            let values = Dictionary(
                uniqueKeysWithValues: (line["measures"]?.array ?? []).map {
                    ($0["key"]?.string ?? "", $0["value"]?.double)
                })
            for member in measures.members {
                let value = try #require(values[member.key] ?? nil, "\(member.key)")
                #expect(abs(value - (member.value.double ?? .nan)) < 2e-4, "\(member.key) of \(golden)")
            }
        }
        #expect(result.status == 1)
        #expect(result.errors.split(separator: "\n").count == 3)
        #expect(result.errors.contains("input.jsonl:50: "))
    }

    @Test func `reads standard input and does without a final line end`() throws {
        let result = try ProgramRun.oracy(
            ["analyze", "--jsonl", "-l", "en"],
            input: "{\"text\": \"One two three.\"}\n\n{\"id\": null, \"text\": \"Four.\"}")
        #expect(result.status == 0 && result.errors.isEmpty)
        let lines = try jsonLines(result.output)
        #expect(lines.map { $0["id"] } == [1, .null])
        #expect(lines.first?["readability"]?["word_count"] == 3)
    }

    @Test func `prints a table, or JSON, of one text`() throws {
        let folder = try TemporaryFolder()
        let answer = try folder.write(
            String(repeating: "The patient takes warfarin every day. ", count: 8), to: "a.txt")
        let expected = try folder.write("The patient takes warfarin.", to: "e.txt")
        let table = try ProgramRun.oracy(["analyze", "--language=en", answer, "--expected", expected])
        #expect(table.status == 0 && table.errors.isEmpty)
        #expect(table.output.contains("\n  Words                            48\n"))
        #expect(table.output.contains(" ████████████████"))
        #expect(table.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let json = try ProgramRun.oracy(["analyze", "-l", "en", answer, "-e", expected, "-f", "json"])
        let value = try JSONValue(parsing: json.output)
        #expect(
            value.object?.keys == [
                "language", "text_language", "engine", "readability", "lexical", "similarity", "measures", "sentiment",
                "entities", "entity_counts", "entities_reason", "keypoints", "keypoints_source", "keypoints_reason",
                "score", "feedback",
            ])
        #expect(value["keypoints_source"] == "proposed")
        #expect(value["readability"]?["word_count"] == 48 && value["similarity"]?["rouge_l"] == 1)
    }

    @Test func `finds key points in a text and in a data set`() throws {
        let folder = try TemporaryFolder()
        let points = """
            [{"id": "no", "label": "Ibuprofen is not suitable with warfarin", "critical": true},
             {"id": "dose", "label": "Offer paracetamol 1 g four times a day", "numbers": [{"value": 1, "unit": "g"}]}]
            """
        let file = try folder.write(points, to: "points.json")
        let text = "Ibuprofen is fine with warfarin. I would offer paracetamol one gram four times a day."
        let table = try ProgramRun.oracy(["analyze", "-l", "en", "--key-points", file], input: text)
        #expect(table.status == 0)
        #expect(table.output.contains("\n  contradicted  Ibuprofen is not suitable with warfarin\n"))
        #expect(table.output.contains("\n  covered       Offer paracetamol 1 g four times a day\n"))
        #expect(table.output.contains("at most 30 %"))
        let compact = points.split(separator: "\n").joined()
        let lines = try jsonLines(
            try ProgramRun.oracy(
                ["analyze", "--jsonl", "-l", "en"],
                input: """
                    {"id": 1, "text": "\(text)", "key_points": \(compact)}
                    {"id": 2, "text": "Yes.", "key_points": [{"id": "a"}]}
                    {"id": 3, "text": "Yes."}

                    """
            ).output)
        try #require(lines.count == 3)
        #expect(lines[0]["keypoints"]?.array?.map { $0["state"] } == ["contradicted", "covered"])
        #expect(lines[0]["keypoints"]?.array?.first?["evidence"]?["start"] == 0)
        #expect(lines[0]["score"]?["holds"] == ["critical_contradicted"])
        #expect(lines[1]["error"]?["message"] == "key_points[0].label is missing.")
        #expect(lines[2]["keypoints"] == [] && lines[2]["score"] == .null)
    }

    @Test func `says what is wrong with key points`() throws {
        let folder = try TemporaryFolder()
        let misspelt = try folder.write("[{\"id\": \"a\", \"label\": \"b\", \"wieght\": 2}]", to: "a.json")
        let result = try ProgramRun.oracy(["analyze", "-k", misspelt], input: "Yes.")
        #expect(result.status == 1)
        #expect(result.errors.hasSuffix("key_points[0].wieght is unknown; did you mean weight?\n"))
    }

    @Test func `says what was done well and what to do next`() throws {
        let folder = try TemporaryFolder()
        let points = try folder.write(
            #"[{"id": "rest", "label": "Rest the leg"}, {"id": "doctor", "label": "See a doctor after three days"}]"#,
            to: "points.json")
        let arguments = ["analyze", "-l", "en", "--key-points", points]
        let json = try JSONValue(
            parsing: ProgramRun.oracy(arguments + ["-f", "json"], input: "Please rest the leg.").output)
        #expect(json["feedback"]?.array?.map { $0["rule"] } == ["covered", "missing"])
        #expect(json["feedback"]?.array?.map { $0["key_point"] } == ["rest", "doctor"])
        let table = try ProgramRun.oracy(arguments, input: "Please rest the leg.").output
        #expect(
            table.hasSuffix(
                "\nFeedback\n  + You made this point: Rest the leg.\n  → Say this too: See a doctor after three days.\n"
            ))
    }

    @Test func `refuses what is no language, and takes names and codes of three letters`() throws {
        let result = try ProgramRun.oracy(["analyze", "-l", "klingon"], input: "Yes.")
        #expect(result.status == 64)
        #expect(result.errors.contains("--language expects a language such as en or English, not \"klingon\"."))
        let run = try ProgramRun.oracy(
            ["analyze", "--jsonl"],
            input: """
                {"text": "Yes.", "language": "klingon"}
                {"text": "Yes.", "language": "xq"}
                {"text": "Yes.", "language": "English"}
                {"text": "Yes.", "language": "en-AU"}
                {"text": "Yes.", "language": "deu"}
                {"text": "Yes.", "language": "auto"}

                """)
        let lines = try jsonLines(run.output)
        #expect(run.status == 1 && lines.count == 6)
        #expect(
            lines[0]["error"]?["message"]
                == "\"language\" must be a language such as en, en-AU or English, or auto, not \"klingon\".")
        #expect(run.errors.contains("-:1: \"language\" must be") && lines[1]["error"] != nil)
        #expect(lines[2...].map { $0["language"] } == ["en", "en-AU", "de", .null])
    }

    @Test func `doubts a line in another language than its own, as it does a single text`() throws {
        let text = String(
            repeating: "Le patient prend de la warfarine tous les jours et il ne faut pas lui donner d'ibuprofène. ",
            count: 3)
        let line = try JSONValue(
            parsing: ProgramRun.oracy(
                ["analyze", "--jsonl", "-l", "en"], input: "{\"text\": \"\(text)\"}\n"
            ).output)
        let alone = try JSONValue(parsing: ProgramRun.oracy(["analyze", "-l", "en", "-f", "json"], input: text).output)
        for value in [line, alone] {
            #expect(value["language"] == "en" && value["text_language"]?["code"] == "fr")
            let hedges = value["measures"]?.array?.first { $0["key"] == "hedge_per_100w" }
            #expect(hedges?["valid"] == "low")
            #expect(value["entities_reason"]?.string?.hasPrefix("The words look like another language (fr)") == true)
            #expect(value["sentiment"]?["label"] == "na")
        }
        #expect(line["measures"] == alone["measures"])
    }

    @Test func `evidence shows the words of the text where they stand`() throws {
        let text = "Well… the patient’s  GP says “No”. "
        let json = try JSONValue(parsing: ProgramRun.oracy(["analyze", "-l", "en", "-f", "json"], input: text).output)
        let count = json["measures"]?.array?.first { $0["key"] == "sentence_count" }
        let evidence = try #require(count?["evidence"]?.array?.first)
        #expect(evidence["text"] == "Well… the patient’s  GP says “No")
        #expect(evidence["start_word"] == 0 && evidence["end_word"] == 6)
        #expect(evidence["start"] == 0 && evidence["end"] == 32)
        #expect(
            json["measures"]?.array?.first { $0["key"] == "syllables_per_word" }?["basis"]?.object?.keys
                == ["syllables", "words"])
    }

    @Test func `says which measures are left out for want of a language`() throws {
        let result = try ProgramRun.oracy(["analyze"], input: "500 mg.")
        #expect(result.status == 0)
        #expect(
            result.errors == "oracy: there is too little to tell the language from, so measures that depend on it are "
                + "left out; name it: --language en\n")
    }

    @Test func `finds the language out from the words`() throws {
        let text = String(repeating: "La paciente toma warfarina todos los días y no debe tomar ibuprofeno. ", count: 5)
        let table = try ProgramRun.oracy(["analyze"], input: text)
        #expect(table.errors.hasPrefix("oracy: measured as es, which the words are with a probability of 9"))
        #expect(table.output.contains("  Szigriszt-Pazos  "))
        let json = try ProgramRun.oracy(["analyze", "--format", "json"], input: text)
        let value = try JSONValue(parsing: json.output)
        #expect(value["language"] == "es" && value["text_language"]?["code"] == "es")
        #expect(value["text_language"]?["reliable"] == true && value["readability"]?["douma"] == nil)
        let line = try ProgramRun.oracy(["analyze", "--jsonl"], input: "{\"text\": \"\(text)\"}\n")
        #expect(try JSONValue(parsing: line.output)["language"] == "es")
    }

    @Test func `fails in one line when there is nothing to read`() throws {
        let missing = try ProgramRun.oracy(["analyze", "/nonexistent/a.txt"])
        #expect(missing.status == 1 && missing.errors == "oracy: there is no file /nonexistent/a.txt.\n")
        let folder = try ProgramRun.oracy(["analyze", "--jsonl", "/tmp"])
        #expect(folder.status == 1 && folder.errors == "oracy: can't read /tmp: Is a directory\n")
        let binary = try ProgramRun.oracy(["analyze", "/bin/true"])
        #expect(binary.status == 1 && binary.errors == "oracy: /bin/true is no text: it is not valid UTF-8.\n")
        #expect(try ProgramRun.oracy(["analyze", "--jsonl", "--format", "text"]).status == 64)
    }

    @Test func `shows a bar on a terminal, colours unless they are unwanted, and results on lines of their own`() throws
    {
        let folder = try TemporaryFolder()
        let lines = try folder.write(String(repeating: "{\"text\": \"One two.\"}\n", count: 3), to: "a.jsonl")
        func screen(_ options: String, _ environment: [String: String] = [:]) throws -> String {
            let line = "'\(BuiltProgram.oracy)' analyze --jsonl -l en \(options) '\(lines)'"
            let variables = ["TERM": "xterm", "NO_COLOR": ""].merging(environment) { $1 }
            return try ProgramRun.run("/usr/bin/script", ["-qec", line, "/dev/null"], environment: variables).output
        }
        let shown = try screen("")
        #expect(shown.contains("▏ 0/3 lines") && shown.contains("\u{1B}[36m"))
        #expect(shown.contains("\r\u{1B}[K{\"id\":1,"))
        let plain = try screen("", ["NO_COLOR": "1"])
        #expect(plain.contains("▏ 0/3 lines") && !plain.contains("\u{1B}[36m"))
        #expect(!(try screen("--progress none").contains("▏")))
    }

    @Test func `fails when the output takes no more`() throws {
        let result = try ProgramRun.run(
            "/bin/sh", ["-c", "'\(BuiltProgram.oracy)' analyze -l en -f json /etc/hostname > /dev/full"])
        #expect(result.status == 1)
        #expect(result.errors == "oracy: can't write the output: No space left on device\n")
    }

    @Test(arguments: [
        (0.0, "0"), (0.5322, "0.532"), (6.985, "6.99"), (67.2475, "67.2"), (1234.5, "1235"), (120, "120"),
        (-4.9, "-4.90"),
        (0.0004, "0.000"), (-0.0004, "0.000"), (0.9996, "1.000"),
    ])
    func `shows three digits that count`(value: Double, text: String) { #expect(MeasureTable.text(value) == text) }

    @Test func `keeps every line of a table within the width`() {
        let measures = MeasureCatalogue.all.enumerated().map { index, descriptor in
            switch index % 3 {
            case 0: Measure(descriptor.key, 0.5, unit: descriptor.unit)
            case 1: Measure(descriptor.key, 123, unit: descriptor.unit, low: String(repeating: "why ", count: 30))
            default: Measure(descriptor.key, unit: descriptor.unit, na: "There is nothing to measure here.")
            }
        }
        for width in [72, 80, 120] {
            for line in MeasureTable(width: width).render(measures).split(separator: "\n") {
                #expect(line.count <= width, "\(line)")
            }
        }
    }
}
