// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import Foundation
import Synchronization
import TestPrograms
import TestRandom
import Testing

@testable import Recognition

/// Speech that the fixture was not trained on, all the way to words.
@Suite("WhisperRecognizer", .serialized)
struct WhisperRecognizerTests {
    private let recognizer: WhisperRecognizer

    init() throws { recognizer = try SpeechFixture.recognizer.get() }

    /// Some of the held-out sentences of each language.
    private func sentences(_ count: Int) throws -> [SpeechFixture.Sentence] {
        let all = try SpeechFixture.sentences()
        return ["en", "de", "es"].flatMap { language in all.filter { $0.language == language }.prefix(count) }
    }

    @Test func `knows the language and writes what is said, with times that follow the words`() async throws {
        var errors = 0
        var length = 0
        var rightLanguages = 0
        var late: [Double] = []
        let sentences = try sentences(2)
        #expect(sentences.count == 6)
        for sentence in sentences {
            let audio = try SpeechFixture.spoken(sentence)
            let result = try await recognizer.transcribe(audio, options: RecognitionOptions()) { _ in }
            let transcript = result.transcript
            let rate = WordErrorRate(
                reference: sentence.text, hypothesis: transcript.text, language: sentence.language)
            errors += rate.errors
            length += rate.referenceCount
            if transcript.language == sentence.language { rightLanguages += 1 }
            #expect(result.languages.first?.language == transcript.language)
            #expect(abs((result.languages.reduce(0) { $0 + ($1.probability ?? 0) }) - 1) < 1e-6)
            #expect(
                abs((transcript.languageProbability ?? -1) - (result.languages.first?.probability ?? -2)) < 1e-9)
            var last = 0
            for word in transcript.words {
                #expect(word.start >= last && word.end >= word.start && word.end <= Int(audio.duration * 1000) + 1)
                #expect((0...1).contains(word.confidence ?? -1))
                last = word.start
            }
            #expect(result.details.count == transcript.segments.count)
            if rate.errors == 0, transcript.words.count == sentence.words.count {
                late += zip(transcript.words, sentence.words).map { abs(Double($0.start) / 1000 - $1.start) }
            }
        }
        #expect(rightLanguages == 6, "\(rightLanguages) of 6")
        #expect(Double(errors) / Double(length) <= 0.15, "\(errors) errors in \(length) words")
        late.sort()
        #expect(late.count > 8 && late[late.count / 2] <= 0.1, "\(late)")
    }

    @Test func `tells what else it might have heard in noise, if it is asked`() async throws {
        let clear = try SpeechFixture.spoken(sentences(1)[0]).samples
        var random = SplitMix(seed: 9)
        let audio = Waveform(samples: clear.map { $0 + 0.2 * random.next(in: -1...1) })
        let result = try await recognizer.transcribe(audio, options: RecognitionOptions(alternatives: 3)) { _ in }
        #expect(result.alternatives.flatMap { Array($0.segments) } == Array(result.transcript.segments.indices))
        for list in result.alternatives {
            let written = result.transcript.segments[list.segments].flatMap(\.words).map(\.text)
            #expect(list.hypotheses[0].words == written && list.wordAlternatives.count == written.count)
            #expect(Set(list.hypotheses.map(\.words)).count == list.hypotheses.count)
            let others = list.hypotheses.dropFirst().map(\.logProbability)
            #expect((1...3).contains(others.count) && others == others.sorted(by: >))
        }
        let plain = try await recognizer.transcribe(audio, options: RecognitionOptions()) { _ in }
        #expect(plain.alternatives.isEmpty && plain.transcript == result.transcript)
    }

    @Test func `writes each sentence of a mixed recording in its language, with its times`() async throws {
        let sentences = try sentences(2)
        let chosen = [sentences[0], sentences[3], sentences[4]]
        #expect(chosen.map(\.language) == ["en", "de", "es"])
        var samples: [Float] = []
        var starts: [Double] = []
        for sentence in chosen {
            starts.append(Double(samples.count) / Double(Waveform.speechRate))
            samples += try SpeechFixture.spoken(sentence).samples
            samples += [Float](repeating: 0, count: Waveform.speechRate * 4 / 5)
        }
        let result = try await recognizer.transcribe(
            Waveform(samples: samples), options: RecognitionOptions()
        ) { _ in }
        let segments = result.transcript.segments
        try #require(segments.map(\.language) == ["en", "de", "es"], "\(segments.map(\.text))")
        for (index, sentence) in chosen.enumerated() {
            let rate = WordErrorRate(
                reference: sentence.text, hypothesis: segments[index].text, language: sentence.language)
            #expect(rate.errors <= 1, "\(segments[index].text)")
            // The reference puts the first word of some sentences behind the second: these begin with the recording.
            let isInOrder = sentence.words[0].start < sentence.words[1].start
            let start = starts[index] + (isInOrder ? sentence.words[0].start : 0)
            #expect(
                abs(Double(segments[index].start) / 1000 - start) < 0.25,
                "begins at \(start) s: \(segments.map { "\($0.start)-\($0.end): \($0.words.map { "\($0.text)@\($0.start)" })" })"
            )
            #expect((segments[index].languageProbability ?? 0) > 0.5)
        }
        let shares = result.transcript.languages.map(\.share)
        #expect(shares.count == 3 && abs(shares.reduce(0, +) - 1) < 1e-9 && shares.allSatisfy { $0 > 0.15 })
        #expect(result.details.map(\.language) == ["en", "de", "es"])

        // In the language of the beginning, when told so.
        let told = try await recognizer.transcribe(
            Waveform(samples: samples), options: RecognitionOptions(language: "en")
        ) { _ in }
        #expect(Set(told.transcript.segments.map(\.language)) == ["en"])
        #expect(told.transcript.languages == [LanguageGuess(language: "en", probability: nil, share: 1)])
    }

    @Test func `listens for expected languages, and does not recognise others`() async throws {
        let spanish = try SpeechFixture.spoken(try sentences(2)[5])
        func hear(_ expected: [ExpectedLanguage]) async throws -> Transcript {
            try await recognizer.transcribe(
                spanish, options: RecognitionOptions(expectedLanguages: expected)
            ) { _ in }.transcript
        }
        #expect(try await hear([.init("de"), .init("es-MX")]).language == "es-MX")
        let other = try await hear([.init("en"), .init("de")])
        #expect(other.language == Transcript.undetermined && !other.words.isEmpty)
        #expect((other.languageProbability ?? 1) < 0.5)
        #expect(other.languages.max { $0.probability ?? 0 < $1.probability ?? 0 }?.language == "es")
        // What the model does not know is left out, unless it is all.
        #expect(try await hear([.init("fr"), .init("es")]).language == "es")
        await #expect(throws: RecognitionError.self) { try await hear([.init("fr")]) }
        let guesses = try await recognizer.identifyLanguage(spanish, expected: [.init("es", weight: 3), .init("en")])
        #expect(guesses.first?.language == "es")
        await #expect(throws: RecognitionError.self) {
            var options = RecognitionOptions()
            options.translates = true
            _ = try await recognizer.transcribe(spanish, options: options) { _ in }
        }
    }

    @Test func `writes nothing where nobody speaks`() async throws {
        for (name, samples) in [
            ("nothing", []), ("silence", [Float](repeating: 0, count: 30 * Waveform.speechRate)),
            ("hum", Signals.hum(seconds: 30)), ("white noise", Signals.white(seconds: 30, seed: 3)),
            ("pink noise", Signals.pink(seconds: 30, seed: 4)), ("clicks", Signals.clicks(seconds: 30, seed: 5)),
            ("music", Signals.music(seconds: 30)),
        ] {
            let result = try await recognizer.transcribe(
                Waveform(samples: samples), options: RecognitionOptions()
            ) { _ in }
            #expect(result.transcript.words.isEmpty, "\(name): \(result.transcript.text)")
        }
    }

    @Test func `cuts a long recording at its silences, and reports its segments in order`() async throws {
        let parts = try sentences(2).filter { $0.language == "de" }.map { try SpeechFixture.spoken($0).samples }
        let pause = [Float](repeating: 0, count: 9 * Waveform.speechRate)
        var samples: [Float] = []
        for index in 0..<6 { samples += parts[index % parts.count] + pause }
        let audio = Waveform(samples: samples)
        #expect(audio.duration > 60)
        let reported = Mutex<[Segment]>([])
        let result = try await recognizer.transcribe(audio, options: RecognitionOptions(language: "de-AT")) {
            progress in
            if let segment = progress.segment { reported.withLock { $0.append(segment) } }
        }
        let segments = result.transcript.segments
        try #require(segments.count == 6, "\(segments.map(\.text))")
        #expect(reported.withLock { $0 } == segments)
        for (one, next) in zip(segments, segments.dropFirst()) {
            #expect(next.start - one.end > 6_000, "\(one.end) \(next.start)")
        }
        #expect(segments[0].text == segments[2].text && segments[1].text == segments[3].text)
        #expect(result.transcript.language == "de-AT" && result.transcript.languageProbability == nil)
    }

    @Test func `refuses a language that the model does not know, and says what it knows`() async throws {
        let audio = Waveform(samples: [Float](repeating: 0, count: 16_000))
        for language in ["fr", "xx", "pt-BR"] {
            let error = await #expect(throws: RecognitionError.self) {
                try await recognizer.transcribe(audio, options: RecognitionOptions(language: language)) { _ in }
            }
            #expect(error?.code == .unsupportedLanguage)
        }
        #expect(recognizer.engine.languages.sorted() == ["de", "en", "es"] && recognizer.engine.identifiesLanguage)
    }

    @Test func `ends soon after its task was cancelled`() async throws {
        let sentence = try #require(try sentences(1).first)
        let samples = try SpeechFixture.spoken(sentence).samples
        let pause = [Float](repeating: 0, count: 2 * Waveform.speechRate)
        let long = Waveform(samples: (0..<40).flatMap { _ in samples + pause })
        let task = Task {
            try await recognizer.transcribe(long, options: RecognitionOptions(language: "en")) { progress in
                if progress.segment != nil { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        task.cancel()
        let error = await #expect(throws: RecognitionError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test func `refuses folders that are no checkpoints, naming the file`() throws {
        let folder = try TemporaryFolder()
        func error() -> RecognitionError? {
            #expect(throws: RecognitionError.self) {
                try WhisperRecognizer(.init(folder: folder.path, name: "x", digest: "0"))
            }
        }
        #expect(error()?.message.contains("config.json") == true)
        for name in ["config.json", "model.safetensors", "tokenizer.json", "generation_config.json"] {
            _ = try ProgramRun.run("cp", ["\(SpeechFixture.folder)/\(name)", folder.path(name)])
        }
        _ = try WhisperRecognizer(.init(folder: folder.path, name: "x", digest: "0"))
        let config = try String(contentsOfFile: folder.path("config.json"), encoding: .utf8)
        for (key, value) in [("max_target_positions", 4), ("max_source_positions", 20), ("vocab_size", 600)] {
            let changed = config.replacing(try Regex("\"\(key)\": \\d+"), with: "\"\(key)\": \(value)")
            try #require(changed != config)
            _ = try folder.write(changed, to: "config.json")
            #expect(error()?.code == .modelInvalid, "\(key)")
        }
        _ = try folder.write(config, to: "config.json")
        for name in ["generation_config.json", "tokenizer.json", "config.json", "model.safetensors"] {
            _ = try folder.write("{\"broken\": true", to: name)
            #expect(error()?.code == .modelInvalid || error()?.code == .modelMissing, "\(name)")
            _ = try ProgramRun.run("cp", ["\(SpeechFixture.folder)/\(name)", folder.path(name)])
        }
    }

    @Test func `stops a window for good after the tokens that it may have`() async throws {
        let audio = try SpeechFixture.waveform(of: SpeechModel.clip("en-02"))
        for most in [1, 3, 6] {
            var options = RecognitionOptions(language: "en")
            options.search.maximumTokens = most
            let result = try await recognizer.transcribe(audio, options: options) { _ in }
            #expect(result.details.allSatisfy { $0.seek == 0 }, "a part of the window was heard again")
            #expect(result.details.reduce(0) { $0 + $1.tokens.count } <= most)
        }
    }

    @Test func `keeps keywords beside a long prompt, and says what did not fit`() async throws {
        let audio = try SpeechFixture.waveform(of: SpeechModel.clip("en-02"))
        let long = Array(repeating: "the tablets are taken with water", count: 60).joined(separator: " ")
        var options = RecognitionOptions(language: "en", vocabulary: ["warfarin"], prompt: long)
        let result = try await recognizer.transcribe(audio, options: options) { _ in }
        #expect(result.warnings.count == 1 && result.warnings.first?.hasSuffix("of the prompt's 360 words.") == true)
        options.prompt = "Take it with water."
        #expect(try await recognizer.transcribe(audio, options: options) { _ in }.warnings.isEmpty)
    }

    /// A detector that is not done with a long recording until it may be.
    private final class SlowDetector: SpeechDetecting {
        let name = "slow"
        /// Ends when a long recording is being heard.
        let hasBegun: AsyncStream<Void>
        private let begin: AsyncStream<Void>.Continuation
        private let mayEnd = DispatchSemaphore(value: 0)

        init() { (hasBegun, begin) = AsyncStream.makeStream() }

        func speech(in waveform: Waveform, timing: SpeechTiming) -> [SpeechSpan] {
            guard waveform.duration > 60 else { return VoiceActivityDetector().speech(in: waveform, timing: timing) }
            begin.finish()
            mayEnd.wait()
            return []
        }

        func end() { mayEnd.signal() }
    }

    @Test func `does not have a short recording wait for a long one`() async throws {
        let detector = SlowDetector()
        let recognizer = try WhisperRecognizer(
            .init(folder: SpeechFixture.folder, name: "speech-fixture", digest: "0", threads: 1),
            detector: detector)
        let audio = try SpeechFixture.waveform(of: SpeechModel.clip("en-02"))
        let silence = Waveform(samples: [Float](repeating: 0, count: 61 * Waveform.speechRate))
        async let long = recognizer.transcribe(silence, options: RecognitionOptions()) { _ in }
        for await _ in detector.hasBegun {}
        // The detector is still at work: were this to wait for it, it would wait for ever.
        let short = try await recognizer.transcribe(audio, options: RecognitionOptions(language: "en")) { _ in }
        #expect(!short.transcript.words.isEmpty)
        detector.end()
        let rest = try await long
        #expect(rest.transcript.words.isEmpty)
    }
}
