// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import JSON

extension Transaction {
    /// The steps from a recording to its measures, each stored on its own.
    public var stages: StageRepository { StageRepository(transaction: self) }
}

/// How one step of the work on a response stands.
public struct StageResult: Sendable, Hashable {
    /// How far a step has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Its turn has not come.
        case waiting
        /// It is being worked on.
        case running
        /// Its result is stored.
        case done
        /// It could not be done; ``StageResult/error`` says why.
        case failed
    }

    /// Which step.
    public var stage: Response.Stage
    /// How far it has come.
    public var state: State
    /// How long it took, in seconds; nil until it has ended.
    public var seconds: Double?
    /// Why it failed, for a person.
    public var error: String?
    /// What it found, if later steps or a retry can go on from that; the form is the stage's own.
    public var result: JSONValue?
    /// When it was stored; nil when nothing has been.
    public var updatedAt: Timestamp?

    /// Creates a result.
    public init(
        _ stage: Response.Stage, _ state: State, seconds: Double? = nil, error: String? = nil,
        result: JSONValue? = nil, updatedAt: Timestamp? = nil
    ) {
        self.stage = stage
        self.state = state
        self.seconds = seconds
        self.error = error
        self.result = result
        self.updatedAt = updatedAt
    }
}

extension StageResult.State: SQLConvertible {}

/// The steps from a recording to its measures, each stored on its own, so that a late failure loses nothing earlier.
public struct StageRepository {
    let transaction: Transaction

    /// Stores how a step stands, replacing what was there.
    public func set(_ result: StageResult, of response: Identifier<Response>, at time: Timestamp) throws {
        try transaction.run(
            """
            INSERT INTO stage_result (response, stage, state, seconds, error, result, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (response, stage) DO UPDATE SET state = excluded.state, seconds = excluded.seconds,
                error = excluded.error, result = excluded.result, updated_at = excluded.updated_at
            """,
            response, result.stage, result.state, result.seconds, result.error, result.result, time)
    }

    /// How all steps stand, in their order; those that nothing is stored about wait.
    public func list(of response: Identifier<Response>) throws -> [StageResult] {
        let stored = try transaction.run(
            "SELECT stage, state, seconds, error, result, updated_at FROM stage_result WHERE response = ?1", response
        ).map { row in
            try row.decode { columns in
                StageResult(
                    try columns.next(), try columns.next(), seconds: try columns.next(), error: try columns.next(),
                    result: try columns.next(), updatedAt: try columns.next())
            }
        }
        return Response.Stage.allCases.map { stage in
            stored.first { $0.stage == stage } ?? StageResult(stage, .waiting)
        }
    }

    /// Forgets steps that have failed or were interrupted, so that a retry begins with them; done ones stay.
    public func resetUnfinished(of response: Identifier<Response>) throws {
        try transaction.run("DELETE FROM stage_result WHERE response = ?1 AND state <> 'done'", response)
    }
}
