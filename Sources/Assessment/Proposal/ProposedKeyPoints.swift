// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// Proposes key points from several expected answers: what all of them say once for all, the rest for those that say it.
struct ProposedKeyPoints {
    let reader: StatementReader

    /// The most key points that are proposed for a question.
    static let most = 100

    /// The key points of one or several expected answers, in the order in which they are said.
    func keyPoints(from answers: [String]) -> [KeyPoint] {
        let proposer = KeyPointProposer(reader: reader)
        guard answers.count > 1 else { return answers.first.map(proposer.keyPoints) ?? [] }
        var points: [Point] = []
        for (index, answer) in answers.enumerated() {
            for keyPoint in proposer.keyPoints(from: answer) {
                let other = Point(keyPoint, reader)
                if let place = points.firstIndex(where: { isSame($0, other) }) {
                    points[place].add(keyPoint, of: index + 1)
                } else if points.count < Self.most {
                    var other = other
                    other.keyPoint.id = KeyPointProposer.unique(keyPoint.id, among: points.map(\.keyPoint))
                    other.keyPoint.expectedAnswers = [index + 1]
                    points.append(other)
                }
            }
        }
        return points.map { point in
            var keyPoint = point.keyPoint
            if keyPoint.expectedAnswers.count == answers.count { keyPoint.expectedAnswers = [] }
            return keyPoint
        }
    }

    /// A key point with its label, read as what is asked for and as what is said.
    private struct Point {
        var keyPoint: KeyPoint
        let asked: ReadKeyPoint
        let said: Window?

        init(_ keyPoint: KeyPoint, _ reader: StatementReader) {
            self.keyPoint = keyPoint
            let text = AnswerText(keyPoint.label, language: reader.language)
            let statements = reader.statements(of: text)
            asked = ReadKeyPoint(keyPoint, label: text, statements, reader: reader)
            said = statements.isEmpty ? nil : Window(statements.indices, of: statements)
        }

        /// Notes that another expected answer says the same, perhaps in other words.
        mutating func add(_ other: KeyPoint, of number: Int) {
            if keyPoint.expectedAnswers.last != number { keyPoint.expectedAnswers.append(number) }
            keyPoint.isEssential = keyPoint.isEssential || other.isEssential
            keyPoint.isCritical = keyPoint.isCritical || other.isCritical
            if keyPoint.label.lowercased() != other.label.lowercased(), !keyPoint.phrases.contains(other.label) {
                keyPoint.phrases.append(other.label)
            }
        }
    }

    /// Whether each says all of the other.
    private func isSame(_ one: Point, _ other: Point) -> Bool {
        if one.keyPoint.label.lowercased() == other.keyPoint.label.lowercased() { return true }
        guard let first = one.said, let second = other.said, one.asked.drugs == other.asked.drugs,
            one.asked.numbers.count == other.asked.numbers.count
        else { return false }
        return says(first, other.asked) && says(second, one.asked)
    }

    private func says(_ window: Window, _ keyPoint: ReadKeyPoint) -> Bool {
        let judge = CoverageJudge(language: reader.language, knowledge: reader.knowledge)
        guard let label = keyPoint.wordings.first, judge.match(label, window).share > 0.99 else { return false }
        return judge.verdict(of: window, on: keyPoint, embedding: nil, others: .init()).state == .covered
    }
}
