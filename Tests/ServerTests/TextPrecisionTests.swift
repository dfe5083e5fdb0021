// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import Models
import TestPrograms
import TestSupport
import Testing

@testable import Server

@Suite("Numbers of text models")
struct TextPrecisionTests {
    private static let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../Fixtures/encoders/xlm-roberta-classes"
    ).standardizedFileURL.path

    @Test func `stored analyses are verified with the numbers that they were made with`() async throws {
        let folder = try TemporaryFolder()
        let home = folder.path("home")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
        try await ModelStore(folder: home + "/models").importModel(ImportRequest(folder: Self.fixture, name: "judge"))
        let school = try await TestSchool {
            $0.home = home
            $0.textPrecision = .f32
        }
        let question = try await school.ask(keyPoints: [["id": "a", "label": "Offer paracetamol"]])
        let answer = try await school.say("I am glad. Offer paracetamol.", to: question, as: school.student)
        let analysis = try await school.server.send(.get, "\(answer)/analysis", as: school.student).json
        #expect(analysis["sentiment"]?["model"]?.string?.hasSuffix("/f32") == true, "\(analysis.text)")

        let services = school.server.application.services
        var configuration = services.configuration
        configuration.textPrecision = .int8
        func outcomes(_ verification: AnalysisVerification) async throws -> [AnalysisVerification.Outcome] {
            var outcomes: [AnalysisVerification.Outcome] = []
            try await verification.run { outcomes.append($0.outcome) }
            return outcomes
        }
        #expect(try await outcomes(AnalysisVerification(configuration)) == [.same])
        // Without knowing how to, others are not compared.
        let other = try AnswerMeasuring(configuration, database: services.database)
        let strange = try await outcomes(AnalysisVerification(database: services.database, measuring: other))
        #expect(strange.count == 1 && strange != [.same])
    }
}
