// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Recognition

@Suite("WhisperGeneration")
struct WhisperGenerationTests {
    @Test func `takes what a checkpoint says, and leaves out what it does not say`() throws {
        let text = """
            {"suppress_tokens": [1, 2, -1], "begin_suppress_tokens": [220, 50257], "is_multilingual": true,
             "alignment_heads": [[3, 1], [4, 2]], "oracy_notice": "A toy.", "oracy_tasks": ["transcribe"],
             "oracy_confidence": {"intercept": -1, "log_odds": 0.5, "avg_logprob": 2, "snr_db": 0.1},
             "lang_to_id": {"<|en|>": 50259}}
            """
        let generation = try WhisperGeneration(parsing: Array(text.utf8))
        #expect(generation.suppressed == [1, 2] && generation.suppressedAtBegin == [220, 50257])
        #expect(generation.alignmentHeads == [[3, 1], [4, 2]] && generation.isMultilingual == true)
        #expect(generation.notice == "A toy." && generation.tasks == ["transcribe"])
        #expect(
            generation.confidence
                == ConfidenceCalibration(intercept: -1, logOdds: 0.5, averageLogProbability: 2, signalToNoise: 0.1))
        #expect(try WhisperGeneration(parsing: Array("{\"suppress_tokens\": null}".utf8)) == WhisperGeneration())
    }

    @Test(arguments: [
        "", "[", "{\"suppress_tokens\": 3}", "{\"suppress_tokens\": [\"a\"]}", "{\"suppress_tokens\": [1e30]}",
        "{\"alignment_heads\": [[1]]}", "{\"alignment_heads\": [[1, 2, 3]]}", "{\"alignment_heads\": [3]}",
        "{\"suppress_tokens\": [-7]}", "{\"oracy_confidence\": 1}", "{\"oracy_confidence\": {\"intercept\": 1}}",
        "{\"oracy_confidence\": {\"intercept\": 1, \"log_odds\": -1, \"avg_logprob\": 1, \"snr_db\": 1}}",
    ])
    func `refuses lists that are none, and a curve of confidences that is none`(text: String) {
        let error = #expect(throws: RecognitionError.self) { try WhisperGeneration(parsing: Array(text.utf8)) }
        #expect(error?.code == .modelInvalid && error?.message.contains("generation_config.json") == true)
    }
}
