// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Audio
import Domain
import Glibc
public import Inference
import Synchronization
import Threads

/// Recognition in 99 languages with a Whisper checkpoint in Hugging Face's layout (Radford et al. 2022).
///
/// ```swift
/// let recognizer = try WhisperRecognizer(.init(folder: "models/whisper-base", name: "whisper-base", digest: digest))
/// let result = try await recognizer.transcribe(audio, options: RecognitionOptions()) { _ in }
/// print(result.languages.first?.language ?? "?", result.transcript.text)
/// ```
///
/// Speech is found first, so that silence and noise give no words. A recording of up to 30 s is heard as a whole, as the
/// reference hears it; a longer one is cut at its silences into passages that are decoded together, with those of other
/// callers. Words have times and confidences from the decoder's attention and probabilities.
public final class WhisperRecognizer: SpeechRecognizing {
    /// What can be chosen.
    public struct Configuration: Sendable, Hashable {
        /// The folder with `config.json`, the weights and the tokenizer.
        public var folder: String
        /// What the model is called.
        public var name: String
        /// A digest of the model's files, lower-case hexadecimal.
        public var digest: String
        /// What it computes with; nil for the best that this processor has without loss.
        public var precision: Precision?
        /// How many threads compute; nil for one a processor.
        public var threads: Int?
        /// A sentence about the model that people must know; nil for the checkpoint's own, if it has one.
        public var notice: String?

        /// Creates a configuration.
        public init(
            folder: String, name: String, digest: String, precision: Precision? = nil, threads: Int? = nil,
            notice: String? = nil
        ) {
            self.folder = folder
            self.name = name
            self.digest = digest
            self.precision = precision
            self.threads = threads
            self.notice = notice
        }
    }

    /// What this recogniser is and can do.
    public let engine: RecognitionEngine
    private let detector: any SpeechDetecting
    private let batcher: WhisperBatcher
    private let tokenizer: WhisperTokenizer
    private let preparation: ThreadPool

    /// Reads the checkpoint; blocks for some seconds while its weights are packed.
    ///
    /// - Parameter detector: Finds the speech that is then recognised.
    /// - Throws: ``RecognitionError`` `modelMissing` or `modelInvalid`, naming what is wrong with which file.
    public init(
        _ configuration: Configuration, detector: any SpeechDetecting = VoiceActivityDetector()
    ) throws(RecognitionError) {
        self.detector = detector
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let parts = try WhisperParts(
            folder: configuration.folder, precision: configuration.precision ?? .preferred,
            threads: max(1, configuration.threads ?? processors))
        tokenizer = parts.tokenizer
        batcher = WhisperBatcher(parts)
        preparation = ThreadPool(name: "whisper-audio", threads: 1)
        let languages = parts.tokenizer.isMultilingual ? parts.tokenizer.languages.map(WhisperLanguage.tag) : ["en"]
        engine = RecognitionEngine(
            name: "whisper", model: configuration.name, modelHash: configuration.digest, languages: languages,
            identifiesLanguage: parts.tokenizer.isMultilingual, notice: configuration.notice ?? parts.notice,
            voiceActivity: detector.name)
    }

    deinit { preparation.close() }

    /// Writes down what is said; see ``SpeechRecognizing``.
    public func transcribe(
        _ audio: Waveform, options: RecognitionOptions, progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> Recognition {
        precondition(audio.sampleRate == Waveform.speechRate, "recognisers work at 16 kHz")
        let language = try code(for: options.language)
        let stop = Cancellation()
        return try await withTaskCancellationHandler {
            let passages = try await passages(of: audio)
            guard !passages.isEmpty else {
                progress(RecognitionProgress(seconds: audio.duration, total: audio.duration))
                return Recognition(
                    transcript: Transcript(language: options.language, segments: []), languages: [])
            }
            return try await write(passages, audio, language, options, stop, progress)
        } onCancel: {
            stop.raise()
        }
    }

    /// The probabilities of all languages in the first 30 s of speech, most probable first.
    public func identifyLanguage(_ audio: Waveform) async throws -> [LanguageGuess] {
        guard tokenizer.isMultilingual else { return [LanguageGuess(language: "en", probability: nil)] }
        let stop = Cancellation()
        return try await withTaskCancellationHandler {
            guard let passage = try await passages(of: audio).first else { return [] }
            let samples = Array(passage.samples.prefix(LogMelSpectrogram.windowSamples))
            let result = try await batcher.run(PassageRequest(samples: samples, isForLanguage: true)) { stop.isRaised }
            return Self.guesses(result.languages)
        } onCancel: {
            stop.raise()
        }
    }

    private func code(for tag: String?) throws(RecognitionError) -> String? {
        guard let tag else { return nil }
        guard let code = WhisperLanguage.code(for: tag),
            tokenizer.isMultilingual ? tokenizer.token(ofLanguage: code) != nil : code == "en"
        else {
            throw RecognitionError(
                .unsupportedLanguage,
                tokenizer.isMultilingual
                    ? "This model does not write the chosen language. Choose another one, or let it be found."
                    : "This model writes English only. Choose English, or a multilingual model.")
        }
        return code
    }

    private struct Passage: Sendable {
        /// Seconds from the start of the recording.
        var start: Double
        var samples: [Float]
        /// When somebody speaks, in seconds from the start of the passage.
        var speech: [ClosedRange<Double>]
    }

    private func passages(of audio: Waveform) async throws -> [Passage] {
        try await preparation.run { [detector] in
            let spans = detector.speech(in: audio, timing: .recognition)
            let levelled = audio.levelled(speech: spans).waveform.samples
            let ranges = SpeechChunks.ranges(
                spans, count: levelled.count, sampleRate: Waveform.speechRate,
                longest: LogMelSpectrogram.windowSamples)
            return ranges.map { range in
                let start = Double(range.lowerBound) / Double(Waveform.speechRate)
                return Passage(
                    start: start, samples: Array(levelled[range]),
                    speech: spans.map { Double($0.start) / 1000 - start...Double($0.end) / 1000 - start })
            }
        }
    }

    /// Decodes the first passage, which may have to find the language, and then all others together.
    private func write(
        _ passages: [Passage], _ audio: Waveform, _ language: String?, _ options: RecognitionOptions,
        _ stop: Cancellation, _ progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> Recognition {
        let first = try await batcher.run(request(passages[0], language, options)) { stop.isRaised }
        let chosen = language ?? first.languages?.best()?.code
        let total = audio.duration
        var collected = Collected(total: total)
        collected.add(first, passages[0], tokenizer, progress)
        let rest = passages.dropFirst()
        try await withThrowingTaskGroup(of: (Int, PassageResult).self) { group in
            for (index, passage) in rest.enumerated() {
                let request = request(passage, chosen, options)
                group.addTask { [batcher] in (index, try await batcher.run(request) { stop.isRaised }) }
            }
            var results: [Int: PassageResult] = [:]
            var next = 0
            for try await (index, result) in group {
                results[index] = result
                while let ready = results.removeValue(forKey: next) {
                    collected.add(ready, passages[next + 1], tokenizer, progress)
                    next += 1
                }
            }
        }
        progress(RecognitionProgress(seconds: total, total: total))
        let guesses = Self.guesses(first.languages)
        let tag = chosen.map(WhisperLanguage.tag) ?? (tokenizer.isMultilingual ? nil : "en")
        return Recognition(
            transcript: Transcript(
                language: options.language ?? tag, languageProbability: guesses.first?.probability,
                segments: collected.segments),
            languages: guesses.isEmpty ? tag.map { [LanguageGuess(language: $0, probability: nil)] } ?? [] : guesses,
            details: collected.details)
    }

    private func request(_ passage: Passage, _ language: String?, _ options: RecognitionOptions) -> PassageRequest {
        let terms = options.vocabulary.joined(separator: ", ")
        return PassageRequest(
            samples: passage.samples, language: language, task: options.translates ? .translate : .transcribe,
            prompt: [terms, options.prompt].filter { !$0.isEmpty }.joined(separator: ". "),
            temperature: options.temperature, search: options.search, speech: passage.speech)
    }

    private static func guesses(_ scores: LanguageScores?) -> [LanguageGuess] {
        (scores?.scores ?? []).map {
            LanguageGuess(language: WhisperLanguage.tag(for: $0.code), probability: $0.probability)
        }
    }

    /// The transcript as it grows.
    private struct Collected {
        let total: Double
        var segments: [Segment] = []
        var details: [SegmentDetail] = []

        mutating func add(
            _ result: PassageResult, _ passage: Passage, _ tokenizer: WhisperTokenizer,
            _ progress: @Sendable (RecognitionProgress) -> Void
        ) {
            for finished in result.segments {
                let segment = segment(finished.segment, passage, tokenizer)
                segments.append(segment)
                let window = finished.window
                details.append(
                    SegmentDetail(
                        seek: Int(passage.start * 100) + finished.segment.seek, tokens: finished.segment.tokens,
                        temperature: Double(window.temperature), averageLogProbability: window.averageLogProbability,
                        compressionRatio: window.compressionRatio,
                        noSpeechProbability: window.noSpeechProbability ?? 0))
                progress(RecognitionProgress(seconds: Double(segment.end) / 1000, total: total, segment: segment))
            }
        }

        private func segment(_ timed: TimedSegment, _ passage: Passage, _ tokenizer: WhisperTokenizer) -> Segment {
            func milliseconds(_ seconds: Double) -> Int {
                min(Int((total * 1000).rounded()), Int(((passage.start + seconds) * 1000).rounded()))
            }
            let words = timed.words.compactMap { word -> Word? in
                let text = word.text.trimmingSpaces
                guard !text.isEmpty else { return nil }
                return Word(
                    text: text, start: milliseconds(word.start), end: milliseconds(word.end),
                    confidence: min(1, max(0, word.probability)),
                    kind: text.contains(where: \.isNumber) ? .number : .word)
            }
            return Segment(
                start: milliseconds(timed.start), end: milliseconds(timed.end),
                text: tokenizer.decode(timed.tokens).trimmingSpaces, words: words)
        }
    }

    /// Whether the caller has gone.
    private final class Cancellation: Sendable {
        private let flag = Atomic(false)
        var isRaised: Bool { flag.load(ordering: .relaxed) }
        func raise() { flag.store(true, ordering: .relaxed) }
    }
}
