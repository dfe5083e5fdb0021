// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Audio
public import Domain
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
        /// Whether speech shorter than the model's window of 30 s is heard in a window of its own length. The model was
        /// trained on whole windows, so that this is faster but not what the reference computes.
        public var shortensWindows: Bool
        /// A sentence about the model that people must know; nil for the checkpoint's own, if it has one.
        public var notice: String?

        /// Creates a configuration.
        public init(
            folder: String, name: String, digest: String, precision: Precision? = nil, threads: Int? = nil,
            shortensWindows: Bool = false, notice: String? = nil
        ) {
            self.folder = folder
            self.name = name
            self.digest = digest
            self.precision = precision
            self.threads = threads
            self.shortensWindows = shortensWindows
            self.notice = notice
        }
    }

    /// What this recogniser is and can do.
    public let engine: RecognitionEngine
    private let detector: any SpeechDetecting
    private let batcher: WhisperBatcher
    private let tokenizer: WhisperTokenizer
    private let confidence: ConfidenceCalibration?
    private let preparation: ThreadPool
    /// How many tokens the decoder may be told before it writes.
    private let promptRoom: Int

    /// Reads the checkpoint; blocks for some seconds while its weights are packed.
    ///
    /// - Parameter detector: Finds the speech that is then recognised.
    /// - Throws: ``RecognitionError`` `modelMissing` or `modelInvalid`, naming what is wrong with which file.
    public init(
        _ configuration: Configuration, detector: any SpeechDetecting = VoiceActivityDetector()
    ) throws(RecognitionError) {
        self.detector = detector
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let precision = configuration.precision ?? .preferred
        let parts = try WhisperParts(
            folder: configuration.folder, precision: precision,
            threads: max(1, configuration.threads ?? processors))
        tokenizer = parts.tokenizer
        confidence = parts.confidence
        promptRoom = parts.tokenizer.promptRoom(contextLength: parts.model.configuration.textPositions)
        batcher = WhisperBatcher(parts, shortensWindows: configuration.shortensWindows)
        // A long recording takes a second or two: a short one must not wait for it.
        preparation = ThreadPool(name: "whisper-audio", threads: 2, longCalls: 1)
        let languages = parts.tokenizer.isMultilingual ? parts.tokenizer.languages.map(WhisperLanguage.tag) : ["en"]
        engine = RecognitionEngine(
            name: "whisper", model: configuration.name, modelHash: configuration.digest, languages: languages,
            identifiesLanguage: parts.tokenizer.isMultilingual, translates: parts.translates, takesVocabulary: true,
            notice: configuration.notice ?? parts.notice, voiceActivity: detector.name,
            precision: precision.rawValue,
            modelTime: InstallationTime.seconds(of: configuration.folder + "/config.json"),
            // While some are written, others are decoded and their speech is found.
            recordingsTogether: 2 * parts.capacity)
    }

    deinit { preparation.close() }

    /// Reads and checks everything that loading a checkpoint needs, and that no number of its weights is infinite and no layer
    /// left out. Takes as long as loading, and the memory of its largest layer.
    ///
    /// - Throws: ``RecognitionError`` `modelMissing` or `modelInvalid`, as loading does.
    public static func check(folder: String) throws(RecognitionError) {
        _ = try WhisperParts(folder: folder, precision: .preferred, threads: 1, isTrial: true)
    }

    /// Writes down what is said; see ``SpeechRecognizing``.
    public func transcribe(
        _ audio: Waveform, options: RecognitionOptions, progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> Recognition {
        precondition(audio.sampleRate == Waveform.speechRate, "recognisers work at 16 kHz")
        let language = try options.language.map(code)
        let expected = try LanguageExpectation(options.expectedLanguages, code)
        guard !options.translates || engine.translates else {
            throw RecognitionError(
                .unsupportedLanguage, "This model was not trained to translate. Choose a multilingual one that was.")
        }
        let stop = Cancellation()
        return try await withTaskCancellationHandler {
            let (passages, ratio) = try await passages(of: audio, stop)
            guard !passages.isEmpty else {
                progress(RecognitionProgress(seconds: audio.duration, total: audio.duration))
                return Recognition(
                    transcript: Transcript(language: options.language, segments: []), languages: [])
            }
            let prompt = try await prompt(options)
            // Whatever is left of the recording when one of its passages has failed is of no use to anybody.
            defer { stop.raise() }
            var recognition = try await RecordingWriter(
                batcher: batcher, tokenizer: tokenizer, total: audio.duration, language: language, expected: expected,
                options: options, prompt: prompt, confidence: confidence, signalToNoise: ratio
            ).write(passages, isCancelled: { stop.isRaised }, progress: progress)
            recognition.warnings = prompt.warnings
            return recognition
        } onCancel: {
            stop.raise()
        }
    }

    /// The probabilities of all languages in the first 30 s of speech, most probable first.
    public func identifyLanguage(
        _ audio: Waveform, expected: [ExpectedLanguage]
    ) async throws -> [LanguageGuess] {
        let expected = try LanguageExpectation(expected, code)
        guard tokenizer.isMultilingual else { return [LanguageGuess(language: "en", probability: nil)] }
        let stop = Cancellation()
        return try await withTaskCancellationHandler {
            guard let passage = try await passages(of: audio, stop).passages.first else { return [] }
            let samples = Array(passage.samples.prefix(LogMelSpectrogram.windowSamples))
            let result = try await batcher.run(PassageRequest(samples: samples, isForLanguage: true)) { stop.isRaised }
            let scores = result.languages.map(LanguageTracker(expected: expected.weights).alone)
            return (scores?.scores ?? []).map {
                LanguageGuess(language: expected.tag(for: $0.code), probability: $0.probability)
            }
        } onCancel: {
            stop.raise()
        }
    }

    private func code(for tag: String) throws(RecognitionError) -> String {
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

    /// What the decoder is told before it writes. Counting the tokens of long lists takes milliseconds.
    private func prompt(_ options: RecognitionOptions) async throws -> DecoderPrompt {
        try await prepare { [tokenizer, promptRoom] in
            DecoderPrompt(terms: options.vocabulary, previous: options.prompt, room: promptRoom) {
                tokenizer.encode(" " + $0).count
            }
        }
    }

    /// What is heard by itself, and speech against background in dB where that is needed and can be measured.
    private func passages(
        of audio: Waveform, _ stop: Cancellation
    ) async throws -> (passages: [RecordingWriter.Passage], signalToNoise: Double?) {
        try await prepare(isLong: audio.duration > Self.longRecording) {
            [detector, needsRatio = confidence != nil] in
            let spans = detector.speech(in: audio, timing: .recognition)
            if stop.isRaised { throw RecognitionError.cancelledByCaller }
            let levelled = audio.levelled(speech: spans).waveform.samples
            let ranges = SpeechChunks.ranges(
                spans, count: levelled.count, sampleRate: Waveform.speechRate,
                longest: LogMelSpectrogram.windowSamples)
            let speech = spans.map { $0.samples(at: Waveform.speechRate, count: levelled.count) }
            let passages = ranges.map { range in
                let start = Double(range.lowerBound) / Double(Waveform.speechRate)
                let pieces = speech.filter { range.overlaps($0) }.map { span in
                    let part = span.clamped(to: range)
                    return part.lowerBound - range.lowerBound..<part.upperBound - range.lowerBound
                }
                return RecordingWriter.Passage(
                    start: start, samples: Array(levelled[range]),
                    pieces: LanguagePieces.ranges(pieces, sampleRate: Waveform.speechRate),
                    speech: spans.map { Double($0.start) / 1000 - start...Double($0.end) / 1000 - start })
            }
            return (passages, needsRatio ? AudioQuality(measuring: audio, speech: spans).snr : nil)
        }
    }

    /// Does work before the model's in its turn.
    private func prepare<Value: Sendable>(
        isLong: Bool = false, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do {
            return try await preparation.runUnlessCancelled(isLong: isLong, work)
        } catch is CancellationError {
            throw RecognitionError.cancelledByCaller
        }
    }

    /// Recordings longer than this many seconds take noticeable time to prepare.
    private static let longRecording = 60.0

    /// Whether the caller has gone.
    private final class Cancellation: Sendable {
        private let flag = Atomic(false)
        var isRaised: Bool { flag.load(ordering: .relaxed) }
        func raise() { flag.store(true, ordering: .relaxed) }
    }
}
