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

extension TestSchool {
    /// Makes a question of the course.
    ///
    /// - Returns: Its path.
    func ask(_ title: String = "Ibuprofen", keyPoints: JSONValue, isWithheld: Bool = false) async throws -> String {
        let made = try await server.send(
            .post, "/api/v1/questions", as: educator,
            json: [
                "course_id": .string(course), "title": .string(title), "prompt": "May he take ibuprofen?",
                "expected_answer": "No, he takes warfarin. Offer paracetamol.", "language": "en",
                "key_points": keyPoints, "withheld": .bool(isWithheld),
            ])
        return "/api/v1/questions/\(try #require(made.json["id"]?.string, "\(made.text)"))"
    }

    /// Stores an answer as if a recogniser had written these words, measured as every answer is.
    ///
    /// - Returns: Its path.
    func say(
        _ text: String, to question: String, as token: String, confidence: Double = 0.95,
        engine: String = "whisper/test", quality: [Measure] = [], alternatives: [HeardAlternatives] = []
    ) async throws -> String {
        let me = try await server.send(.get, "/api/v1/me", as: token)
        let owner: Identifier<User> = try #require(Identifier(me.json["id"]?.string ?? ""))
        let questionID: Identifier<Question> = try #require(Identifier(question.split(separator: "/").last ?? ""))
        let services = server.application.services
        let now = WallClock.system.now()
        var recording = Recording(
            id: Identifier(at: now), owner: owner, state: .kept, path: "aa/\(Identifier<Recording>(at: now))", size: 10,
            sha256: "00", createdAt: now)
        recording.duration = Double(text.split(separator: " ").count) * 0.4 + 1
        let current = try #require(try await services.database.read { try $0.questions.load(questionID) }).current
        let response = Response(
            id: Identifier(at: now), owner: owner, question: questionID, questionVersion: current.id,
            recording: recording.id, state: .uploaded, createdAt: now)
        let words = text.split(separator: " ").enumerated().map { index, word in
            Word(text: String(word), start: index * 400, end: index * 400 + 300, confidence: confidence)
        }
        let version = TranscriptVersion(
            id: Identifier(at: now), response: response.id, number: 1, origin: .asr, engine: engine,
            transcript: Transcript(
                language: "en",
                segments: [Segment(start: 0, end: words.count * 400, text: text, words: words)]),
            alternatives: alternatives, createdAt: now)
        let stored = recording
        try await services.database.write { transaction in
            try transaction.recordings.insert(stored)
            try transaction.recordings.setContent(stored.id, format: "wav/pcm_s16le", duration: stored.duration ?? 0)
            try transaction.responses.insert(response)
            if !quality.isEmpty { try transaction.responses.setAudioQuality(quality, of: response.id, at: now) }
            _ = try transaction.transcripts.append(version, after: 0)
            try transaction.responses.setState(response.id, to: .transcribed)
        }
        let analysis = try await services.measuring.analysis(of: version, response: response, recording: recording)
        try await services.database.write { transaction in
            _ = try transaction.analyses.store(analysis)
            try transaction.responses.setState(response.id, to: .analysed)
        }
        return "/api/v1/responses/\(response.id)"
    }

    /// Computes all stored analyses again.
    func verified() async throws -> [AnalysisVerification.Outcome] {
        let services = server.application.services
        var outcomes: [AnalysisVerification.Outcome] = []
        try await AnalysisVerification(database: services.database, measuring: services.measuring).run {
            outcomes.append($0.outcome)
        }
        return outcomes
    }
}
