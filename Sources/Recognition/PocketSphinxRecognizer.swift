// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Audio
public import Domain
import Glibc
import Synchronization
import Threads

/// Offline recognition of English with PocketSphinx.
///
/// ```swift
/// let recognizer = try PocketSphinxRecognizer()
/// let result = try await recognizer.transcribe(audio, options: RecognitionOptions(language: "en")) { _ in }
/// print(result.transcript.text)
/// ```
///
/// Speech is found first and recognised utterance by utterance, so that noise gives no words and word times are those
/// of the recording. Confidence is the word's posterior probability in the decoder's lattice, calibrated on recordings.
/// Vocabulary hints are not used: this engine would hear the terms everywhere.
///
/// Calls wait for one of ``Configuration/decoders`` decoders, each with a thread of its own, or for a further one if the
/// recording is short; a decoder takes about 100 MB and is created when it is first needed. The same recording gives the
/// same transcript, always.
public final class PocketSphinxRecognizer: SpeechRecognizing {
    /// What can be chosen.
    public struct Configuration: Sendable, Hashable {
        /// The folder with `en-us`, `en-us.lm.bin` and `cmudict-en-us.dict`.
        public var modelFolder: String
        /// How many recordings are recognised at once.
        public let decoders: Int

        /// Where Debian's package `pocketsphinx-en-us` puts the model.
        public static let debianModelFolder = "/usr/share/pocketsphinx/model/en-us"

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - modelFolder: The folder of the model.
        ///   - decoders: How many recordings are recognised at once; by default one for each processor, at most four.
        public init(
            modelFolder: String = Configuration.debianModelFolder,
            decoders: Int? = nil
        ) {
            self.modelFolder = modelFolder
            self.decoders = max(1, decoders ?? min(4, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        }
    }

    /// What this recogniser is and can do.
    public let engine: RecognitionEngine

    private let model: PocketSphinxModel
    private let detector: any SpeechDetecting
    private let threads: ThreadPool
    private let idle = Mutex<[SphinxDecoder]>([])

    /// Checks and hashes the model's files; blocks for some tenths of a second, so create it once.
    ///
    /// - Parameter detector: Finds the speech that is then recognised.
    /// - Throws: ``RecognitionError`` `modelMissing` when a file is not there.
    public init(
        _ configuration: Configuration = Configuration(), detector: any SpeechDetecting = VoiceActivityDetector()
    ) throws(RecognitionError) {
        model = try PocketSphinxModel(folder: configuration.modelFolder)
        self.detector = detector
        threads = ThreadPool(
            name: "sphinx", threads: configuration.decoders + 1, longCalls: configuration.decoders)
        engine = RecognitionEngine(
            name: "pocketsphinx", model: "en-us", modelHash: model.digest, languages: ["en"], identifiesLanguage: false,
            notice: "Writes English only, whatever is spoken, with many errors: a fallback for practice, never a basis "
                + "for marks.", voiceActivity: detector.name,
            modelTime: InstallationTime.seconds(of: configuration.modelFolder + "/en-us.lm.bin"))
    }

    deinit { threads.close() }

    /// Writes down what is said; see ``SpeechRecognizing``.
    public func transcribe(
        _ audio: Waveform, options: RecognitionOptions, progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> Recognition {
        try checkLanguage(options.language)
        if options.translates {
            throw RecognitionError(
                .unsupportedLanguage,
                "PocketSphinx does not translate. Use a Whisper model that knows several languages.")
        }
        precondition(audio.sampleRate == Waveform.speechRate, "recognisers work at 16 kHz")
        let stop = CancellationFlag()
        let transcript = try await withTaskCancellationHandler {
            do {
                return try await threads.runUnlessCancelled(isLong: audio.duration > Self.shortRecording) { [self] in
                    try stop.check()
                    let decoder = try borrow()
                    defer { giveBack(decoder) }
                    return try transcribe(audio, with: decoder, stop: stop, progress: progress)
                }
            } catch is CancellationError {
                throw CancellationFlag.error
            }
        } onCancel: {
            stop.raise()
        }
        var warnings: [String] = []
        if !options.vocabulary.isEmpty { warnings.append("PocketSphinx does not use keywords.") }
        if !options.prompt.isEmpty { warnings.append("PocketSphinx does not use a prompt.") }
        return Recognition(
            transcript: transcript, languages: [LanguageGuess(language: "en", probability: nil, share: 1)],
            warnings: warnings)
    }

    /// English with nil probability: this engine assumes it.
    public func identifyLanguage(
        _ audio: Waveform, expected: [ExpectedLanguage]
    ) async throws -> [LanguageGuess] {
        [LanguageGuess(language: "en", probability: nil)]
    }

    /// Recordings up to this many seconds are not held up by longer ones.
    private static let shortRecording = 30.0

    private func checkLanguage(_ language: String?) throws(RecognitionError) {
        guard let language, language.split(separator: "-").first?.lowercased() != "en" else { return }
        throw RecognitionError(
            .unsupportedLanguage,
            "PocketSphinx writes English only. Choose English if that is what is spoken, or a recogniser for the "
                + "chosen language.")
    }

    private func transcribe(
        _ audio: Waveform, with decoder: SphinxDecoder, stop: CancellationFlag,
        progress: @Sendable (RecognitionProgress) -> Void
    ) throws(RecognitionError) -> Transcript {
        let total = audio.duration
        let milliseconds = audio.samples.count * 1000 / Waveform.speechRate
        var transcript = Transcript(language: "en", segments: [])
        let speech = detector.speech(in: audio, timing: .recognition)
        if !speech.isEmpty {
            var cepstra = try decoder.cepstra(of: audio.levelled(speech: speech).waveform.samples)
            let utterances = UtterancePlan.utterances(speech: speech, frameCount: cepstra.frameCount) {
                cepstra.energy($0)
            }
            cepstra.subtractMean(over: utterances)
            for utterance in utterances {
                let tokens = try decoder.recognise(cepstra, frames: utterance) { frames throws(RecognitionError) in
                    try stop.check()
                    let seconds = Double(utterance.lowerBound + frames) / Double(SphinxDecoder.frameRate)
                    progress(RecognitionProgress(seconds: min(total, seconds), total: total))
                }
                let words = SpokenWords.words(from: tokens, duration: milliseconds)
                let segment =
                    words.isEmpty
                    ? nil
                    : Segment(
                        start: min(milliseconds, utterance.lowerBound * 10),
                        end: min(milliseconds, utterance.upperBound * 10),
                        text: words.map(\.text).joined(separator: " "), words: words)
                if let segment { transcript.segments.append(segment) }
                let seconds = Double(utterance.upperBound) / Double(SphinxDecoder.frameRate)
                progress(RecognitionProgress(seconds: min(total, seconds), total: total, segment: segment))
            }
        }
        try stop.check()
        progress(RecognitionProgress(seconds: total, total: total))
        return transcript
    }

    private func borrow() throws(RecognitionError) -> SphinxDecoder {
        if let decoder = idle.withLock({ $0.popLast() }) { return decoder }
        return try SphinxDecoder(model)
    }

    private func giveBack(_ decoder: SphinxDecoder) {
        idle.withLock { $0.append(decoder) }
    }
}

/// Whether the caller has gone.
private final class CancellationFlag: Sendable {
    private let isRaised = Atomic(false)

    func raise() { isRaised.store(true, ordering: .relaxed) }

    func check() throws(RecognitionError) {
        if isRaised.load(ordering: .relaxed) { throw Self.error }
    }

    static let error = RecognitionError(.cancelled, "The transcription was cancelled.")
}
