// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Audio
public import Domain
import JSON
import Models
public import Recognition
import Threads

/// From an audio file to timed words: what the server's jobs and the command line share.
///
/// The steps are separate calls, so that a caller can store or show how far it has come.
///
/// ```swift
/// let pipeline = SpeechPipeline(configuration)
/// let decoded = try await pipeline.decode("answer.webm")
/// let speech = try await pipeline.prepare(decoded)
/// let recognizer = try pipeline.recognizer(for: "en")
/// let recognition = try await recognizer.transcribe(speech.waveform, options: .init(language: "en")) { _ in }
/// ```
public struct SpeechPipeline: Sendable {
    /// A recording that is ready to be recognised.
    public struct Prepared: Sendable {
        /// 16 kHz mono, as recorded: recognisers bring it to the level they like. `[time]`
        public var waveform: Waveform
        /// Where somebody speaks; empty for silence and noise.
        public var spans: [SpeechSpan]
        /// The quality of the recording as it was received.
        public var quality: [Measure]
    }

    /// Turns files into samples.
    public let decoder: AudioDecoder
    private let recognizers: [any SpeechRecognizing]
    private let detector: any SpeechDetecting
    private let threads: ThreadPool
    /// Why no recogniser can be used, for people; nil when one can.
    public let problem: String?
    /// Why the best model is not used although another recogniser is, for people; nil when all is well.
    public let notice: String?

    /// Finds the recognisers that are installed. Without any, the pipeline decodes and measures, and says so when it
    /// is asked to recognise.
    ///
    /// - Parameters:
    ///   - configuration: Names the decoder and the models.
    ///   - concurrency: How many recordings are worked on at once; nil for as many as the configuration has workers.
    public init(_ configuration: ServerConfiguration, concurrency: Int? = nil) {
        let concurrency = max(1, concurrency ?? configuration.workers)
        decoder = AudioDecoder(
            executable: configuration.decoder,
            limits: DecodingLimits(
                maximumSeconds: configuration.limits.audioSeconds,
                wallTime: .seconds(configuration.limits.decodeSeconds), concurrentDecoders: concurrency + 1))
        threads = ThreadPool(name: "audio", threads: concurrency)
        var recognizers: [any SpeechRecognizing] = []
        var problems: [String] = []
        var detector: any SpeechDetecting = VoiceActivityDetector()
        do throws(RecognitionError) {
            if let silero = try Self.silero(configuration) { detector = silero }
        } catch {
            problems.append(error.message)
        }
        self.detector = detector
        // Whoever has chosen a model, or a detector, does not want another one's results.
        let isRefused = !problems.isEmpty && configuration.speech.voiceActivity == .silero
        if !isRefused {
            do throws(RecognitionError) {
                if let whisper = try Self.whisper(configuration, detector) { recognizers.append(whisper) }
            } catch {
                problems.append(error.message)
            }
        }
        let isMissing = configuration.speech.model != nil && recognizers.isEmpty
        if !isRefused, !isMissing {
            do throws(RecognitionError) {
                recognizers.append(
                    try PocketSphinxRecognizer(
                        .init(modelFolder: configuration.pocketSphinxModel, decoders: concurrency), detector: detector))
            } catch {
                problems.append(error.message)
            }
        }
        self.recognizers = recognizers
        problem = recognizers.isEmpty ? problems.joined(separator: " ") : nil
        notice = recognizers.isEmpty ? nil : problems.first
    }

    /// The neural voice activity detector; nil when our own is to be used.
    private static func silero(_ configuration: ServerConfiguration) throws(RecognitionError) -> SileroDetector? {
        let model: InstalledModel
        do throws(ModelError) {
            switch configuration.speech.voiceActivity {
            case .spectral: return nil
            case .silero: model = try configuration.modelStore.open(SileroDetector.modelName)
            case .auto:
                guard let installed = try configuration.modelStore.installed(task: .voiceActivity).first else {
                    return nil
                }
                model = installed
            }
        } catch {
            throw RecognitionError(.modelMissing, error.message)
        }
        guard let weights = model.location(of: SileroDetector.weightsName) else {
            throw RecognitionError(
                .modelInvalid, "The model \(model.name) has no file \(SileroDetector.weightsName): it finds no speech.")
        }
        return try SileroDetector(weights: weights)
    }

    /// The chosen model, or the best one that is installed; nil when there is none.
    private static func whisper(
        _ configuration: ServerConfiguration, _ detector: any SpeechDetecting
    ) throws(RecognitionError) -> WhisperRecognizer? {
        let chosen: InstalledModel
        do throws(ModelError) {
            switch configuration.speech.model {
            case .some(let path) where path.contains("/"): chosen = try ModelStore.inspect(folder: path)
            case .some(let name): chosen = try configuration.modelStore.open(name)
            case nil:
                guard let best = try configuration.modelStore.best(for: .transcription) else { return nil }
                chosen = best
            }
        } catch {
            throw RecognitionError(.modelMissing, error.message)
        }
        return try WhisperRecognizer(
            .init(
                folder: chosen.folder, name: chosen.name.text, digest: chosen.digest,
                precision: configuration.speech.precision.numbers,
                threads: configuration.speech.threads, shortensWindows: configuration.speech.shortensWindows),
            detector: detector)
    }

    /// What finds the speech, such as "silero-vad".
    public var voiceActivity: String { detector.name }

    /// The recognisers that are there, the default first.
    public var engines: [RecognitionEngine] { recognizers.map(\.engine) }

    /// Refuses at once what is no recording, by its beginning.
    ///
    /// - Throws: `AudioError`.
    public func check(_ path: String) async throws {
        try await decoder.check(fileAt: path)
    }

    /// Decodes a file to 16 kHz mono.
    ///
    /// - Throws: `AudioError`.
    public func decode(_ path: String) async throws -> DecodedAudio {
        try await decoder.decode(fileAt: path)
    }

    /// Finds the speech and measures the quality.
    ///
    /// The quality is measured on the recording as it was received.
    public func prepare(_ decoded: DecodedAudio) async throws -> Prepared {
        try await threads.run { [detector] in
            let spans = detector.speech(in: decoded.waveform)
            return Prepared(
                waveform: decoded.waveform, spans: spans,
                quality: AudioQuality(measuring: decoded.waveform, speech: spans).measures)
        }
    }

    /// How many recordings keep an engine busy; nil for one a processor.
    ///
    /// - Parameter engine: As for ``recognizer(for:expecting:engine:)``.
    public func recordingsTogether(engine: String? = nil) -> Int? {
        candidates(engine).first?.engine.recordingsTogether
    }

    private func candidates(_ engine: String?) -> [any SpeechRecognizing] {
        recognizers.filter { recognizer in
            engine.map { [recognizer.engine.name, recognizer.engine.model, recognizer.engine.modelID].contains($0) }
                ?? true
        }
    }

    /// The recogniser for a language (BCP 47), or for speech in an unknown one.
    ///
    /// - Parameters:
    ///   - language: What is spoken; nil to find it.
    ///   - expected: The languages that may be spoken then; empty for any. One of them is enough.
    ///   - engine: The engine that must be used, by its name, its model's or both (`whisper-base`); nil for the best.
    /// - Throws: `RecognitionError` with what is installed when none fits.
    public func recognizer(
        for language: String?, expecting expected: [ExpectedLanguage] = [], engine: String? = nil
    ) throws(RecognitionError) -> any SpeechRecognizing {
        if let problem { throw RecognitionError(.modelMissing, problem) }
        let candidates = candidates(engine)
        guard !candidates.isEmpty else {
            let names = engines.map(\.name).joined(separator: ", ")
            throw RecognitionError(.modelMissing, "There is no such engine. Installed: \(names).")
        }
        let wanted = language.map { [$0] } ?? expected.map(\.language)
        guard !wanted.isEmpty else { return candidates[0] }
        let codes = wanted.map { $0.prefix { $0 != "-" }.lowercased() }
        if let found = candidates.first(where: { candidate in
            candidate.engine.languages.isEmpty || codes.contains { candidate.engine.languages.contains($0) }
        }) {
            return found
        }
        let known = Set(candidates.flatMap(\.engine.languages)).sorted().joined(separator: ", ")
        throw RecognitionError(
            .unsupportedLanguage, "No installed recogniser writes this language. Installed for: \(known).")
    }
}

extension RecognitionEngine {
    /// What has to be known to make a result again, for the record of the step that chose the engine.
    var record: JSONValue {
        [
            "engine": .string(name), "model": .string(model), "model_hash": .string(modelHash),
            "precision": .optional(precision),
        ]
    }
}
