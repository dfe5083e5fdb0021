// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One spoken answer: to a question, or free speech to be transcribed.
public struct Response: Sendable, Hashable {
    /// How far an answer has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Made, without audio.
        case empty
        /// The recording is safe on disk; work is queued.
        case uploaded
        /// There is a transcript.
        case transcribed
        /// There are measures.
        case analysed
        /// A person has marked it.
        case marked
        /// The student may see the mark.
        case released
        /// Nothing can be measured; Response/reason says why.
        case unscorable
        /// The recording could not be processed; Response/reason says why.
        case failed
    }

    /// Why an answer can't be scored.
    public enum Unscorable: String, Sendable, Hashable, CaseIterable {
        /// No sound above the noise floor.
        case silence
        /// Sound, but no words.
        case noise
        /// Words, but not in the expected language.
        case wrongLanguage = "wrong_language"
        /// Too few words to measure.
        case tooShort = "too_short"
    }

    /// The steps from a recording to its measures, in order.
    public enum Stage: String, Sendable, Hashable, CaseIterable {
        /// Reading the container: format, duration, channels.
        case probe
        /// Decoding to 16 kHz mono and measuring its quality.
        case decode
        /// Finding where somebody speaks.
        case vad
        /// Finding which language is spoken.
        case language
        /// Writing down the words.
        case transcribe
        /// Measuring the text and the fluency.
        case text
        /// Comparing with the expected answer.
        case semantic
    }

    /// Identity.
    public var id: Identifier<Response>
    /// The school or firm.
    public var tenant: String
    /// Who answered.
    public var owner: Identifier<User>
    /// The question and the version of it that was answered; nil for free speech.
    public var question: Identifier<Question>?
    /// The version of the question.
    public var questionVersion: Identifier<QuestionVersion>?
    /// The language that was chosen (BCP 47), or nil for automatic.
    public var chosenLanguage: String?
    /// The recording.
    public var recording: Identifier<Recording>
    /// How far it has come.
    public var state: State
    /// Why it is unscorable or has failed, for a person.
    public var reason: String?
    /// When it was received.
    public var createdAt: Timestamp

    /// Creates a response.
    public init(
        id: Identifier<Response>, tenant: String = Tenant.single, owner: Identifier<User>,
        question: Identifier<Question>? = nil, questionVersion: Identifier<QuestionVersion>? = nil,
        chosenLanguage: String? = nil, recording: Identifier<Recording>, state: State, reason: String? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.tenant = tenant
        self.owner = owner
        self.question = question
        self.questionVersion = questionVersion
        self.chosenLanguage = chosenLanguage
        self.recording = recording
        self.state = state
        self.reason = reason
        self.createdAt = createdAt
    }
}
