// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import Recognition

/// From the samples of one answer to its words, and whether they can be scored: what a job does with an answer that is
/// kept, and a trial with one that is not.
struct AnswerHearing: Sendable {
    let speech: SpeechPipeline
    let metrics: Metrics
    /// The language that was chosen (BCP 47); nil to find it.
    let language: String?
    /// The languages that are listened for when none was chosen; empty for any.
    let expected: [ExpectedLanguage]
    /// The longest answer, in seconds; nil for as long as the server takes.
    let timeLimit: Int?

    /// - Parameters:
    ///   - question: What is answered; nil for free speech.
    ///   - language: The language that was chosen; nil to find it.
    init(speech: SpeechPipeline, metrics: Metrics, question: QuestionVersion?, language: String?) {
        self.speech = speech
        self.metrics = metrics
        self.language = language
        expected = language == nil ? question?.answerLanguages ?? [] : []
        timeLimit = question?.timeLimit
    }

    /// Why an answer that was heard can't be scored.
    struct Unscorable: Sendable, Hashable {
        var reason: Response.Unscorable
        /// What happened and what to do, for a person.
        var text: String

        /// There is sound, but no words.
        static let noise = Unscorable(
            reason: .noise, text: "There is sound in the recording, but no words were understood.")
        /// A word or two that are about nothing that was asked for.
        static let fewWords = Unscorable(
            reason: .tooShort,
            text: "There are too few words for an answer to this question. Record again and say a little more.")
    }

    /// Why nothing can be made of a recording; nil when somebody speaks in it.
    ///
    /// - Throws: `AudioError` when the answer is longer than the question allows.
    func obstacle(in prepared: SpeechPipeline.Prepared) throws -> Unscorable? {
        let duration = prepared.waveform.duration
        if let timeLimit, duration > Double(timeLimit) + Self.grace {
            throw AudioError(
                .tooLong,
                "The recording lasts \(Int(duration.rounded())) seconds; the question allows \(timeLimit).")
        }
        if duration < Self.shortest {
            return Unscorable(
                reason: .tooShort,
                text: "The recording lasts less than half a second, too short for an answer. Record again.")
        }
        guard !prepared.spans.isEmpty else {
            return Unscorable(
                reason: .silence, text: "No speech was found in the recording. Check the microphone and record again.")
        }
        return nil
    }

    /// Browsers stop at the limit, but what they send is a little longer. Seconds.
    private static let grace = 5.0
    /// Nobody answers in less: the recording was ended by mistake. Seconds.
    private static let shortest = 0.5

    /// What writes the answer down.
    ///
    /// - Throws: `RecognitionError` with what is installed when nothing fits.
    func recogniser() throws(RecognitionError) -> any SpeechRecognizing {
        try speech.recognizer(for: language, expecting: expected)
    }

    /// Writes the answer down in the language that is spoken.
    ///
    /// - Parameters:
    ///   - vocabulary: Words that may be said, which the recogniser is told.
    ///   - progress: Called now and then with what has been done, from any thread.
    /// - Returns: What was heard, and the words that the recogniser was told when it wrote that.
    /// - Throws: `RecognitionError`.
    func recognition(
        of prepared: SpeechPipeline.Prepared, by recogniser: any SpeechRecognizing, telling vocabulary: [String],
        progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> (recognition: Recognition, told: [String]) {
        let begun = ContinuousClock.now
        var told = vocabulary
        var recognition = try await recogniser.transcribe(
            prepared.waveform,
            options: RecognitionOptions(
                language: language, expectedLanguages: expected, vocabulary: vocabulary, alternatives: Self.alternatives
            ),
            progress: progress)
        if let spoken = languageInstead(recognition.transcript, prepared, recogniser.engine) {
            // What was written is no more than the model's translation, and the words are another language's.
            told = []
            recognition = try await recogniser.transcribe(
                prepared.waveform,
                options: RecognitionOptions(language: spoken.language, alternatives: Self.alternatives),
                progress: progress)
            recognition.transcript.isFound(in: spoken)
        }
        metrics.transcribed(
            audio: prepared.waveform.duration, time: (ContinuousClock.now - begun).seconds, by: recogniser.engine)
        return (recognition, told)
    }

    /// The language that is spoken instead of those of the question, if that is certain: not in noise, where a language is
    /// easily taken for another, and not by a model that does not know all that may be spoken.
    private func languageInstead(
        _ transcript: Transcript, _ prepared: SpeechPipeline.Prepared, _ engine: RecognitionEngine
    ) -> LanguageGuess? {
        let ratio = prepared.quality.first { $0.key == "snr_db" }?.value
        guard ratio ?? .infinity >= Self.leastRatioForLanguage,
            expected.allSatisfy({ one in engine.languages.contains { one.covers($0) } })
        else { return nil }
        return transcript.languageInstead(of: expected)
    }

    /// As many other texts of a stretch as the search follows anyway.
    private static let alternatives = 4

    /// Below this signal-to-noise ratio, in dB, nobody is told to have spoken the wrong language.
    private static let leastRatioForLanguage = 10.0

    /// Why what a recogniser wrote can't be scored; nil when it can.
    func obstacle(in transcript: Transcript) -> Unscorable? {
        guard !transcript.words.isEmpty else { return .noise }
        guard !expected.isEmpty, let language = transcript.language, language != Transcript.undetermined,
            !expected.contains(where: { $0.covers(language) })
        else { return nil }
        let wanted = expected.map { WhisperLanguage.name(of: $0.language) }.joined(separator: ", ")
        return Unscorable(
            reason: .wrongLanguage,
            text: "\(WhisperLanguage.name(of: language)) was heard; the question asks for \(wanted).")
    }
}

extension Recognition {
    /// What was considered beside the words of the transcript, as it is kept with them.
    var heardAlternatives: [HeardAlternatives] {
        var starts = [0]
        for segment in transcript.segments { starts.append(starts[starts.count - 1] + segment.words.count) }
        return alternatives.map { list in
            HeardAlternatives(
                texts: Array(zip(list.hypotheses.map(\.words), list.probabilities)).map {
                    (words: $0, probability: $1)
                },
                from: starts[min(list.segments.lowerBound, starts.count - 1)])
        }.bounded
    }
}

extension Transcript {
    /// Notes that a language was found first and the words were then written in it.
    fileprivate mutating func isFound(in spoken: LanguageGuess) {
        language = spoken.language
        languageProbability = spoken.probability
        languages = [LanguageGuess(language: spoken.language, probability: spoken.probability, share: 1)]
        for index in segments.indices {
            segments[index].language = spoken.language
            segments[index].languageProbability = spoken.probability
        }
    }
}
