// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Storage

/// How scores before and after a change of what key points count look in JSON.
enum RescoringView {
    /// What would become of all answers.
    ///
    /// - Parameters:
    ///   - whatIf: What was computed.
    ///   - passMark: From which score on an answer passes.
    static func json(_ whatIf: WhatIf, passMark: Double) -> JSONValue {
        let items = whatIf.items
        func moved(_ item: WhatIf.Item) -> Double { abs(item.after.score.point - item.before.point) }
        // The answers that it matters for come first; equal ones stay in their order.
        let ordered = items.enumerated().sorted { left, right in
            let (one, other) = (moved(left.element), moved(right.element))
            return one == other ? left.offset < right.offset : one > other
        }.map(\.element)
        return [
            "question_id": .string(whatIf.question.id.text),
            "version": .integer(Int64(whatIf.question.current.number)),
            "preview": .string(whatIf.fingerprint),
            "pass_mark": .number(passMark),
            "answers": .integer(Int64(items.count)),
            "left_out": .integer(Int64(whatIf.leftOut)),
            "changed": count(items) { $0.isChanged },
            "bands_changed": count(items) { $0.isBandChanged },
            "now_pass": count(items) { !$0.passes(passMark).before && $0.passes(passMark).after },
            "now_fail": count(items) { $0.passes(passMark).before && !$0.passes(passMark).after },
            "held_before": count(items) { Grade(machine: $0.before) == nil },
            "held_after": count(items) { Grade(machine: $0.after.score) == nil },
            "items": .array(ordered.map { json($0, passMark: passMark) }),
        ]
    }

    private static func count(_ items: [WhatIf.Item], _ condition: (WhatIf.Item) -> Bool) -> JSONValue {
        .integer(Int64(items.count(where: condition)))
    }

    /// The score is kept from those who mark the answer and have not finished.
    private static func json(_ item: WhatIf.Item, passMark: Double) -> JSONValue {
        let passes = item.passes(passMark)
        let isShown = !item.isHidden
        return [
            "response_id": .string(item.response.text),
            "owner": ["id": .string(item.owner.text), "name": .string(item.ownerName)],
            "status": .string(item.state.rawValue),
            "score_hidden": .bool(item.isHidden),
            "before": isShown ? score(item.before, passes: passes.before) : .null,
            "after": isShown ? score(item.after.score, passes: passes.after) : .null,
            "changed": isShown ? .bool(item.isChanged) : .null,
            "band_changed": isShown ? .bool(item.isBandChanged) : .null,
        ]
    }

    private static func score(_ score: AnswerScore, passes: Bool) -> JSONValue {
        var object = KeyPointView.json(score).object ?? [:]
        object["band"] = .integer(Int64(Grade.band(of: score.point)))
        object["passes"] = .bool(passes)
        return .object(object)
    }

    /// How answers were rescored.
    static func json(_ rescoring: Rescoring, authorName: String) -> JSONValue {
        [
            "author": ["id": .string(rescoring.author.text), "name": .string(authorName)],
            "reason": .string(rescoring.reason),
            "answers": .integer(Int64(rescoring.answers)), "changed": .integer(Int64(rescoring.changed)),
            "bands_changed": .integer(Int64(rescoring.bandsChanged)),
            "created_at": .string(rescoring.createdAt.description),
        ]
    }

    /// The scores that an answer had before; who decided it only for those who mark.
    static func json(_ history: [ScoreRevision], withNames: Bool) -> JSONValue {
        .array(
            history.map { revision in
                var object = KeyPointView.json(revision.score).object ?? [:]
                object["band"] = .integer(Int64(Grade.band(of: revision.score.point)))
                object["question_version"] = .integer(Int64(revision.questionVersion))
                object["replaced_by"] = .integer(Int64(revision.replacedBy))
                object["replaced_at"] = .string(revision.rescoring.createdAt.description)
                object["reason"] = .string(revision.rescoring.reason)
                object["author"] =
                    withNames
                    ? ["id": .string(revision.rescoring.author.text), "name": .string(revision.authorName)] : .null
                return .object(object)
            })
    }
}
