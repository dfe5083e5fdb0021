// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Storage
import TestSupport
import Testing

@testable import Server

@Suite("An administrator")
struct AdministratorJourneyTests {
    @Test func `computes a hundred analyses again and finds them as they are, and one that was altered`() async throws {
        let school = try await TestSchool()
        let question = try await school.ask(keyPoints: [
            ["id": "no-ibuprofen", "label": "Ibuprofen is not suitable with warfarin", "critical": true],
            ["id": "paracetamol", "label": "Offer paracetamol 500 mg", "numbers": [["value": 500, "unit": "mg"]]],
        ])
        let bare = "/api/v1/questions/\(school.question)"
        let phrases = [
            "Ibuprofen is not suitable with warfarin.", "Um, ibuprofen is fine.", "Offer paracetamol 500 mg.",
            "Maybe five grams of paracetamol.", "He takes warfarin, so there is a risk of bleeding.",
        ]
        for number in 0..<100 {
            let text = "\(phrases[number % 5]) \(phrases[(number / 5) % 5])"
            _ = try await school.say(
                text, to: number % 10 == 0 ? bare : question, as: school.student,
                confidence: 0.2 + Double(number % 8) / 10, engine: number % 7 == 0 ? "pocketsphinx/en-us" : "whisper/x")
        }
        let services = school.server.application.services
        let verification = AnalysisVerification(database: services.database, measuring: services.measuring)
        #expect(try await verification.count() == 100)
        var outcomes: [AnalysisVerification.Outcome: Int] = [:]
        try await verification.run { outcomes[$0.outcome, default: 0] += 1 }
        #expect(outcomes == [.same: 100])

        try await services.database.write { transaction in
            let (id, number) = try #require(try transaction.analyses.analysed(limit: 1).first)
            var analysis = try #require(try transaction.analyses.find(id, transcriptVersion: number))
            analysis.measures[0].value = (analysis.measures[0].value ?? 0) + 1e-9
            _ = try transaction.analyses.store(analysis)
        }
        outcomes = [:]
        try await verification.run { outcomes[$0.outcome, default: 0] += 1 }
        #expect(outcomes[.same] == 99 && outcomes.count == 2, "\(outcomes)")
    }
}
