// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
public import Domain
import Glibc
public import Recognition

extension BatchTranscriber {
    /// Creates a transcriber that takes recordings through a pipeline.
    ///
    /// - Parameters:
    ///   - pipeline: From files to words.
    ///   - jobs: How many recordings are worked on at once.
    ///   - engine: The name of the recogniser, or nil for the first that knows the language.
    ///   - options: What the recogniser is told, but for the language.
    ///   - standardInput: Where the recording that is called `-` lies; nil when that is an ordinary name.
    ///   - progress: Is told from any thread how many seconds of a recording have been recognised, and of how many.
    public init(
        _ pipeline: SpeechPipeline, jobs: Int, engine: String? = nil,
        options: RecognitionOptions = RecognitionOptions(), standardInput: String? = nil,
        progress: @escaping @Sendable (_ seconds: Double, _ total: Double) -> Void = { _, _ in }
    ) {
        self.init(jobs: jobs) { item throws(TranscriptionFailure) in
            do {
                return try await pipeline.transcribe(
                    fileAt: item.path == "-" ? standardInput ?? "-" : item.path, language: item.language,
                    engine: engine, options: options
                ) { progress($0.seconds, $0.total) }
            } catch {
                throw TranscriptionFailure(error)
            }
        }
    }
}

extension SpeechPipeline {
    /// Takes a file all the way to its words; without words when nobody speaks.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - language: The spoken language (BCP 47), or nil to find it.
    ///   - engine: The name of the recogniser to use, or nil for the first that knows the language.
    ///   - progress: Is told how far the recogniser has come, from any thread.
    /// - Throws: `AudioError` or `RecognitionError`.
    func transcribe(
        fileAt path: String, language: String?, engine: String?, options: RecognitionOptions,
        progress: @escaping @Sendable (RecognitionProgress) -> Void
    ) async throws -> FileTranscription {
        try Self.checkFile(path)
        let recognizer = try recognizer(for: language, expecting: options.expectedLanguages, engine: engine)
        let decoded = try await decode(path)
        let speech = try await prepare(decoded)
        var options = options
        options.language = language
        let recognition = try await recognizer.transcribe(speech.waveform, options: options, progress: progress)
        return FileTranscription(
            recognition: recognition, engine: recognizer.engine, duration: decoded.source.duration,
            quality: speech.quality, warnings: decoded.warnings + recognition.warnings)
    }

    /// The languages that may be spoken in a file, the most probable first; empty when nobody speaks.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - expected: The languages that may be spoken; empty for any.
    /// - Throws: ``TranscriptionFailure``.
    public func languages(
        ofFileAt path: String, expected: [ExpectedLanguage] = []
    ) async throws(TranscriptionFailure) -> [(language: String, probability: Double)] {
        do {
            try Self.checkFile(path)
            let recognizer = try recognizer(for: nil)
            guard recognizer.engine.identifiesLanguage else {
                throw RecognitionError(
                    .modelMissing,
                    "No model that knows several languages is installed. Get one: oracy models pull whisper-base.")
            }
            let speech = try await prepare(try await decode(path))
            return try await recognizer.identifyLanguage(speech.waveform, expected: expected).map {
                ($0.language, $0.probability ?? 0)
            }
        } catch {
            throw TranscriptionFailure(error)
        }
    }

    /// Says plainly what is wrong with a path, before a decoder is started for it.
    private static func checkFile(_ path: String) throws(AudioError) {
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
            throw AudioError(.unreadable, "The file can't be opened: \(String(cString: strerror(errno))).")
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw AudioError(.unreadable, "This is a folder, not a file.") }
    }
}

extension TranscriptionFailure {
    /// What a step of the pipeline says, with its stable code.
    fileprivate init(_ error: any Error) {
        switch error {
        case let error as AudioError: self.init(code: error.codeName, message: error.message)
        case let error as RecognitionError where error.code == .unsupportedLanguage:
            self.init(code: "unsupported_language", message: error.message)
        case let error as RecognitionError: self.init(code: "not_recognised", message: error.message)
        default: self.init(code: "internal", message: "\(error)")
        }
    }
}
