// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain
import JSON
import Storage

/// How people, courses and questions look in JSON. What a role must not see has no field here, not an empty one.
enum EntityView {
    /// An account, for its owner and for administrators.
    static func user(_ user: User) -> JSONValue {
        [
            "id": .string(user.id.text),
            "name": .string(user.name),
            "email": .string(user.email),
            "role": .string(user.role.rawValue),
            "locale": .optional(user.locale),
            "disabled": .bool(user.isDisabled),
            "created_at": .string(user.createdAt.description),
        ]
    }

    /// A course with the caller's part in it.
    static func course(_ course: Course, part: String, questions: Int, members: Int) -> JSONValue {
        [
            "id": .string(course.id.text),
            "name": .string(course.name),
            "language": .optional(course.language),
            "languages": languages(course.languages),
            "tone": .bool(course.readsTone),
            "part": .string(part),
            "question_count": .integer(Int64(questions)),
            "member_count": .integer(Int64(members)),
            "created_at": .string(course.createdAt.description),
        ]
    }

    /// A question as students see it: of its facts, what they have asked for.
    static func question(_ question: Question, ownResponses: Int, revealed: [RevealedFact] = []) -> JSONValue {
        var object = common(question)
        object["facts"] = .array(
            question.current.facts.map { fact in
                Self.fact(fact, asked: revealed.first { $0.fact == fact.id })
            })
        object["my_responses"] = .integer(Int64(ownResponses))
        return .object(object)
    }

    /// A question as its educators see it.
    ///
    /// - Parameter vocabulary: The words that a recogniser is told.
    static func question(_ question: Question, responses: Int, vocabulary: QuestionVocabulary?) -> JSONValue {
        var object = common(question)
        object["facts"] = facts(question.current)
        object["expected_answer"] = .string(question.current.expectedAnswer)
        object["expected_answers"] = texts(question.current.expectedAnswers)
        object["contradicted_credit"] = .number(question.current.contradictedCredit)
        object["vocabulary"] = [
            "own": texts(question.current.vocabulary), "derived": texts(vocabulary?.derived ?? []),
            "terms": texts(vocabulary?.terms ?? []),
        ]
        object["key_points"] = .array(question.current.keyPoints.map(KeyPointView.json))
        object["partial_credit"] = .number(question.current.partialCredit)
        object["response_count"] = .integer(Int64(responses))
        return .object(object)
    }

    /// A fact as a student sees it: what it says only once they have asked.
    static func fact(_ fact: QuestionVersion.Fact, asked: RevealedFact?) -> JSONValue {
        [
            "id": .string(fact.id), "label": .string(fact.label), "text": .optional(asked.map { _ in fact.text }),
            "asked_at": .optional(asked?.askedAt.description),
        ]
    }

    private static func facts(_ version: QuestionVersion) -> JSONValue {
        .array(
            version.facts.map {
                ["id": .string($0.id), "label": .string($0.label), "text": .string($0.text)]
            })
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    private static func common(_ question: Question) -> JSONObject {
        [
            "id": .string(question.id.text),
            "course_id": .string(question.course.text),
            "version": .integer(Int64(question.current.number)),
            "title": .string(question.current.title),
            "prompt": .string(question.current.prompt),
            "scenario": .optional(question.current.scenario),
            "language": .optional(question.current.language),
            "languages": languages(question.current.languages),
            "time_limit": .integer(Int64(question.current.timeLimit)),
            "withheld": .bool(question.current.isWithheld),
            "created_at": .string(question.createdAt.description),
        ]
    }

    /// A version of a question, for its educators.
    ///
    /// - Parameter rescoring: How earlier answers were scored by it, with the name of who decided that.
    static func version(
        _ version: QuestionVersion, rescoring: (rescoring: Rescoring, authorName: String)?
    ) -> JSONValue {
        [
            "id": .string(version.id.text),
            "version": .integer(Int64(version.number)),
            "title": .string(version.title),
            "prompt": .string(version.prompt),
            "scenario": .optional(version.scenario),
            "facts": facts(version),
            "expected_answer": .string(version.expectedAnswer),
            "expected_answers": texts(version.expectedAnswers),
            "key_points": .array(version.keyPoints.map(KeyPointView.json)),
            "partial_credit": .number(version.partialCredit),
            "contradicted_credit": .number(version.contradictedCredit),
            "vocabulary": ["own": texts(version.vocabulary)],
            "rescored": rescoring.map { RescoringView.json($0.rescoring, authorName: $0.authorName) } ?? .null,
            "language": .optional(version.language),
            "languages": languages(version.languages),
            "time_limit": .integer(Int64(version.timeLimit)),
            "withheld": .bool(version.isWithheld),
            "created_at": .string(version.createdAt.description),
        ]
    }

    private static func languages(_ languages: [ExpectedLanguage]) -> JSONValue {
        .array(languages.map { ["language": .string($0.language), "weight": .number($0.weight)] })
    }
}
