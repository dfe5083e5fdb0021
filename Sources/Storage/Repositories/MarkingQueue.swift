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
    /// It was chosen for a second marker, and one has finished.
    case second
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
    /// Why the machine could not measure it, as one of a few stable words such as `silence`; nil when it could.
    public var reasonCode: String?
    /// How many markers have finished.
    public var finalMarks: Int
    /// Whether it was chosen for a second marker.
    public var isChosen: Bool
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
///
/// What the order and the states need is kept in a table of its own, `marking_item`, and follows whatever changes it, so
/// that a page of the queue reads a page of an index.
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
            SELECT i.response, i.owner, u.name, i.course, i.question, v.title, a.duration, r.created_at, i.state,
                r.reason_code, i.final_marks, i.chosen,
                (SELECT m.state FROM mark m WHERE m.response = i.response AND m.kind = 'marker' AND m.marker = ?1),
                i.critical, i.width
            FROM marking_item i
            JOIN response r ON r.id = i.response
            JOIN "user" u ON u.id = i.owner
            JOIN question_version v ON v.id = r.question_version
            JOIN recording a ON a.id = r.recording
            WHERE \(Self.visible(course)) AND i.state = ?5 AND (?6 IS NULL OR i.critical < ?6 OR (i.critical = ?6
                AND (i.width < ?7 OR (i.width = ?7 AND i.response > ?8))))
            ORDER BY i.critical DESC, i.width DESC, i.response LIMIT ?9
            """,
            viewer.user, viewer.tenant, viewer.isAdmin, course, state, cursor?.isCritical, cursor?.width,
            cursor?.response, limit + 1
        ).map { row in
            try row.decode { columns in
                MarkingItem(
                    response: try columns.next(), owner: try columns.next(), ownerName: try columns.next(),
                    course: try columns.next(), question: try columns.next(), questionTitle: try columns.next(),
                    duration: try columns.next(), createdAt: try columns.next(), state: try columns.next(),
                    reasonCode: try columns.next(), finalMarks: try columns.next(), isChosen: try columns.next(),
                    ownMark: try columns.next(), isCritical: try columns.next(), width: try columns.next())
            }
        }
        return Page(probing: items, PageRequest(limit: limit)) { MarkingCursor($0).text }
    }

    /// How many answers there are in each state; those without any are absent.
    public func counts(course: Identifier<Course>? = nil, visibleTo viewer: Viewer) throws -> [MarkingState: Int] {
        let pairs = try transaction.run(
            "SELECT i.state, count(*) FROM marking_item i WHERE \(Self.visible(course)) GROUP BY i.state",
            viewer.user, viewer.tenant, viewer.isAdmin, course
        ).map { try $0.decode { (try $0.next(MarkingState.self), try $0.next(Int.self)) } }
        return Dictionary(pairs) { $1 }
    }

    /// Notes what has changed about an answer.
    func refresh(_ response: Identifier<Response>) throws {
        try transaction.run("DELETE FROM marking_item WHERE response = ?1", response)
        try transaction.run("\(Self.insert) AND r.id = ?1", response)
    }

    /// Notes what has changed about all answers to a question.
    func refresh(answersTo question: Identifier<Question>) throws {
        try transaction.run("DELETE FROM marking_item WHERE question = ?1", question)
        try transaction.run("\(Self.insert) AND r.question = ?1", question)
    }

    /// Holds for the items that a viewer marks; takes their user, tenant and administratorship as ?1, ?2 and ?3, and the
    /// course as ?4. Each combination has a text, and so an index, of its own.
    private static func visible(_ course: Identifier<Course>?) -> String {
        """
        \(course == nil
            ? "?4 IS NULL AND i.tenant = ?2" : "i.course = ?4 AND (SELECT tenant FROM course WHERE id = ?4) = ?2")
            AND i.owner <> ?1
            AND (?3 = 1 OR i.course IN (SELECT m.course FROM membership m WHERE m."user" = ?1 AND m.part = 'educator'))
        """
    }

    private static let insert = """
        INSERT INTO marking_item
            (response, tenant, course, question, owner, state, critical, width, final_marks, chosen)
        SELECT id, tenant, course, question, owner, state, critical, width, final_marks, chosen
        FROM (\(SQLiteMigration.markingItems)) r WHERE state IS NOT NULL
        """
}
