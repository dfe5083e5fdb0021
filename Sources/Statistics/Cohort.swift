// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The figures of a class.
public struct Cohort: Sendable, Hashable {
    /// What calls for a look at a student. Thresholds: docs/statistics.md.
    public enum StudentFlag: String, Sendable, Hashable, CaseIterable {
        /// No answer was handed in.
        case noAnswers = "no_answers"
        /// The mean score is below 0.4, the two lowest bands.
        case lowScore = "low_score"
        /// Of three scores or more, the mean of the later half is 0.2 below that of the earlier one.
        case falling
        /// Half of the answers or more could not be measured.
        case unscorable
    }

    /// What calls for a look at a question.
    public enum QuestionFlag: String, Sendable, Hashable, CaseIterable {
        /// The mean score is below 0.4.
        case lowScore = "low_score"
        /// A fifth of the answers or more could not be measured.
        case unscorable
        /// More than half of the answers miss or contradict one of its key points.
        case missedKeyPoint = "missed_key_point"
    }

    /// One student's figures.
    public struct StudentFigures: Sendable, Hashable {
        /// The student.
        public let student: CohortReport.Label
        /// How many answers they gave.
        public let answers: Int
        /// How many of them could not be measured.
        public let unscorable: Int
        /// The mean score; nil without scores.
        public let score: Double?
        /// The measures' means in order; nil without values.
        public let measures: [Double?]
        /// The newest score for each question, in order; nil where there is none.
        public let questionScores: [Double?]
        /// What calls for a look.
        public let flags: [StudentFlag]
    }

    /// One question's figures.
    public struct QuestionFigures: Sendable, Hashable {
        /// The question.
        public let question: CohortReport.Question
        /// How many answers it got.
        public let answers: Int
        /// By how many students.
        public let students: Int
        /// How many of the answers could not be measured.
        public let unscorable: Int
        /// The mean score.
        public let score: Statistic
        /// The measures' means in order; nil without values.
        public let measures: [Double?]
        /// What calls for a look.
        public let flags: [QuestionFlag]
    }

    /// Something to listen to.
    public struct Example: Sendable, Hashable {
        /// The response's identifier.
        public let response: String
        /// What became of the key point in it.
        public let state: CohortReport.State
        /// When the words that show it begin, in milliseconds; nil where nothing shows it.
        public let start: Int?
        /// When they end.
        public let end: Int?
    }

    /// What became of one key point in a class.
    public struct KeyPoint: Sendable, Hashable {
        /// The question's identifier.
        public let question: String
        /// Its own.
        public let id: String
        /// What people call it.
        public let label: String
        /// Answers by state.
        public let counts: [CohortReport.State: Int]
        /// The share of answers in which it is missing or contradicted, of those in which it can be told.
        public let missed: Statistic
        /// What to listen to, at most five: answers that contradict it, with the moment, before those that miss it.
        public let examples: [Example]
    }

    /// How many answers there are.
    public let answers: Int
    /// The scores' distribution.
    public let score: Distribution
    /// How many scores lie in each tenth of 0...1; a score on an edge belongs to the tenth above.
    public let histogram: [Int]
    /// The measures' distributions in order.
    public let measures: [Distribution]
    /// The students, those who need a look first, then in the order they came in.
    public let students: [StudentFigures]
    /// The questions in order.
    public let questions: [QuestionFigures]
    /// The key points, the most missed first.
    public let keyPoints: [KeyPoint]

    /// Below so much, a mean score calls for a look.
    static let lowScore = 0.4

    init(
        answers: [CohortReport.Answer], students: [CohortReport.Label], questions: [CohortReport.Question],
        measures keys: [String], bootstrap: Bootstrap
    ) {
        self.answers = answers.count
        let scores = answers.compactMap(\.score)
        let columns =
            [answers.map(\.score)] + keys.indices.map { key in answers.map { $0.measure(key) } }
        let distributions = Distribution.describe(columns, bootstrap: bootstrap)
        score = distributions[0]
        measures = Array(distributions.dropFirst())
        histogram = scores.reduce(into: [Int](repeating: 0, count: 10)) { counts, score in
            // 0.3 may have become a little less on its way.
            if score.isFinite { counts[min(9, max(0, Int((score * 10 + 1e-9).rounded(.down))))] += 1 }
        }

        // Answers are many, and grouped by their places so that they are not copied.
        let byQuestion = Dictionary(grouping: answers.indices) { answers[$0].question }
        let asked = questions.map { byQuestion[$0.id] ?? [] }
        let found = zip(questions, asked).map { question, own in
            question.keyPoints.map { label in own.map { answers[$0].keyPoints[label.id] } }
        }
        // Questions mostly have equally many answers, so that their means are drawn together.
        let means = Distribution.means(
            tables: asked.map { own in [own.map { answers[$0].score }] } + found.map { $0.map(Self.missed) },
            bootstrap: bootstrap)
        let points = questions.indices.flatMap { place in
            Self.keyPoints(of: questions[place], answers, asked[place], found[place], means[questions.count + place])
        }
        keyPoints = points.enumerated().sorted { first, second in
            let one = first.element.missed.value ?? -1
            let other = second.element.missed.value ?? -1
            return one != other ? one > other : first.offset < second.offset
        }.map(\.element)
        let missed = Set(points.filter { ($0.missed.value ?? 0) > 0.5 }.map(\.question))

        self.questions = questions.indices.map { place in
            let question = questions[place]
            let own = asked[place]
            let unscorable = own.count { answers[$0].isUnscorable }
            let score = means[place][0]
            var flags: [QuestionFlag] = []
            if let mean = score.value, mean < Self.lowScore { flags.append(.lowScore) }
            if !own.isEmpty, unscorable * 5 >= own.count { flags.append(.unscorable) }
            if missed.contains(question.id) { flags.append(.missedKeyPoint) }
            return QuestionFigures(
                question: question, answers: own.count, students: Set(own.map { answers[$0].student }).count,
                unscorable: unscorable, score: score, measures: Self.means(keys.count, answers, own), flags: flags)
        }

        let byStudent = Dictionary(grouping: answers.indices) { answers[$0].student }
        self.students = students.map { student in
            Self.figures(of: student, answers, byStudent[student.id] ?? [], questions, keys.count)
        }.enumerated().sorted { first, second in
            let one = first.element.flags.isEmpty
            let other = second.element.flags.isEmpty
            return one != other ? other : first.offset < second.offset
        }.map(\.element)
    }

    /// - Parameter own: The places of the student's answers.
    private static func figures(
        of student: CohortReport.Label, _ answers: [CohortReport.Answer], _ own: [Int],
        _ questions: [CohortReport.Question], _ measures: Int
    ) -> StudentFigures {
        let scores = own.compactMap { answers[$0].score }
        let unscorable = own.count { answers[$0].isUnscorable }
        let mean = Self.mean(scores)
        var flags: [StudentFlag] = []
        if own.isEmpty { flags.append(.noAnswers) }
        if let mean, mean < lowScore { flags.append(.lowScore) }
        if scores.count >= 3, let early = Self.mean(Array(scores.prefix(scores.count / 2))),
            let late = Self.mean(Array(scores.suffix(scores.count / 2))), early - late >= 0.2 - 1e-9
        {
            flags.append(.falling)
        }
        if !own.isEmpty, unscorable * 2 >= own.count { flags.append(.unscorable) }
        var newest: [String: Double] = [:]
        for place in own { if let score = answers[place].score { newest[answers[place].question] = score } }
        return StudentFigures(
            student: student, answers: own.count, unscorable: unscorable, score: mean,
            measures: means(measures, answers, own), questionScores: questions.map { newest[$0.id] }, flags: flags)
    }

    private static func means(_ measures: Int, _ answers: [CohortReport.Answer], _ own: [Int]) -> [Double?] {
        (0..<measures).map { measure in mean(own.compactMap { answers[$0].measure(measure) }) }
    }

    private static func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : Moments(values).mean }

    /// - Parameters:
    ///   - own: The places of the question's answers.
    ///   - found: For each key point what became of it in each of them.
    ///   - missed: For each the share of answers that miss it.
    private static func keyPoints(
        of question: CohortReport.Question, _ answers: [CohortReport.Answer], _ own: [Int],
        _ found: [[CohortReport.Outcome?]], _ missed: [Statistic]
    ) -> [KeyPoint] {
        question.keyPoints.indices.map { place in
            let outcomes = found[place]
            func examples(_ wanted: CohortReport.State) -> [Example] {
                outcomes.indices.lazy.filter { outcomes[$0]?.state == wanted }.prefix(5).map { index in
                    Example(
                        response: answers[own[index]].response, state: wanted,
                        start: outcomes[index]?.time?.lowerBound, end: outcomes[index]?.time?.upperBound)
                }
            }
            var counts: [CohortReport.State: Int] = [:]
            for state in CohortReport.State.allCases {
                let count = outcomes.count { $0?.state == state }
                if count > 0 { counts[state] = count }
            }
            let label = question.keyPoints[place]
            return KeyPoint(
                question: question.id, id: label.id, label: label.text, counts: counts, missed: missed[place],
                examples: Array((examples(.contradicted) + examples(.missing)).prefix(5)))
        }
    }

    /// 1 for each answer that misses a key point, 0 for each that doesn't; nil where it can't be told.
    private static func missed(_ outcomes: [CohortReport.Outcome?]) -> [Double?] {
        outcomes.map { $0.flatMap { isMissed($0.state) }.map { $0 ? 1 : 0 } }
    }

    /// Whether a key point is missing or contradicted; nil where it can't be told.
    static func isMissed(_ state: CohortReport.State) -> Bool? {
        switch state {
        case .covered, .partial: false
        case .missing, .contradicted: true
        case .uncertain: nil
        }
    }
}
