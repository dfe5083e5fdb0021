// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON
import Storage

/// Sends what has changed about a response since it was last told, as server-sent events.
struct ProgressReporter {
    private let response: Identifier<Response>
    private let database: any Database
    private let isSealed: Bool
    private var stages: [Response.Stage: StageResult.State] = [:]
    private var state: Response.State?

    /// Creates a reporter that has told nothing yet, so that the first report is the whole present state.
    ///
    /// - Parameter isSealed: Whether the watcher may not know yet whether the answer has been marked.
    init(response: Identifier<Response>, database: any Database, isSealed: Bool) {
        self.response = response
        self.database = database
        self.isSealed = isSealed
    }

    /// Tells what the database says now.
    ///
    /// - Returns: Whether more may come; false after the last event.
    mutating func report(to stream: EventStream) async throws -> Bool {
        let id = response
        let current = try await database.read { transaction -> (Response, String?, [StageResult])? in
            guard let response = try transaction.responses.load(id) else { return nil }
            let failure = try transaction.stages.list(of: id)
            return (response, response.reason, failure)
        }
        guard let (response, reason, results) = current else {
            try await stream.send(event: "done", data: JSONValue.object(["status": "deleted"]).text)
            return false
        }
        for result in results where stages[result.stage] != result.state {
            stages[result.stage] = result.state
            guard result.state != .waiting else { continue }
            try await report(result.stage, result.state == .done ? 1 : 0, to: stream)
        }
        let seen = isSealed ? ResponseView.sealed(response.state) : response.state
        let isEnded = Self.isEnded(seen)
        if seen != state {
            state = seen
            let data: JSONValue = ["status": .string(seen.rawValue), "reason": .optional(reason)]
            try await stream.send(event: "status", data: data.text)
            if isEnded { try await stream.send(event: "done", data: data.text) }
        }
        return !isEnded
    }

    /// Tells how far a stage has come, 0...1.
    func report(_ stage: Response.Stage, _ share: Double, to stream: EventStream) async throws {
        let state = stages[stage] ?? .running
        try await stream.send(event: "stage", data: Self.json(stage, state, share).text)
    }

    /// How far a stage has come, 0...1.
    static func json(_ stage: Response.Stage, _ state: StageResult.State, _ share: Double) -> JSONValue {
        [
            "stage": .string(stage.rawValue), "state": .string(state.rawValue),
            "progress": .number((share * 1000).rounded() / 1000),
        ]
    }

    /// A segment as it is shown while more are still being written.
    static func json(_ segment: Segment) -> JSONValue {
        [
            "start": TranscriptView.seconds(segment.start), "end": TranscriptView.seconds(segment.end),
            "text": .string(segment.text),
        ]
    }

    /// Whether the pipeline has nothing more to do.
    static func isEnded(_ state: Response.State) -> Bool {
        switch state {
        case .analysed, .marked, .released, .unscorable, .failed: true
        case .empty, .uploaded, .transcribed: false
        }
    }
}
