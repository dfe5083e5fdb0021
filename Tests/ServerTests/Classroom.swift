// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON
import Storage
import TestSupport
import Testing

@testable import Server

/// A course with many students, a question with two key points, a rubric and a second educator; answers and marks are
/// stored without recognising anything.
struct Classroom: Sendable {
    let school: TestSchool
    let course: String
    let question, rubric: String
    /// Another educator of the course.
    let colleague: Identifier<User>
    private let students: [Identifier<User>]

    /// - Parameters:
    ///   - count: How many students there are, beside the school's own.
    ///   - isWithheld: Whether the question keeps its results until they are released.
    init(students count: Int = 12, isWithheld: Bool = false) async throws {
        school = try await TestSchool()
        course = school.course
        let asked = try await school.server.send(
            .post, "/api/v1/questions", as: school.educator,
            json: [
                "course_id": .string(course), "title": "Paracetamol", "prompt": "How much, and when?",
                "expected_answer": "Take 500 mg after meals.", "withheld": .bool(isWithheld),
                "key_points": [
                    ["id": "dose", "label": "Take 500 mg", "weight": 2], ["id": "when", "label": "after meals"],
                ],
            ])
        question = try #require(asked.json["id"]?.string, "\(asked.text)")
        let levels: JSONValue = .array((0...3).map { ["score": .integer($0), "label": .string("level \($0)")] })
        let made = try await school.server.send(
            .post, "/api/v1/rubrics", as: school.educator,
            json: [
                "course_id": .string(course), "title": "Counselling",
                "criteria": [
                    ["id": "content", "label": "Content", "levels": levels],
                    ["id": "tone", "label": "Tone", "levels": levels],
                ],
                "global_scale": levels,
            ])
        rubric = try #require(made.json["id"]?.string, "\(made.text)")
        _ = try await school.server.send(
            .put, "/api/v1/questions/\(question)/rubric", as: school.educator,
            json: ["rubric_id": .string(rubric), "second_marker_share": 0])

        let now = WallClock.system.now()
        let people = (0..<count).map { index in
            User(
                id: Identifier(at: now), name: "Student \(index)", email: "s\(index)@school.example", role: .student,
                createdAt: now)
        }
        let other = User(
            id: Identifier(at: now), name: "Colleague", email: "colleague@school.example", role: .educator,
            createdAt: now)
        let id: Identifier<Course> = try #require(Identifier(course))
        try await school.server.application.services.database.write { transaction in
            for user in people + [other] {
                try transaction.users.insert(user, passwordHash: nil)
                try transaction.courses.setMember(
                    Membership(course: id, user: user.id, part: user.role == .educator ? .educator : .student), at: now)
            }
        }
        students = people.map(\.id)
        colleague = other.id
    }

    func student(_ index: Int) -> Identifier<User> { students[index] }

    /// The student who can sign in.
    func ownStudent() async throws -> Identifier<User> {
        let me = try await send(.get, "/api/v1/me", as: school.student)
        return try #require(Identifier(me.json["id"]?.string ?? ""))
    }

    /// Stores an analysed answer of a student; see the other one.
    @discardableResult
    func answer(
        _ index: Int, point: Double, points: [String: KeyPointResult.State] = [:], corrected: Bool = false,
        holds: [AnswerScore.Hold] = []
    ) async throws -> Identifier<Response> {
        try await answer(owner: students[index], point: point, points: points, corrected: corrected, holds: holds)
    }

    /// Stores an analysed answer.
    ///
    /// - Parameters:
    ///   - point: The machine's score.
    ///   - points: What became of the key points; those that are contradicted are said from 0.4 to 1.1 s.
    ///   - corrected: Whether a person has corrected its words.
    ///   - holds: Why a person has to look.
    @discardableResult
    func answer(
        owner: Identifier<User>, point: Double, points: [String: KeyPointResult.State] = [:], corrected: Bool = false,
        holds: [AnswerScore.Hold] = []
    ) async throws -> Identifier<Response> {
        let questionID: Identifier<Question> = try #require(Identifier(question))
        let now = WallClock.system.now()
        let recording = Recording(
            id: Identifier(at: now), owner: owner, state: .kept, path: "aa/\(Identifier<Recording>(at: now))", size: 10,
            sha256: "00", createdAt: now)
        return try await school.server.application.services.database.write { transaction in
            let version = try #require(try transaction.questions.load(questionID)).current
            let response = Response(
                id: Identifier(at: now), owner: owner, question: questionID, questionVersion: version.id,
                recording: recording.id, state: .uploaded, createdAt: now)
            try transaction.recordings.insert(recording)
            try transaction.responses.insert(response)
            let numbers = corrected ? [1, 2] : [1]
            for number in numbers {
                let words = "take paracetamol after meals".split(separator: " ").enumerated().map { index, word in
                    Word(text: String(word), start: index * 400, end: index * 400 + 300, confidence: 0.9)
                }
                _ = try transaction.transcripts.append(
                    TranscriptVersion(
                        id: Identifier(at: now), response: response.id, number: 0, origin: number == 1 ? .asr : .human,
                        author: number == 1 ? nil : owner, parent: number == 1 ? nil : 1,
                        engine: number == 1 ? "test/model" : nil,
                        transcript: Transcript(
                            language: "en",
                            segments: [
                                Segment(start: 0, end: 1_500, text: "take paracetamol after meals", words: words)
                            ]),
                        wordErrorRate: number == 1 ? nil : 0.25, createdAt: now), after: number - 1)
                _ = try transaction.analyses.store(
                    Self.analysis(response.id, number, version, point: point, points: points, holds, at: now))
            }
            try transaction.responses.setState(response.id, to: .transcribed)
            try transaction.responses.setState(response.id, to: .analysed)
            return response.id
        }
    }

    private static func analysis(
        _ response: Identifier<Response>, _ number: Int, _ version: QuestionVersion, point: Double,
        points: [String: KeyPointResult.State], _ holds: [AnswerScore.Hold], at now: Timestamp
    ) -> AnalysisResult {
        let span = TextSpan(characters: 5..<16, words: 1..<2)
        let results = version.keyPoints.map { keyPoint in
            let state = points[keyPoint.id] ?? .covered
            return KeyPointResult(
                id: keyPoint.id, state: state, credit: state == .covered ? 1 : state == .partial ? 0.5 : 0,
                evidence: state == .contradicted
                    ? .init(text: "paracetamol after", span: span, time: 400..<1_100) : nil)
        }
        return AnalysisResult(
            id: Identifier(at: now), response: response, transcriptVersion: number, questionVersion: version.id,
            engine: "test",
            measures: [
                Measure("flesch_re", 60 + (point > 0.5 ? 5 : 0), unit: "1"), Measure("word_count", 4, unit: "1"),
                Measure("mattr50", unit: "1", na: "There are fewer than 50 words."),
            ],
            findings: TextFindings(
                entities: [Entity(kind: .drug, span: span, text: "paracetamol")],
                tone: Tone(score: 0.25, sentences: [], model: "test")),
            assessment: AnswerAssessment(
                keyPoints: version.keyPoints, results: results,
                score: AnswerScore(low: point, point: point, high: point, holds: holds)), createdAt: now)
    }

    /// Stores a final mark; by the school's educator unless said otherwise.
    func mark(
        _ response: Identifier<Response>, levels: [String: Int], rating: Int, by marker: Identifier<User>? = nil
    ) async throws {
        let educator = try await send(.get, "/api/v1/me", as: school.educator).json["id"]?.string ?? ""
        let marker = try #require(marker ?? Identifier(educator))
        let rubric: Identifier<Rubric> = try #require(Identifier(rubric))
        let now = WallClock.system.now()
        try await school.server.application.services.database.write { transaction in
            let version = try #require(try transaction.rubrics.current(rubric))
            _ = try transaction.marks.store(
                Mark(
                    id: Identifier(at: now), response: response, rubricVersion: version.id, marker: marker,
                    state: .final, levels: levels, globalRating: rating, score: version.score(of: levels),
                    createdAt: now, updatedAt: now), after: 0)
            try transaction.grades.settle(response, by: version, at: now)
        }
    }

    /// Has an administrator choose the groups that may be declared.
    func declareGroups() async throws {
        let chosen = try await send(
            .put, "/api/v1/groups", as: school.admin,
            json: ["attribute": "First language", "choices": ["English", "Another"]])
        #expect(chosen.status == 200, "\(chosen.text)")
    }

    /// Stores the group of a student.
    func declare(_ index: Int, _ group: String) async throws {
        let student = students[index]
        try await school.server.application.services.database.write {
            try $0.users.setDeclaredGroup(group, of: student)
        }
    }

    /// Reads something of the course as its educator.
    func get(_ path: String) async throws -> TestServer.Reply {
        try await send(.get, "/api/v1/courses/\(course)/\(path)", as: school.educator)
    }

    func send(
        _ method: HTTPMethod, _ path: String, as token: String?, headers: HTTPHeaders = HTTPHeaders(),
        json: JSONValue? = nil
    ) async throws -> TestServer.Reply {
        guard let json else { return try await school.server.send(method, path, as: token, headers: headers) }
        return try await school.server.send(method, path, as: token, headers: headers, json: json)
    }
}
