// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Storage

/// How rubrics, marks, grades and appeals look in JSON.
enum MarkView {
    /// A rubric with its current version.
    static func json(_ rubric: Rubric) -> JSONValue {
        var object: JSONObject = [
            "id": .string(rubric.id.text), "course_id": .string(rubric.course.text),
        ]
        for member in json(rubric.current).object?.members ?? [] where member.key != "id" {
            object[member.key] = member.value
        }
        object["created_at"] = .string(rubric.createdAt.description)
        return .object(object)
    }

    /// One version of a rubric.
    static func json(_ version: RubricVersion) -> JSONValue {
        [
            "id": .string(version.id.text),
            "version": .integer(Int64(version.number)),
            "title": .string(version.title),
            "criteria": .array(
                version.criteria.map { criterion in
                    [
                        "id": .string(criterion.id), "label": .string(criterion.label),
                        "description": .optional(criterion.description), "weight": .number(criterion.weight),
                        "levels": json(criterion.levels),
                    ]
                }),
            "global_scale": json(version.globalScale),
            "created_at": .string(version.createdAt.description),
        ]
    }

    private static func json(_ levels: [RubricVersion.Level]) -> JSONValue {
        .array(
            levels.map { level in
                [
                    "score": .integer(Int64(level.score)), "label": .string(level.label),
                    "description": .optional(level.description),
                ]
            })
    }

    /// A mark; the marker's name only for those who mark.
    static func json(_ mark: Mark, markerName: String?) -> JSONValue {
        var levels = JSONObject()
        for (criterion, score) in mark.levels.sorted(by: { $0.key < $1.key }) {
            levels[criterion] = .integer(Int64(score))
        }
        return [
            "id": .string(mark.id.text),
            "marker": markerName.map { ["id": .string(mark.marker.text), "name": .string($0)] } ?? .null,
            "kind": .string(mark.kind.rawValue),
            "state": .string(mark.state.rawValue),
            "levels": .object(levels),
            "global_rating": .optional(mark.globalRating),
            "comments": .array(
                mark.comments.map { comment in
                    [
                        "text": .string(comment.text),
                        "at": comment.time.map(TranscriptView.seconds) ?? .null,
                    ]
                }),
            "reason": .optional(mark.reason),
            "reason_wanted": .bool(mark.isReasonWanted),
            "score": .optional(mark.score.map(rounded)),
            "rubric_sha256": .optional(mark.rubricDigest),
            "version": .integer(Int64(mark.version)),
            "updated_at": .string(mark.updatedAt.description),
        ]
    }

    /// A grade.
    static func json(_ grade: Grade) -> JSONValue {
        [
            "score": .number(rounded(grade.score)), "band": .integer(Int64(Grade.band(of: grade.score))),
            "source": .string(grade.source.rawValue),
        ]
    }

    /// What the machine found.
    static func json(_ score: AnswerScore) -> JSONValue {
        [
            "low": .number(rounded(score.low)), "point": .number(rounded(score.point)),
            "high": .number(rounded(score.high)), "band": .integer(Int64(Grade.band(of: score.point))),
            "holds": .array(score.holds.map { .string($0.rawValue) }),
        ]
    }

    /// Where marks differ.
    static func json(_ disagreement: MarkDisagreement) -> JSONValue {
        [
            "criteria": .array(disagreement.criteria.map(JSONValue.string)),
            "score_difference": .number(rounded(disagreement.scoreDifference)),
        ]
    }

    /// An appeal; names only for those who mark.
    static func json(_ details: AppealDetails, withNames: Bool) -> JSONValue {
        let appeal = details.appeal
        return [
            "id": .string(appeal.id.text),
            "response_id": .string(appeal.response.text),
            "course_id": .string(details.course.text),
            "question_title": .string(details.questionTitle),
            "author": ["id": .string(appeal.author.text), "name": .string(details.authorName)],
            "text": .string(appeal.text),
            "status": .string(appeal.state.rawValue),
            "resolver": withNames ? .optional(details.resolverName) : .null,
            "reason": .optional(appeal.resolution),
            "changed": .bool(appeal.newMark != nil),
            "created_at": .string(appeal.createdAt.description),
            "resolved_at": .optional(appeal.resolvedAt?.description),
        ]
    }

    /// Four decimals, as for measures.
    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
