// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Cryptography
import Domain
import HTTP
import JSON
import Storage

/// The rules of marking, each within the transaction that it guards (docs/marking.md).
struct MarkingDesk {
    let transaction: Transaction
    /// Who acts.
    let actor: Auth.Actor
    /// The answer.
    let details: ResponseDetails

    private var response: Response { details.response }

    /// What the actor may know of an answer's marks.
    struct Sight {
        /// What it is marked by; nil while nobody has said so.
        var rubric: RubricVersion?
        /// All marks, oldest first.
        var marks: [StoredMark]
        /// The actor's own mark.
        var own: Mark?
        /// What the final marks make together.
        var grade: StoredGrade?
        /// Whether the actor may see the machine's score and the marks of others.
        var isRevealed: Bool
    }

    /// Looks at all marks of the answer.
    ///
    /// A marker sees what others and the machine found when their own mark is final. Somebody who has not begun one
    /// sees it when nothing is left to influence: markers differ, a mark was agreed on, or the grade is released.
    func sight() throws -> Sight {
        let marks = try transaction.marks.list(of: response.id)
        let own = marks.first { $0.mark.marker == actor.userID && $0.mark.kind == .marker }?.mark
        let grade = try transaction.grades.find(response.id)
        let isSettled =
            grade.map { $0.isInModeration || $0.current.source == .agreed || $0.released != nil } ?? false
        return Sight(
            rubric: try transaction.rubrics.version(for: response), marks: marks, own: own, grade: grade,
            isRevealed: own.map { $0.state == .final } ?? isSettled)
    }

    /// The machine's newest score of the answer; nil while there is none.
    func machine() throws -> AnswerScore? { try transaction.analyses.scores(for: [response.id])[response.id] }

    /// Whether what the machine found is kept from the actor, who is one of those who mark: while their own mark is a
    /// draft, and before they have begun one where the question withholds its results.
    func hidesMachine() throws -> Bool {
        let sight = try sight()
        return !sight.isRevealed && (sight.own != nil || details.isWithheld)
    }

    /// Stores the actor's own mark.
    ///
    /// - Parameters:
    ///   - body: What they have sent.
    ///   - seen: The version of their mark that they have seen; nil for another entity tag.
    ///   - now: When.
    func putOwnMark(_ body: FieldReader, seen: Int?, at now: Timestamp) throws -> Mark {
        let sight = try sight()
        let current = sight.own
        let rubric = try rubric(sight)
        guard seen == current?.version ?? 0 else {
            throw HTTPError(
                .preconditionFailed, code: "precondition_failed",
                detail: "Your mark has been changed since, perhaps in another window. Load it again.",
                headers: ["ETag": Self.entityTag(current?.version ?? 0)])
        }
        try demandForeign()
        try demandMarkable()
        guard !sight.marks.contains(where: { $0.mark.kind == .agreed }) else {
            throw HTTPError(
                .conflict, code: "agreed",
                detail: "A mark has been agreed on for this answer. Agree on another one to change it.")
        }
        if current == nil, sight.grade?.isInModeration == true {
            throw HTTPError(
                .conflict, code: "in_moderation",
                detail: "Two marks of this answer differ. Agree on one instead of adding a third.")
        }

        var fields = body
        let state = fields.choice("state", of: Mark.State.self)
        if state == nil, !fields.faults.contains(where: { $0.field == "state" }) {
            fields.fault("state", "is required: draft or final")
        }
        if current?.state == .final, state == .draft { fields.fault("state", "can't go back to draft") }
        let draft = MarkDraft(
            &fields, by: rubric, duration: details.recording.duration, isComplete: state == .final)
        let override = try override(draft, state, current, sight, &fields)
        try fields.validate()

        let mark = try transaction.marks.store(
            Mark(
                id: current?.id ?? Identifier(at: now), response: response.id, rubricVersion: rubric.id,
                marker: actor.userID, state: state ?? .draft, levels: draft.levels, globalRating: draft.globalRating,
                comments: draft.comments, reason: override.reason,
                isReasonWanted: override.isNeeded && override.reason == nil, score: draft.score,
                createdAt: current?.createdAt ?? now, updatedAt: now), after: current?.version ?? 0)
        if mark.state == .final { try transaction.grades.settle(response.id, by: rubric, at: now) }
        let action = mark.state == .draft ? "mark.draft" : override.isNeeded ? "mark.override" : "mark.final"
        try audit(action, before: current.map(Self.digest), after: Self.digest(mark), at: now)
        return mark
    }

    /// Whether a mark has to say why it is what it is, and what it says.
    ///
    /// A marker who may not see yet what the machine and others found learns nothing of it here: their mark is taken, and
    /// the reason is asked for when it is final and all is shown.
    private func override(
        _ draft: MarkDraft, _ state: Mark.State?, _ current: Mark?, _ sight: Sight, _ fields: inout FieldReader
    ) throws -> (isNeeded: Bool, reason: String?) {
        let reason = fields.optionalText("reason", limit: 1_000, multiline: true)
        guard state == .final, let score = draft.score else { return (false, reason) }
        let finished = current.flatMap { $0.state == .final ? $0 : nil }
        if let finished, finished.levels == draft.levels, finished.globalRating == draft.globalRating {
            // Only comments or the reason have changed: what was said for the levels still holds.
            return (finished.isReasonWanted, reason ?? finished.reason)
        }
        func demand(_ why: String) {
            if reason == nil, !fields.faults.contains(where: { $0.field == "reason" }) { fields.fault("reason", why) }
        }
        if finished != nil {
            demand("is required to change a final mark")
            return (true, reason)
        }
        let released = sight.grade?.released?.score
        let isNeeded = Grade.needsReason(for: score, machine: try machine(), released: released)
        // Whether it differs from what was released must not be told to whoever can't see that either.
        if released != nil, isNeeded || !sight.isRevealed {
            demand("is required to mark an answer whose grade has been released")
        }
        return (isNeeded, reason)
    }

    /// Stores the mark that ends a moderation, or one that takes the place of such a mark.
    func agree(_ body: FieldReader, at now: Timestamp) throws -> Mark {
        try demandForeign()
        let sight = try sight()
        let rubric = try rubric(sight)
        guard let grade = sight.grade, grade.isInModeration || grade.current.source == .agreed else {
            throw HTTPError(
                .conflict, code: "not_in_moderation",
                detail: "Only where final marks differ is there something to agree on.")
        }
        guard sight.isRevealed else {
            throw HTTPError.conflict("Finish your own mark first; until then the others are hidden from you.")
        }
        var fields = body
        let draft = MarkDraft(&fields, by: rubric, duration: details.recording.duration, isComplete: true)
        let reason = fields.text("reason", limit: 1_000, multiline: true)
        try fields.validate()
        let mark = try storeAgreed(draft, by: rubric, reason: reason, at: now)
        try audit(
            "mark.agree", before: sight.marks.last { $0.mark.kind == .agreed }.map { Self.digest($0.mark) },
            after: Self.digest(mark), at: now)
        return mark
    }

    /// Shows the student the grade.
    ///
    /// - Parameter includesAwaitingSecond: Whether it is released too where it waits for a second marker.
    func release(includesAwaitingSecond: Bool, at now: Timestamp) throws {
        try demandForeign()
        let grade = try transaction.grades.find(response.id)
        guard let grade else {
            throw HTTPError(
                .conflict, code: "not_marked",
                detail: "This answer has no final mark. It stays without a grade until somebody has marked it.")
        }
        guard !grade.isInModeration else {
            throw HTTPError(
                .conflict, code: "in_moderation", detail: "The marks of this answer differ. Agree on one first.")
        }
        if grade.released != nil { return }
        guard try !transaction.grades.wantsReason(response.id) else {
            throw HTTPError(
                .conflict, code: "reason_wanted",
                detail: "A mark of this answer differs from the machine's score and does not say why yet.")
        }
        if !includesAwaitingSecond, let course = details.course,
            try transaction.grades.isAwaitingSecond(response.id, in: course)
        {
            throw HTTPError(
                .conflict, code: "awaiting_second",
                detail: """
                    This answer was chosen for a second marker, and nobody has been one. Have it marked, or release it all \
                    the same with include_awaiting_second.
                    """)
        }
        try transaction.grades.release(response.id, by: actor.userID, at: now)
        try audit("grade.release", at: now)
    }

    /// Takes a student's objection.
    func appeal(_ text: String, at now: Timestamp) throws -> AppealDetails {
        guard response.state == .released else {
            throw HTTPError(
                .conflict, code: "not_released", detail: "There is no released grade yet that you could appeal.")
        }
        guard try transaction.appeals.find(of: response.id) == nil else {
            throw HTTPError(.conflict, code: "appealed", detail: "There is an appeal for this answer already.")
        }
        try transaction.appeals.insert(
            Appeal(id: Identifier(at: now), response: response.id, author: actor.userID, text: text, createdAt: now))
        try audit("appeal.create", after: Hexadecimal.encode(SHA256.hash(Array(text.utf8))), at: now)
        guard let stored = try transaction.appeals.find(of: response.id) else { throw HTTPError.notFound() }
        return stored
    }

    /// Answers the appeal of the answer, and may give another mark.
    func resolve(_ appeal: Appeal, _ body: FieldReader, at now: Timestamp) throws {
        try demandForeign()
        guard appeal.state == .open else {
            throw HTTPError(.conflict, code: "resolved", detail: "This appeal has been answered.")
        }
        let sight = try sight()
        if sight.marks.contains(where: { $0.mark.marker == actor.userID }), let course = details.course,
            try transaction.appeals.hasUninvolvedEducator(in: course, for: response.id)
        {
            throw HTTPError(
                .conflict, code: "another_educator",
                detail: "You have marked this answer; an educator who has not must answer the appeal.")
        }
        var fields = body
        let reason = fields.text("reason", limit: 2_000, multiline: true)
        var newMark: Mark?
        if var inner = fields.fields("mark") {
            let rubric = try rubric(sight)
            let draft = MarkDraft(&inner, by: rubric, duration: details.recording.duration, isComplete: true)
            fields.adopt(inner, as: "mark")
            try fields.validate()
            newMark = try storeAgreed(draft, by: rubric, reason: reason, at: now)
        }
        try fields.validate()
        try transaction.appeals.resolve(appeal.id, by: actor.userID, reason: reason, newMark: newMark?.id, at: now)
        try audit(
            "appeal.resolve", after: newMark.map(Self.digest) ?? Hexadecimal.encode(SHA256.hash(Array(reason.utf8))),
            at: now)
    }

    private func storeAgreed(
        _ draft: MarkDraft, by rubric: RubricVersion, reason: String, at now: Timestamp
    ) throws -> Mark {
        let mark = try transaction.marks.store(
            Mark(
                id: Identifier(at: now), response: response.id, rubricVersion: rubric.id, marker: actor.userID,
                kind: .agreed, state: .final, levels: draft.levels, globalRating: draft.globalRating,
                comments: draft.comments, reason: reason, score: draft.score, createdAt: now, updatedAt: now),
            after: 0)
        try transaction.grades.settle(response.id, by: rubric, at: now)
        return mark
    }

    private func rubric(_ sight: Sight) throws -> RubricVersion {
        guard let rubric = sight.rubric else {
            throw HTTPError(
                .conflict, code: "no_rubric",
                detail: "This question has no rubric yet. Choose one for it, then mark its answers.")
        }
        return rubric
    }

    /// Administrators may do everything but this.
    private func demandForeign() throws {
        guard response.owner != actor.userID else { throw HTTPError.forbidden("Nobody marks their own answer.") }
    }

    private func demandMarkable() throws {
        switch response.state {
        case .analysed, .marked, .released, .unscorable, .failed: return
        case .empty, .uploaded, .transcribed:
            throw HTTPError(
                .conflict, code: "not_ready", detail: "This answer is still being worked on. Try again in a moment.")
        }
    }

    private func audit(_ action: String, before: String? = nil, after: String? = nil, at now: Timestamp) throws {
        try transaction.audit.append(
            AuditEntry(
                time: now, tenant: actor.tenant, actor: actor.userID.text, session: actor.credentialID,
                action: action, object: "response/\(response.id)", beforeHash: before, afterHash: after))
    }

    /// Covers everything that the marker has said, the reason included.
    private static func digest(_ mark: Mark) -> String {
        Hexadecimal.encode(SHA256.hash(MarkView.json(mark, markerName: nil).utf8))
    }

    /// The entity tag of a version of a mark; version 0 is a mark that has not been begun.
    static func entityTag(_ version: Int) -> String { "\"m\(version)\"" }

    /// The version that an entity tag names; nil for anything else.
    static func version(ofTag tag: String) -> Int? {
        guard tag.hasPrefix("\"m"), tag.hasSuffix("\""), tag.count > 3 else { return nil }
        return Int(tag.dropFirst(2).dropLast())
    }
}
