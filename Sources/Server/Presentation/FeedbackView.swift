// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain
import HTTP
import JSON

/// How feedback on answers is made and looks in JSON.
enum FeedbackView {
    /// What to tell whoever wrote a text or gave an answer; nothing without an assessment.
    ///
    /// - Parameter transcript: The words of a spoken answer.
    static func items(
        _ assessment: AnswerAssessment?, _ measures: [Measure], language: String?, transcript: Transcript? = nil
    ) -> [FeedbackItem] {
        guard let assessment else { return [] }
        return FeedbackWriter().feedback(
            for: assessment.results, score: assessment.score, measures: measures, transcript: transcript,
            question: FeedbackQuestion(keyPoints: assessment.keyPoints, language: language))
    }

    /// `[{rule, kind, text, key_point|null, measure|null, parameters{}, evidence[]}]`
    static func json(_ items: [FeedbackItem], _ templates: FeedbackTemplates, language: String) -> JSONValue {
        .array(
            items.map { item in
                var parameters = JSONObject()
                for parameter in item.parameters {
                    switch parameter.value {
                    case .text(let text): parameters[parameter.name] = .string(text)
                    case .number(let number): parameters[parameter.name] = .number(number)
                    }
                }
                return [
                    "rule": .string(item.rule.rawValue), "kind": .string(item.kind.rawValue),
                    "text": .string(templates.text(of: item, language: language)),
                    "key_point": .optional(item.keyPoint), "measure": .optional(item.measure),
                    "parameters": .object(parameters),
                    "evidence": .array(item.evidence.map { KeyPointView.json($0) }),
                ]
            })
    }

    /// The language that a caller reads: the first one of `Accept-Language` (RFC 9110 §12.5.4), or English.
    static func language(of request: HTTPRequest) -> String {
        let wishes = request.headers["accept-language"] ?? ""
        let first = wishes.prefix { $0 != "," && $0 != ";" }.filter { !$0.isWhitespace }
        return first.isEmpty || first == "*" ? FeedbackTemplates.fallback : first
    }
}
