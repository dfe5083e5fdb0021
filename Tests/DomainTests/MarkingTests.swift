// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@Suite("Marking")
struct MarkingTests {
    private static let time = Timestamp(milliseconds: 0)

    private static func levels(_ scores: [Int]) -> [RubricVersion.Level] {
        scores.map { RubricVersion.Level(score: $0, label: "level \($0)") }
    }

    /// Two criteria of weights 3 and 1, with four and three levels.
    private static let rubric = RubricVersion(
        id: Identifier(at: time), number: 1, title: "Counselling",
        criteria: [
            RubricVersion.Criterion(id: "content", label: "Content", weight: 3, levels: levels([0, 1, 2, 3])),
            RubricVersion.Criterion(id: "tone", label: "Tone", weight: 1, levels: levels([0, 2, 10])),
        ], globalScale: levels([1, 2, 3]), createdAt: time)

    private static func mark(
        _ content: Int, _ tone: Int, state: Mark.State = .final, kind: Mark.Kind = .marker
    ) -> Mark {
        let levels = ["content": content, "tone": tone]
        return Mark(
            id: Identifier(at: time), response: Identifier(at: time), rubricVersion: rubric.id,
            marker: Identifier(at: time), kind: kind, state: state, levels: levels, score: rubric.score(of: levels),
            createdAt: time, updatedAt: time)
    }

    @Test func `a score is the weighted mean of each level's share of the best`() {
        let rubric = Self.rubric
        #expect(rubric.score(of: ["content": 3, "tone": 10]) == 1)
        #expect(rubric.score(of: ["content": 0, "tone": 0]) == 0)
        // (3 · 2/3 + 1 · 2/10) / 4
        #expect(abs((rubric.score(of: ["content": 2, "tone": 2]) ?? -1) - 0.55) < 1e-12)
        #expect(rubric.score(of: ["content": 2]) == nil, "a criterion is missing")
        #expect(rubric.score(of: ["content": 2, "tone": 1]) == nil, "there is no such level")
    }

    @Test func `a rubric says everything that is wrong with it`() {
        #expect(Self.rubric.faults.isEmpty)
        var wrong = Self.rubric
        wrong.criteria[0].weight = .nan
        wrong.criteria[1].levels = Self.levels([2, 2])
        wrong.globalScale = Self.levels([1])
        #expect(wrong.faults.map(\.field) == ["criteria[0].weight", "criteria[1].levels", "global_scale"])
        wrong = Self.rubric
        wrong.criteria[1].id = "content"
        #expect(wrong.faults.map(\.field) == ["criteria"])
        wrong.criteria = []
        #expect(wrong.faults.map(\.field) == ["criteria"])
    }

    @Test func `marks two levels apart on a criterion disagree, whatever scores those levels have`() throws {
        #expect(MarkDisagreement(between: [Self.mark(2, 2), Self.mark(2, 2)], by: Self.rubric) == nil)
        let far = try #require(MarkDisagreement(between: [Self.mark(3, 2), Self.mark(1, 2)], by: Self.rubric))
        #expect(far.criteria == ["content"])
        #expect(abs(far.scoreDifference - 0.5) < 1e-12)
        // 2 and 10 are neighbours; the scores lie 0.2 apart, which is as far as needs moderation.
        let tone = try #require(MarkDisagreement(between: [Self.mark(1, 2), Self.mark(1, 10)], by: Self.rubric))
        #expect(tone.criteria.isEmpty)
        #expect(MarkDisagreement(between: [Self.mark(1, 0), Self.mark(1, 2)], by: Self.rubric) == nil)
        let corners = MarkDisagreement(between: [Self.mark(1, 0), Self.mark(1, 2), Self.mark(1, 10)], by: Self.rubric)
        #expect(corners?.criteria == ["tone"])
    }

    @Test func `a grade is the newest agreed mark, else the mean of final ones, and never a draft`() throws {
        let (high, low) = (Self.mark(3, 10), Self.mark(2, 2))
        #expect(Grade(marks: []) == nil)
        #expect(Grade(marks: [Self.mark(3, 10, state: .draft)]) == nil)
        let mean = try #require(Grade(marks: [high, low, Self.mark(0, 0, state: .draft)]))
        #expect(abs(mean.score - 0.775) < 1e-12 && mean.source == .marker)
        let agreed = Grade(marks: [high, low, Self.mark(0, 0, kind: .agreed), Self.mark(3, 0, kind: .agreed)])
        #expect(agreed == Grade(score: 0.75, source: .agreed))
    }

    @Test func `the machine's score is a grade only where it is sure of the band and nothing is held`() {
        #expect(
            Grade(machine: AnswerScore(low: 0.6, point: 0.7, high: 0.79)) == Grade(score: 0.7, source: .machine))
        #expect(Grade(machine: AnswerScore(low: 0.59, point: 0.7, high: 0.79)) == nil)
        #expect(Grade(machine: AnswerScore(low: 0.7, point: 0.7, high: 0.7, holds: [.uncertain])) == nil)
    }

    @Test func `a score on the edge of a band belongs to the band above`() {
        let bands = [0, 0.1, 0.2, 0.39, 0.4, 0.6, 0.1 + 0.2 + 0.3, 0.3 * 2, 0.79, 0.8, 1].map(Grade.band)
        #expect(bands == [0, 0, 1, 1, 2, 3, 3, 3, 3, 4, 4])
    }

    @Test func `a reason is needed beyond one band of the machine, and for any change of what was released`() {
        #expect(!Grade.needsReason(for: 0.9, machine: nil, released: nil))
        #expect(!Grade.needsReason(for: 0.5, machine: Self.sure(0.7), released: nil))
        #expect(Grade.needsReason(for: 0.35, machine: Self.sure(0.7), released: nil))
        #expect(Grade.needsReason(for: 1, machine: Self.sure(0.3), released: nil))
        #expect(Grade.needsReason(for: 0.7, machine: Self.sure(0.7), released: 0.65))
        #expect(!Grade.needsReason(for: 0.7, machine: Self.sure(0.7), released: 0.7))
        // A score that waits for a person is none to differ from.
        let held = AnswerScore(low: 0, point: 0, high: 1, holds: [.fallbackRecogniser])
        #expect(!Grade.needsReason(for: 1, machine: held, released: nil))
        let grave = AnswerScore(low: 0, point: 0, high: 0, holds: [.criticalContradicted, .essentialMissing])
        #expect(Grade.needsReason(for: 1, machine: grave, released: nil), "the machine is sure")
    }

    private static func sure(_ point: Double) -> AnswerScore { AnswerScore(low: point, point: point, high: point) }

    @Test func `scores stay between none and all, and grow with every level`() {
        var generator = SplitMix(seed: 7)
        for _ in 0..<500 {
            let criteria = (0..<Int.random(in: 1...6, using: &generator)).map { index in
                var score = Int.random(in: 0...3, using: &generator)
                let scores = (0..<Int.random(in: 2...5, using: &generator)).map { _ in
                    defer { score += Int.random(in: 1...9, using: &generator) }
                    return score
                }
                return RubricVersion.Criterion(
                    id: "c\(index)", label: "c", weight: Double.random(in: 0.1...9, using: &generator),
                    levels: Self.levels(scores))
            }
            var rubric = Self.rubric
            rubric.criteria = criteria
            #expect(rubric.faults.isEmpty)
            var levels: [String: Int] = [:]
            for criterion in criteria { levels[criterion.id] = criterion.levels[0].score }
            var last = rubric.score(of: levels) ?? -1
            #expect((0...1).contains(last))
            for criterion in criteria {
                for level in criterion.levels.dropFirst() {
                    levels[criterion.id] = level.score
                    let score = rubric.score(of: levels) ?? -1
                    #expect(score > last)
                    last = score
                }
            }
            #expect(abs(last - 1) < 1e-12)
        }
    }
}
