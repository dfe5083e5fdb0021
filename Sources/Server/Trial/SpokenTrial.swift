// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Audio
import Domain
import JSON
import Recognition

/// A spoken answer that is tried: only its samples are left, in memory.
struct SpokenTrial: Sendable {
    /// The question as it is tried, which may be an unsaved draft.
    let question: QuestionVersion
    let hearing: AnswerHearing
    let recogniser: any SpeechRecognizing
    let source: AudioSource
    let prepared: SpeechPipeline.Prepared
    /// Why there is nothing to write down.
    let obstacle: AnswerHearing.Unscorable?
    /// Held until the result is there.
    let ticket: TranscriptionAdmission.Ticket

    /// Takes the samples of a recording and finds the speech.
    ///
    /// - Throws: `AudioError` or `RecognitionError`, as a student's answer would fail.
    init(
        fileAt path: String, question: QuestionVersion, hearing: AnswerHearing, ticket: TranscriptionAdmission.Ticket
    ) async throws {
        self.question = question
        self.hearing = hearing
        self.ticket = ticket
        recogniser = try hearing.recogniser()
        let decoded = try await hearing.speech.decode(path)
        source = decoded.source
        prepared = try await hearing.speech.prepare(decoded)
        obstacle = try hearing.obstacle(in: prepared)
    }

    /// What was said and what becomes of each key point.
    ///
    /// - Parameter progress: Called now and then with what has been written down, from any thread.
    /// - Throws: `RecognitionError`.
    func result(
        _ measuring: AnswerMeasuring, progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> JSONValue {
        if let obstacle { return json(nil, obstacle, nil) }
        let vocabulary = try await measuring.vocabulary(of: question, for: recogniser.engine)
        let recognition = try await hearing.recognition(
            of: prepared, by: recogniser, telling: vocabulary, progress: progress
        ).recognition
        let transcript = recognition.transcript
        if let obstacle = hearing.obstacle(in: transcript) { return json(transcript, obstacle, nil) }
        let assessment = try await measuring.assessment(
            of: recognition, by: question, quality: prepared.quality, writtenBy: recogniser.engine.label)
        let isTooShort = assessment?.isTooShort(transcript, expected: question.expectedAnswer) ?? false
        return isTooShort ? json(transcript, .fewWords, nil) : json(transcript, nil, assessment)
    }

    private func json(
        _ transcript: Transcript?, _ obstacle: AnswerHearing.Unscorable?, _ assessment: AnswerAssessment?
    ) -> JSONValue {
        let state = obstacle == nil ? Response.State.analysed : .unscorable
        var object: JSONObject = [
            "status": .string(state.rawValue),
            "reason": .optional(obstacle?.text),
            "reason_code": .optional(obstacle?.reason.rawValue),
            "recording": [
                "duration": .number(prepared.waveform.duration), "format": .string(source.format),
                "quality": .array(prepared.quality.map { MeasureView.json($0, in: .transcript([])) }),
            ],
            "engine": ResponseView.engine(recogniser.engine.label, [recogniser.engine]),
            "transcript": transcript.map { .object(TranscriptView.members($0)) } ?? .null,
        ]
        for member in KeyPointView.members(assessment).members { object[member.key] = member.value }
        return .object(object)
    }
}
