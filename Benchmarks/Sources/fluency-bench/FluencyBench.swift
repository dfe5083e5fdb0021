// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import JSON

/// Measures the fluency of recordings twice: as the recogniser heard them, and after its text was corrected.
///
/// A line on standard input is what `oracy transcribe --format verbose_json` writes for a recording, with a member
/// `reference`: what was said. A line of the output is {"id", "wer", "heard", "corrected"}, the latter two with all
/// measures by key; those that can't be computed are null.
@main
enum FluencyBench {
    static func main() throws {
        let analyzer = try AnswerAnalyzer()
        while let line = readLine() {
            let result = try JSONValue(parsing: Array(line.utf8))
            let reference = result["reference"]?.string ?? ""
            let duration = result["duration"]?.double
            let heard = Transcript(
                language: "en", segments: (result["segments"]?.array ?? []).map(segment))
            let corrected = heard.edited(to: reference, duration: duration.map { Int(($0 * 1_000).rounded()) })
            func measures(_ transcript: Transcript, _ origin: TranscriptVersion.Origin) -> JSONValue {
                var object = JSONObject()
                for measure in analyzer.measures(
                    of: transcript, recordingDuration: duration, timeLimit: nil, expected: nil, origin: origin)
                {
                    object[measure.key] = JSONValue.optional(measure.value)
                }
                return .object(object)
            }
            let errors = WordErrorRate(reference: reference, hypothesis: heard.text)
            let output: JSONValue = [
                "id": .optional(result["id"]?.string), "wer": .optional(errors.rate),
                "heard": measures(heard, .asr), "corrected": measures(corrected, .human),
            ]
            print(output.text)
        }
    }

    private static func segment(_ value: JSONValue) -> Segment {
        let words = (value["words"]?.array ?? []).map { word in
            Word(
                text: word["word"]?.string ?? "", start: milliseconds(word["start"]), end: milliseconds(word["end"]),
                confidence: word["confidence"]?.double)
        }
        return Segment(
            start: milliseconds(value["start"]), end: milliseconds(value["end"]), text: value["text"]?.string ?? "",
            words: words)
    }

    private static func milliseconds(_ value: JSONValue?) -> Int { Int(((value?.double ?? 0) * 1_000).rounded()) }
}
