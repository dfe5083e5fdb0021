// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// Spoken answers.
    public var responses: ResponseRepository { ResponseRepository(transaction: self) }
}

/// Spoken answers and how far they have come.
public struct ResponseRepository {
    let transaction: Transaction

    /// Adds a response; its recording must be there.
    ///
    /// - Throws: ``StorageError`` with code `unique` when the recording has a response, `constraint` when something it
    ///   refers to does not exist.
    public func insert(_ response: Response) throws {
        try transaction.run(
            """
            INSERT INTO response
                (id, tenant, owner, question, question_version, chosen_language, recording, state, reason, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            response.id, response.tenant, response.owner, response.question, response.questionVersion,
            response.chosenLanguage, response.recording, response.state, response.reason, response.createdAt)
        try transaction.insight.refresh(response.id)
    }

    /// The response whoever asks; for work that the server does by itself.
    public func load(_ id: Identifier<Response>) throws -> Response? {
        try transaction.run("SELECT \(Self.columns) FROM response r WHERE r.id = ?1", id).first?.decode(Self.response)
    }

    /// The response with what is shown beside it, if the viewer may see it: their own, those of courses they teach,
    /// everything for an administrator.
    public func find(_ id: Identifier<Response>, visibleTo viewer: Viewer) throws -> ResponseDetails? {
        try transaction.run(
            "\(Self.detailsSelect) WHERE \(Self.visible) AND r.id = ?4",
            viewer.user, viewer.tenant, viewer.isAdmin, id
        ).first?.decode(Self.details)
    }

    /// Responses that the viewer may see, newest first.
    ///
    /// - Parameters:
    ///   - question: Only those to this question.
    ///   - course: Only those to questions of this course.
    ///   - owner: Only those of this person.
    ///   - viewer: Who asks.
    ///   - page: Which part of the list.
    public func list(
        question: Identifier<Question>? = nil, course: Identifier<Course>? = nil, owner: Identifier<User>? = nil,
        visibleTo viewer: Viewer, page: PageRequest = PageRequest()
    ) throws -> Page<ResponseDetails> {
        // Each combination of filters has a text, and so a query plan, of its own. The page's ids are found first, by
        // index, and only they are joined with what is shown beside them.
        var conditions = [Self.visible, "r.id < ?4"]
        var arguments: [SQLValue] = [
            viewer.user.sql, viewer.tenant.sql, viewer.isAdmin.sql, page.below.sql, (page.limit + 1).sql,
        ]
        func add(_ condition: (String) -> String, _ value: (any SQLConvertible)?) {
            guard let value else { return }
            arguments.append(value.sql)
            conditions.append(condition("?\(arguments.count)"))
        }
        add({ "r.question = \($0)" }, question)
        add({ "r.question IN (SELECT id FROM question WHERE course = \($0))" }, course)
        add({ "r.owner = \($0)" }, owner)
        if question == nil, course == nil, owner == nil, !viewer.isAdmin {
            conditions.append("r.id IN (\(Self.visibleIDs))")
        }
        let responses = try transaction.run(
            Statement(
                """
                \(Self.detailsSelect) WHERE r.id IN (
                    SELECT r.id FROM response r WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY r.id DESC LIMIT ?5)
                ORDER BY r.id DESC
                """),
            arguments
        ).map { try $0.decode(Self.details) }
        return Page(probing: responses, page) { $0.response.id.text }
    }

    /// Moves a response to another state.
    ///
    /// - Parameters:
    ///   - id: The response.
    ///   - state: Where to; staying where it is is always allowed.
    ///   - reason: Why it is unscorable or has failed, for a person; nil takes an earlier reason away.
    ///   - reasonCode: The same as one of a few stable words, such as `silence`.
    /// - Throws: ``StorageError`` with code `notFound`, or `invalidState` when there is no way from its state to that.
    public func setState(
        _ id: Identifier<Response>, to state: Response.State, reason: String? = nil, reasonCode: String? = nil
    ) throws {
        guard
            let current: Response.State = try transaction.run("SELECT state FROM response WHERE id = ?1", id)
                .first?.single()
        else { throw StorageError.notFound("response") }
        guard current.canBecome(state) else {
            throw StorageError(.invalidState, "a response that is \(current.rawValue) can't become \(state.rawValue)")
        }
        try transaction.run(
            "UPDATE response SET state = ?2, reason = ?3, reason_code = ?4 WHERE id = ?1", id, state, reason,
            reasonCode)
        try transaction.noteChange(of: id)
    }

    /// Removes a response with everything made from it, its recording's row and its jobs.
    ///
    /// - Returns: The paths of the files to unlink when the transaction is durable.
    /// - Throws: ``StorageError`` with code `notFound`.
    public func delete(_ id: Identifier<Response>) throws -> [String] {
        guard
            let recording: Identifier<Recording> = try transaction.run(
                "DELETE FROM response WHERE id = ?1 RETURNING recording", id
            ).first?.single()
        else { throw StorageError.notFound("response") }
        try transaction.run("DELETE FROM job WHERE subject = ?1", id)
        return try transaction.run("DELETE FROM recording WHERE id = ?1 RETURNING path", recording).map {
            try $0.single()
        }
    }

    /// Stores the quality of the audio, replacing what was there.
    public func setAudioQuality(_ measures: [Measure], of id: Identifier<Response>, at time: Timestamp) throws {
        try transaction.run(
            """
            INSERT INTO audio_quality (response, measures, created_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (response) DO UPDATE SET measures = excluded.measures, created_at = excluded.created_at
            """,
            id, MeasureCoding.document(measures), time)
    }

    /// The quality of the audio; nil until it has been decoded.
    public func audioQuality(of id: Identifier<Response>) throws -> [Measure]? {
        guard let row = try transaction.run("SELECT measures FROM audio_quality WHERE response = ?1", id).first else {
            return nil
        }
        return try MeasureCoding.measures(try row.single())
    }

    /// How many responses there are in each state, for metrics.
    public func counts() throws -> [Response.State: Int] {
        let pairs = try transaction.run("SELECT state, count(*) FROM response GROUP BY state").map {
            try $0.decode { (try $0.next(Response.State.self), try $0.next(Int.self)) }
        }
        return Dictionary(pairs) { $1 }
    }
}

extension Response.State {
    /// Whether a response may go from this state to another in one step. A new transcript or a retry leads back from
    /// `unscorable` and `failed`; a mark is never lost by machine work. People may mark what
    /// the machine could not measure.
    public func canBecome(_ next: Response.State) -> Bool {
        if self == next { return true }
        return switch self {
        case .empty: [.uploaded, .failed].contains(next)
        case .uploaded: [.transcribed, .unscorable, .failed].contains(next)
        case .transcribed: [.analysed, .unscorable, .failed].contains(next)
        case .analysed: [.transcribed, .marked].contains(next)
        case .marked: next == .released
        case .released: next == .marked
        case .unscorable, .failed: [.uploaded, .transcribed, .analysed, .marked].contains(next)
        }
    }
}
