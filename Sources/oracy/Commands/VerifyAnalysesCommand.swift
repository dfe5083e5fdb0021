// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Server

/// `oracy verify`
enum VerifyAnalysesCommand {
    static let command = Command(
        name: "verify", summary: "compute stored analyses again and compare them",
        discussion: """
            Every measure, entity, key point and score must come out as it is stored, to the last bit, by the question and \
            the question bank of that time. Analyses of other rules or models than are installed are counted, and not \
            computed again. Marks must have the scores that their rubrics make. The exit status is 1 when something differs.
            """,
        options: [ModelsCommand.format, BatchOptions.progress] + ConfigurationOptions.only(["home", "database"]),
        examples: [Command.Example(line: "oracy verify", meaning: "Compare everything in the home folder's database.")],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) async throws -> ExitCode {
        let verification = try await AnalysisVerification(ConfigurationOptions.load(arguments).configuration)
        let total = try await verification.count()
        let reporter = ProgressReporter(arguments[BatchOptions.progress] ?? .auto, unit: "analyses", total: total)
        defer { reporter.finish() }
        var counts = (same: 0, different: 0, other: 0, bank: 0)
        let isJSON = arguments[ModelsCommand.format] == .json
        try await verification.run { finding in
            var words: [String] = []
            switch finding.outcome {
            case .same: counts.same += 1
            case .bankUnknown: counts.bank += 1
            case .otherEngine: counts.other += 1
            case .different(let parts):
                counts.different += 1
                words = parts
            }
            reporter.advance(by: 1)
            guard !words.isEmpty else { return }
            try reporter.aside {
                let line = "response \(finding.response), transcript version \(finding.transcriptVersion)"
                try Terminal.output.writeLine(
                    isJSON
                        ? JSONValue.object([
                            "response_id": .string(finding.response.text),
                            "transcript_version": .integer(Int64(finding.transcriptVersion)),
                            "different": .array(words.map(JSONValue.string)),
                        ]).text : "\(line): \(words.joined(separator: ", ")) came out otherwise.")
            }
        }
        reporter.finish()
        var differentMarks = 0
        let marks = try await verification.checkMarks { finding in
            differentMarks += 1
            try Terminal.output.writeLine(
                isJSON
                    ? JSONValue.object([
                        "response_id": .string(finding.response.text), "mark_id": .string(finding.mark.text),
                        "different": .array(finding.differences.map(JSONValue.string)),
                    ]).text
                    : "response \(finding.response), mark \(finding.mark): \(finding.differences.joined(separator: ", ")) "
                        + "came out otherwise.")
        }
        if isJSON {
            let summary: JSONObject = [
                "same": .integer(Int64(counts.same)), "different": .integer(Int64(counts.different)),
                "other_engine": .integer(Int64(counts.other)), "bank_unknown": .integer(Int64(counts.bank)),
                "marks": .integer(Int64(marks)), "marks_different": .integer(Int64(differentMarks)),
            ]
            try Terminal.output.writeLine(JSONValue.object(summary).text)
        } else {
            try Terminal.output.writeLine(
                "\(counts.same) of \(total) analyses came out as stored, \(counts.different) otherwise.")
            if marks > 0 {
                try Terminal.output.writeLine(
                    "\(marks - differentMarks) of \(marks) marks have the scores of their rubrics, \(differentMarks) others."
                )
            }
            if counts.bank > 0 {
                Terminal.messages.note(
                    """
                    oracy: \(counts.bank) differ only in the TF-IDF cosine; an earlier program made them, and did not note by \
                    which questions words were weighed.
                    """)
            }
            if counts.other > 0 {
                Terminal.messages.note(
                    "oracy: \(counts.other) were made by other rules or models, and were not compared.")
            }
        }
        return counts.different == 0 && differentMarks == 0 ? .success : .failure
    }
}
