// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Cryptography
import Domain
import Storage
import Threads

/// What all answers to a question would earn if its key points counted otherwise: looked at first, and applied only as
/// it was seen (docs/marking.md).
struct WhatIf: Sendable {
    /// One answer that would be scored anew.
    struct Item: Sendable {
        var response: Identifier<Response>
        var owner: Identifier<User>
        var ownerName: String
        var state: Response.State
        var analysis: Identifier<AnalysisResult>
        var before: AnswerScore
        var after: AnswerAssessment
        /// Whether the viewer marks the answer and may not see yet what the machine found.
        var isHidden: Bool

        var isChanged: Bool { before != after.score }
        var isBandChanged: Bool { Grade.band(of: before.point) != Grade.band(of: after.score.point) }

        func passes(_ mark: Double) -> (before: Bool, after: Bool) {
            // A weighted mean of tenths may come to a little less than the mark.
            (before.point >= mark - 1e-9, after.score.point >= mark - 1e-9)
        }
    }

    /// The question as it is.
    let question: Question
    /// The key points as they would count.
    let keyPoints: [KeyPoint]
    /// How they would make a score.
    let scoring: ScoringRules
    /// The answers that would be scored anew, in the order of their ids.
    private(set) var items: [Item] = []
    /// How many answers keep their scores: they were assessed by other wordings, or by proposed key points.
    private(set) var leftOut = 0
    /// Which analyses there are, those that are left out included.
    private var analyses: [ScoredAnalysis] = []

    /// Scores all answers to a question anew, and stores nothing.
    ///
    /// - Parameters:
    ///   - question: The question with its current version.
    ///   - keyPoints: Those of the current version with other weights, essential, critical or retired ones.
    ///   - scoring: How they make a score.
    ///   - viewer: Who asks.
    ///   - measuring: Knows the answers and the rules.
    init(
        of question: Question, keyPoints: [KeyPoint], scoring: ScoringRules, visibleTo viewer: Viewer,
        _ measuring: AnswerMeasuring
    ) async throws {
        self.question = question
        self.keyPoints = keyPoints
        self.scoring = scoring
        let versions = try await measuring.database.read { try $0.questions.versions(of: question.id) }
        let alike = Set(versions.filter { $0.isMeasuredLike(question.current) }.map(\.id))
        var last: Identifier<Response>?
        while true {
            let after = last
            let page = try await measuring.database.read {
                try $0.scoring.answers(to: question.id, visibleTo: viewer, after: after)
            }
            guard let end = page.last else { return }
            last = end.response
            let (assessor, engine) = (measuring.assessor, measuring.engine)
            let scored = try await measuring.threads.run {
                page.map { answer -> Item? in
                    guard let version = answer.analysis.questionVersion, alike.contains(version),
                        let after = assessor.rescored(
                            answer.assessment, of: answer.transcript,
                            orElse: TranscriptVariant.variants(
                                of: answer.transcript, recognised: answer.recognised ?? answer.transcript,
                                alternatives: answer.alternatives),
                            keyPoints: keyPoints, scoring: scoring, isSameEngine: answer.engine == engine)
                    else { return nil }
                    return Item(
                        response: answer.response, owner: answer.owner, ownerName: answer.ownerName,
                        state: answer.state, analysis: answer.analysis.id, before: answer.assessment.score,
                        after: after, isHidden: answer.isHidden)
                }
            }
            items += scored.compactMap { $0 }
            leftOut += scored.count { $0 == nil }
            analyses += page.map(\.analysis)
        }
    }

    /// What was looked at, in a few characters: another change, another answer or another score has others.
    var fingerprint: String {
        var text = "\(question.current.id) \(scoring.partialCredit.bitPattern) \(scoring.contradictedCredit.bitPattern)"
        for point in keyPoints {
            text +=
                "\n\(point.id) \(point.weight.bitPattern) \(point.isEssential) \(point.isCritical) \(point.isRetired)"
        }
        for item in items {
            let (before, after) = (item.before, item.after.score)
            text += "\n\(item.analysis)"
            for score in [before, after] {
                text += " \(score.low.bitPattern) \(score.point.bitPattern) \(score.high.bitPattern)"
            }
        }
        return Hexadecimal.encode(SHA256.hash(text.utf8))
    }

    /// Makes the change: a new version of the question, by which its answers are scored from now on.
    ///
    /// - Parameters:
    ///   - reason: Why.
    ///   - author: Who decided it.
    ///   - now: When.
    ///   - transaction: Where.
    /// - Returns: The question as it is then; nil when the question or its answers have changed since they were looked at.
    func apply(
        because reason: String, by author: Identifier<User>, at now: Timestamp, in transaction: Transaction
    ) throws -> Question? {
        guard var changed = try transaction.questions.load(question.id), changed.current == question.current,
            try transaction.scoring.analyses(of: question.id) == analyses
        else { return nil }
        var version = question.current
        version.id = Identifier(at: now)
        version.createdAt = now
        version.keyPoints = keyPoints
        version.partialCredit = scoring.partialCredit
        version.contradictedCredit = scoring.contradictedCredit
        let alike = try transaction.questions.versions(of: question.id).filter { $0.isMeasuredLike(version) }
        let rescoring = Rescoring(
            questionVersion: version.id, author: author, reason: reason, answers: items.count,
            changed: items.count(where: \.isChanged), bandsChanged: items.count(where: \.isBandChanged), createdAt: now)
        changed.current = try transaction.scoring.apply(
            rescoring, as: version, of: question.id, inPlaceOf: alike.map(\.id),
            scores: items.map { ($0.analysis, $0.after) })
        return changed
    }
}
