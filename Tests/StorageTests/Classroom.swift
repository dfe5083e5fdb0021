// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

@testable import Storage

/// A course with an educator, a student and a question, beside people who don't belong to it.
struct Classroom: Sendable {
    let educator = User.sample("educator", role: .educator)
    let student = User.sample("student")
    let classmate = User.sample("classmate")
    let stranger = User.sample("stranger", role: .educator)
    let admin = User.sample("admin", role: .admin)
    let course = Course.sample()
    let question: Question

    init() {
        question = Question(
            id: Identifier(at: noon), course: course.id, current: .sample(1, "What is warfarin?"), createdAt: noon)
    }

    /// Writes everything.
    func insert(into transaction: Transaction) throws {
        for user in [educator, student, classmate, stranger, admin] {
            try transaction.users.insert(user, passwordHash: nil)
        }
        try transaction.courses.insert(course)
        for (user, part) in [(educator, Membership.Part.educator), (student, .student), (classmate, .student)] {
            try transaction.courses.setMember(
                Membership(course: course.id, user: user.id, part: part), at: noon)
        }
        try transaction.questions.insert(question)
    }

    /// Writes a response with its recording.
    @discardableResult
    func answer(
        _ transaction: Transaction, by owner: User? = nil, to question: Question?, at time: Timestamp = noon
    ) throws -> Response {
        let owner = owner ?? student
        let id = Identifier<Recording>(at: time)
        let recording = Recording(
            id: id, owner: owner.id, state: .kept, path: "ab/\(id)", size: 1234, sha256: "00ff",
            originalName: "take \"1\".webm", createdAt: time)
        let response = Response(
            id: Identifier(at: time), owner: owner.id, question: question?.id,
            questionVersion: question?.current.id, chosenLanguage: "en", recording: id, state: .uploaded,
            createdAt: time)
        try transaction.recordings.insert(recording)
        try transaction.responses.insert(response)
        return response
    }
}

extension QuestionVersion {
    static func sample(_ number: Int, _ title: String, language: String? = "en") -> QuestionVersion {
        QuestionVersion(
            id: Identifier(at: noon), number: number, title: title, prompt: "Explain: \(title)",
            expectedAnswer: "Expected: \(title)", language: language,
            languages: [.init("en"), .init("de-CH", weight: 2.5)], timeLimit: 120, createdAt: noon)
    }
}

extension Transcript {
    static func sample(_ text: String) -> Transcript {
        let words = text.split(separator: " ").enumerated().map { index, word in
            Word(text: String(word), start: index * 400, end: index * 400 + 300, confidence: 0.5)
        }
        return Transcript(
            language: "en", segments: [Segment(start: 0, end: words.last?.end ?? 0, text: text, words: words)])
    }
}

extension TranscriptVersion {
    static func sample(
        _ response: Response, _ text: String, by author: User? = nil, at time: Timestamp = noon
    ) -> TranscriptVersion {
        TranscriptVersion(
            id: Identifier(at: time), response: response.id, number: 0, origin: author == nil ? .asr : .human,
            author: author?.id, parent: author == nil ? nil : 1, engine: author == nil ? "pocketsphinx/en-us" : nil,
            transcript: .sample(text), wordErrorRate: author == nil ? nil : 0.25, createdAt: time)
    }
}
