// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

extension Transaction {
    /// Answers that wait for people.
    public var markingQueue: MarkingQueue { MarkingQueue(transaction: self) }
}

/// How far the marking of an answer has come.
public enum MarkingState: String, Sendable, Hashable, CaseIterable {
    /// It can be marked, and nobody has finished.
    case unmarked
    /// The machine could not measure it; a person may still listen and mark.
    case unscorable
    /// Its markers differ.
    case moderation
    /// It has a grade that has not been released.
    case marked
    /// The student has the grade.
    case released
}

extension MarkingState: SQLConvertible {}

/// One answer of the queue.
public struct MarkingItem: Sendable, Hashable {
    /// The answer.
    public var response: Identifier<Response>
    /// Who answered.
    public var owner: Identifier<User>
    /// Their name.
    public var ownerName: String
    /// The course.
    public var course: Identifier<Course>
    /// The question.
    public var question: Identifier<Question>
    /// The title of the version that was answered.
    public var questionTitle: String
    /// How long the recording is, in seconds.
    public var duration: Double?
    /// When it was received.
    public var createdAt: Timestamp
    /// How far its marking has come.
    public var state: MarkingState
    /// How many markers have finished.
    public var finalMarks: Int
    /// How far the viewer's own mark has come; nil when they have not begun.
    public var ownMark: Mark.State?
    /// Whether a critical key point was contradicted, or can't be told, by the machine.
    public var isCritical: Bool
    /// How wide the machine's interval is; 1 where it has none.
    public var width: Double
}

/// Where a page of the queue ends.
public struct MarkingCursor: Sendable, Hashable {
    let isCritical: Bool
    let width: Double
    let response: Identifier<Response>

    init(_ item: MarkingItem) {
        isCritical = item.isCritical
        width = item.width
        response = item.response
    }

    /// Reads the text form; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "0" || parts[0] == "1", let bits = UInt64(parts[1], radix: 16),
            Double(bitPattern: bits).isFinite, let response = Identifier<Response>(parts[2])
        else { return nil }
        isCritical = parts[0] == "1"
        width = Double(bitPattern: bits)
        self.response = response
    }

    /// The text form.
    public var text: String { "\(isCritical ? 1 : 0).\(String(width.bitPattern, radix: 16)).\(response)" }
}

/// Answers that wait for people: where the machine is least sure first.
public struct MarkingQueue {
    let transaction: Transaction

    /// A page of the answers that the viewer teaches, without their own: those with a critical doubt first, then the
    /// widest interval, then the oldest.
    ///
    /// - Parameters:
    ///   - state: How far their marking has come.
    ///   - course: Only answers to questions of this course.
    ///   - viewer: Who asks.
    ///   - limit: How many at most.
    ///   - cursor: Where the page before ended.
    public func list(
        _ state: MarkingState, course: Identifier<Course>? = nil, visibleTo viewer: Viewer, limit: Int,
        after cursor: MarkingCursor? = nil
    ) throws -> Page<MarkingItem> {
        let items = try transaction.run(
            """
            WITH item AS (\(Self.items(course, columns: Self.uncertainty, join: Self.newestAssessment)))
            SELECT i.id, r.owner, u.name, q.course, q.id, v.title, a.duration, r.created_at, i.state,
                (SELECT count(*) FROM mark m WHERE m.response = i.id AND m.kind = 'marker' AND m.state = 'final'),
                (SELECT m.state FROM mark m WHERE m.response = i.id AND m.kind = 'marker' AND m.marker = ?1),
                i.critical, i.width
            FROM item i
            JOIN response r ON r.id = i.id
            JOIN "user" u ON u.id = r.owner
            JOIN question q ON q.id = r.question
            JOIN question_version v ON v.id = r.question_version
            JOIN recording a ON a.id = r.recording
            WHERE i.state = ?5 AND (?6 IS NULL OR i.critical < ?6 OR (i.critical = ?6
                AND (i.width < ?7 OR (i.width = ?7 AND i.id > ?8))))
            ORDER BY i.critical DESC, i.width DESC, i.id LIMIT ?9
            """,
            viewer.user, viewer.tenant, viewer.isAdmin, course, state, cursor?.isCritical, cursor?.width,
            cursor?.response, limit + 1
        ).map { row in
            try row.decode { columns in
                MarkingItem(
                    response: try columns.next(), owner: try columns.next(), ownerName: try columns.next(),
                    course: try columns.next(), question: try columns.next(), questionTitle: try columns.next(),
                    duration: try columns.next(), createdAt: try columns.next(), state: try columns.next(),
                    finalMarks: try columns.next(), ownMark: try columns.next(), isCritical: try columns.next(),
                    width: try columns.next())
            }
        }
        return Page(probing: items, PageRequest(limit: limit)) { MarkingCursor($0).text }
    }

    /// How many answers there are in each state; those without any are absent.
    public func counts(course: Identifier<Course>? = nil, visibleTo viewer: Viewer) throws -> [MarkingState: Int] {
        let pairs = try transaction.run(
            "WITH item AS (\(Self.items(course))) SELECT state, count(*) FROM item WHERE state IS NOT NULL GROUP BY state",
            viewer.user, viewer.tenant, viewer.isAdmin, course
        ).map { try $0.decode { (try $0.next(MarkingState.self), try $0.next(Int.self)) } }
        return Dictionary(pairs) { $1 }
    }

    /// Takes the viewer's user, tenant and administratorship as ?1, ?2 and ?3, and the course as ?4.
    private static func items(
        _ course: Identifier<Course>?, columns: String = "", join: String = ""
    ) -> String {
        """
        SELECT r.id AS id,
            CASE WHEN g.moderation = 1 THEN 'moderation'
                WHEN r.state IN ('marked', 'released') THEN r.state
                WHEN r.state = 'analysed' THEN 'unmarked'
                WHEN r.state IN ('unscorable', 'failed') THEN 'unscorable' END AS state
            \(columns)
        FROM question q
        JOIN response r ON r.question = q.id
        LEFT JOIN grade g ON g.response = r.id
        \(join)
        WHERE r.tenant = ?2 AND r.owner <> ?1 AND \(course == nil ? "?4 IS NULL" : "q.course = ?4")
            AND (?3 = 1 OR EXISTS (
                SELECT 1 FROM membership m WHERE m.course = q.course AND m."user" = ?1 AND m.part = 'educator'))
        """
    }

    /// Whether the newest assessment has a critical doubt, and how wide its interval is; what was never assessed is as
    /// uncertain as can be.
    private static let uncertainty = """
        , coalesce(s.holds LIKE '%"critical!_%' ESCAPE '!', 0) AS critical, coalesce(s.high - s.low, 1.0) AS width
        """

    private static let newestAssessment = """
        LEFT JOIN assessment s ON s.analysis = (
            SELECT n.id FROM analysis n JOIN assessment ON assessment.analysis = n.id WHERE n.response = r.id
            ORDER BY n.transcript_version DESC, n.created_at DESC, n.id DESC LIMIT 1)
        """
}
