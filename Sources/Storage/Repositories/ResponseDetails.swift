// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// A response with what is shown beside it, read in one statement.
public struct ResponseDetails: Sendable, Hashable {
    /// The response.
    public var response: Response
    /// Why it is unscorable or has failed, as one of a few stable words.
    public var reasonCode: String?
    /// The name of who answered.
    public var ownerName: String
    /// The course of the question.
    public var course: Identifier<Course>?
    /// The viewer's part in that course; nil for strangers to it.
    public var viewerPart: Membership.Part?
    /// The title of the version that was answered.
    public var questionTitle: String?
    /// Whether its student sees nothing of the results yet: the question withholds them until they are released.
    public var isWithheld: Bool
    /// The recording.
    public var recording: Recording
    /// The number of the newest transcript version; nil when there is none.
    public var transcriptVersion: Int?
    /// What the recogniser said about its latest transcript; nil when there is none.
    public var recognition: RecognisedBy?

    /// What a recogniser said about its transcript.
    public struct RecognisedBy: Sendable, Hashable {
        /// The engine and model, such as `pocketsphinx/en-us`.
        public var engine: String?
        /// The language it heard or was told (BCP 47).
        public var language: String?
        /// How sure it was of the language; nil when it was told.
        public var languageProbability: Double?
    }
}

extension ResponseRepository {
    static let columns = """
        r.id, r.tenant, r.owner, r.question, r.question_version, r.chosen_language, r.recording, r.state, r.reason,
        r.created_at
        """

    /// Holds for what a viewer may see; takes the viewer's user, tenant and administratorship as ?1, ?2 and ?3.
    static let visible = """
        r.tenant = ?2 AND (?3 = 1 OR r.owner = ?1 OR EXISTS (
            SELECT 1 FROM question vq JOIN membership vm ON vm.course = vq.course
            WHERE vq.id = r.question AND vm."user" = ?1 AND vm.part = 'educator'))
        """

    /// The ids of what a viewer who is no administrator may see, found by index.
    static let visibleIDs = """
        SELECT id FROM response WHERE owner = ?1
        UNION SELECT vr.id FROM membership vm
            JOIN question vq ON vq.course = vm.course JOIN response vr ON vr.question = vq.id
            WHERE vm."user" = ?1 AND vm.part = 'educator'
        """

    /// Takes the viewer's user as ?1.
    static let detailsSelect = """
        SELECT \(columns), r.reason_code, u.name, q.course,
            (SELECT part FROM membership WHERE course = q.course AND "user" = ?1), qv.title,
            (coalesce(qv.withheld, 0) = 1 AND r.state <> 'released'), \(RecordingRepository.columns),
            (SELECT max(number) FROM transcript_version WHERE response = r.id),
            t.number, t.engine, t.language, t.language_probability
        FROM response r
        JOIN "user" u ON u.id = r.owner
        JOIN recording a ON a.id = r.recording
        LEFT JOIN question q ON q.id = r.question
        LEFT JOIN question_version qv ON qv.id = r.question_version
        LEFT JOIN transcript_version t ON t.response = r.id AND t.number = (
            SELECT max(number) FROM transcript_version WHERE response = r.id AND origin = 'asr')
        """

    static func response(_ columns: inout Columns) throws -> Response {
        Response(
            id: try columns.next(), tenant: try columns.next(), owner: try columns.next(),
            question: try columns.next(), questionVersion: try columns.next(), chosenLanguage: try columns.next(),
            recording: try columns.next(), state: try columns.next(), reason: try columns.next(),
            createdAt: try columns.next())
    }

    static func details(_ columns: inout Columns) throws -> ResponseDetails {
        ResponseDetails(
            response: try response(&columns), reasonCode: try columns.next(), ownerName: try columns.next(),
            course: try columns.next(), viewerPart: try columns.next(), questionTitle: try columns.next(),
            isWithheld: try columns.next(), recording: try RecordingRepository.recording(&columns),
            transcriptVersion: try columns.next(),
            recognition: try recognition(&columns))
    }

    private static func recognition(_ columns: inout Columns) throws -> ResponseDetails.RecognisedBy? {
        let number: Int? = try columns.next()
        let recognition = ResponseDetails.RecognisedBy(
            engine: try columns.next(), language: try columns.next(), languageProbability: try columns.next())
        return number == nil ? nil : recognition
    }
}
