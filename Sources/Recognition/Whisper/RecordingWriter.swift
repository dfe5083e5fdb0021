// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import Synchronization

/// Writes one recording down: its passages together, and those in several languages in parts.
struct RecordingWriter: Sendable {
    /// A stretch of the recording that is heard by itself.
    struct Passage: Sendable {
        /// Seconds from the start of the recording.
        var start: Double
        /// At a good level. `[time]`
        var samples: [Float]
        /// Speech between pauses, in samples of the passage.
        var pieces: [Range<Int>]
        /// When somebody speaks, in seconds from the start of the passage.
        var speech: [ClosedRange<Double>]
    }

    let batcher: WhisperBatcher
    let tokenizer: WhisperTokenizer
    /// Seconds of the recording.
    let total: Double
    /// Whisper's code of the language, if it was given.
    let language: String?
    /// The languages that may be spoken otherwise.
    let expected: LanguageExpectation
    let options: RecognitionOptions
    /// Terms that may be said, and what was said before.
    let prompt: DecoderPrompt
    /// What the model's probabilities of words mean; nil when it is not known.
    let confidence: ConfidenceCalibration?
    /// Speech against background in the recording, in dB; nil when it is not known.
    let signalToNoise: Double?

    /// Writes passages down.
    ///
    /// - Throws: ``RecognitionError``.
    func write(
        _ passages: [Passage], isCancelled: @escaping @Sendable () -> Bool,
        progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> Recognition {
        let hearing = Hearing(LanguageTracker(expected: expected.weights))
        let requests = passages.map { passage in
            var request = request(passage.samples, speech: passage.speech)
            request.pieces = passage.pieces
            request.decide = { hearing.decide($0) }
            return request
        }
        var draft = TranscriptDraft(self, progress)
        var done = 0
        for try await result in batcher.run(requests, isCancelled: isCancelled) {
            let passage = passages[done]
            done += 1
            if result.split.isEmpty {
                draft.add(result, from: passage.start)
            } else {
                for (start, result) in try await parts(of: passage, result, isCancelled) {
                    draft.add(result, from: start)
                }
            }
        }
        // A stream ends early, without an error, in a task that is cancelled.
        guard done == passages.count else { throw RecognitionError.cancelledByCaller }
        progress(RecognitionProgress(seconds: total, total: total))
        return draft.recognition
    }

    private func request(_ samples: [Float], speech: [ClosedRange<Double>]) -> PassageRequest {
        PassageRequest(
            samples: samples, language: language, task: options.translates ? .translate : .transcribe,
            prompt: prompt.previous, vocabulary: prompt.terms.isEmpty ? nil : prompt.terms + ".",
            temperature: options.temperature, search: options.search, speech: speech)
    }

    /// Writes a passage whose pieces seem to be in several languages, each run of pieces by itself.
    ///
    /// What a run sounds like when it is heard alone counts more than what its part of the whole window sounded like; one
    /// that is then nothing clearly belongs to the run before it, and neighbours in one language are written together.
    private func parts(
        of passage: Passage, _ heard: PassageResult, _ isCancelled: @escaping @Sendable () -> Bool
    ) async throws -> [(start: Double, result: PassageResult)] {
        let tracker = LanguageTracker(expected: expected.weights)
        func write(
            _ runs: [LanguageRun], deciding verdict: @escaping @Sendable (String, LanguageScores) -> LanguageDecision
        ) async throws -> [(start: Double, result: PassageResult)] {
            let requests = runs.map { run in
                let start = Double(run.samples.lowerBound) / Double(Waveform.speechRate)
                var request = request(
                    Array(passage.samples[run.samples]),
                    speech: passage.speech.map { $0.lowerBound - start...$0.upperBound - start })
                request.decide = { verdict(run.code, $0.window) }
                return request
            }
            var results: [(start: Double, result: PassageResult)] = []
            for try await result in batcher.run(requests, isCancelled: isCancelled) {
                let start = Double(runs[results.count].samples.lowerBound) / Double(Waveform.speechRate)
                results.append((passage.start + start, result))
            }
            guard results.count == runs.count else { throw RecognitionError.cancelledByCaller }
            return results
        }
        let runs = LanguagePieces.runs(passage.pieces, languages: heard.split)
        let alone = try await write(runs) { tracker.confirmed($0, by: $1).map { .write($0) } ?? .reject }
        guard alone.contains(where: \.result.isRejected) else { return alone }
        var codes = zip(runs, alone).map { run, part -> String? in
            guard part.result.isRejected else { return run.code }
            let best = part.result.languages.flatMap { tracker.alone($0).best }
            return best.flatMap { $0.probability >= LanguageGuess.leastProbability ? $0.code : nil }
        }
        let first = codes.compactMap(\.self).first ?? heard.languages.flatMap { tracker.alone($0).best?.code } ?? "en"
        for index in codes.indices { codes[index] = codes[index] ?? (index > 0 ? codes[index - 1] : first) }
        let joined = LanguagePieces.runs(runs.map(\.samples), languages: codes.compactMap(\.self))
        return try await write(joined) { .write(tracker.verdict($0, by: $1)) }
    }

    /// What has been heard of a recording so far, for the thread that decides about its windows.
    private final class Hearing: Sendable {
        private let tracker: Mutex<LanguageTracker>

        init(_ tracker: LanguageTracker) { self.tracker = Mutex(tracker) }

        func decide(_ evidence: LanguageEvidence) -> LanguageDecision {
            tracker.withLock { tracker in
                let path = tracker.path(evidence.pieces)
                if let last = path.last, path.contains(where: { $0 != last }) {
                    tracker.goOn(from: last)
                    return .split(path)
                }
                return .write(tracker.verdict(evidence.window))
            }
        }
    }
}

/// The languages that may be spoken, as a model names them.
struct LanguageExpectation: Sendable, Hashable {
    /// How probable each is beside the others, by Whisper's codes; empty for any.
    private(set) var weights: [String: Double] = [:]
    private var tags: [String: String] = [:]

    /// Finds the languages among those of a model. What it does not know is left out.
    ///
    /// - Parameter code: Gives Whisper's code for a tag, or throws.
    /// - Throws: What `code` throws, when the model knows none of them.
    init(
        _ languages: [ExpectedLanguage], _ code: (String) throws(RecognitionError) -> String
    ) throws(RecognitionError) {
        var fault: RecognitionError?
        for language in languages {
            do throws(RecognitionError) {
                let code = try code(language.language)
                weights[code, default: 0] += max(0, language.weight)
                tags[code] = tags[code] ?? language.language
            } catch {
                fault = error
            }
        }
        if weights.isEmpty, let fault { throw fault }
    }

    /// The tag of a code, as it was asked for.
    func tag(for code: String) -> String { tags[code] ?? WhisperLanguage.tag(for: code) }
}
