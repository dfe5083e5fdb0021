// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import Foundation
import Synchronization
import Testing

@testable import Recognition

/// With the real model and the recordings of Debian's pocketsphinx-testdata.
@Suite("PocketSphinx", .serialized)
struct PocketSphinxRecognizerTests {
    private static let shared = Result { try PocketSphinxRecognizer(.init(decoders: 2)) }
    private let recognizer: PocketSphinxRecognizer

    init() throws { recognizer = try Self.shared.get() }

    /// A recording of 16-bit samples at 16 kHz, with or without the usual 44 bytes of WAV header.
    private func recording(_ name: String) throws -> Waveform {
        let data = try Data(contentsOf: URL(fileURLWithPath: "/usr/share/pocketsphinx/test/data/\(name)"))
        let samples = data.dropFirst(name.hasSuffix(".wav") ? 44 : 0)
        return Waveform(
            samples: stride(from: samples.startIndex, to: samples.endIndex - 1, by: 2).map {
                Float(Int16(bitPattern: UInt16(samples[$0]) | UInt16(samples[$0 + 1]) << 8)) / 32768
            })
    }

    @Test func `refuses to translate instead of writing what is said`() async throws {
        var options = RecognitionOptions(language: "en")
        options.translates = true
        let asked = options
        let error = await #expect(throws: RecognitionError.self) {
            try await recognizer.transcribe(try recording("cards/005.wav"), options: asked) { _ in }
        }
        #expect(error?.code == .unsupportedLanguage && error?.message.contains("translate") == true)
    }

    private func transcribe(_ audio: Waveform) async throws -> Recognition {
        try await recognizer.transcribe(audio, options: RecognitionOptions()) { _ in }
    }

    /// Text of the package's own transcriptions, and the errors that are tolerated.
    @Test(arguments: [
        ("goforward.raw", "go forward ten meters", 0),
        ("cards/005.wav", "eight of spades four of clubs seven of hearts", 1),
        (
            "librivox/sense_and_sensibility_01_austen_64kb-0870.wav",
            "and mister john dashwood had then leisure to consider how much there might be prudently in his power to do for them",
            11
        ),
    ])
    func `writes what is said, with times inside the recording`(name: String, text: String, errors: Int) async throws {
        let audio = try recording(name)
        let result = try await transcribe(audio)
        let transcript = result.transcript
        #expect(WordErrorRate(reference: text, hypothesis: transcript.text, language: "en").errors <= errors)
        #expect(transcript.language == "en" && transcript.languageProbability == nil)
        #expect(result.languages == [LanguageGuess(language: "en", probability: nil, share: 1)])
        var last = 0
        for segment in transcript.segments {
            #expect(segment.start >= last && segment.end <= Int(audio.duration * 1000))
            #expect(segment.text == segment.words.map(\.text).joined(separator: " "))
            last = segment.start
            for word in segment.words {
                #expect(word.start >= last && word.end > word.start && word.end <= segment.end)
                #expect(word.confidence.map { (0...1).contains($0) } == true)
                last = word.end
            }
        }
    }

    @Test func `finds words where they are after a long silence`() async throws {
        let audio = try recording("goforward.raw")
        let alone = try await transcribe(audio).transcript.words
        let silence = [Float](repeating: 0, count: 5 * Waveform.speechRate)
        let late = try await transcribe(Waveform(samples: silence + audio.samples + silence)).transcript.words
        #expect(late.map(\.text) == alone.map(\.text))
        for (a, b) in zip(alone, late) { #expect(abs(b.start - a.start - 5000) <= 50) }
    }

    @Test func `hears a very quiet recording`() async throws {
        var audio = try recording("goforward.raw")
        audio.samples = audio.samples.map { $0 / 500 }
        #expect(try await transcribe(audio).transcript.text == "go forward ten meters")
    }

    @Test func `gives no words when nobody speaks`() async throws {
        let count = 3 * Waveform.speechRate
        var seed: UInt64 = 42
        let noise: [Float] = (0..<count).map { _ in
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int64(bitPattern: seed) >> 33) / Float(1 << 30) * 0.1
        }
        let hum = (0..<count).map { index in
            let phase = Double(index) / Double(Waveform.speechRate) * 2 * Double.pi * 50
            return Float(0.2 * sin(phase) + 0.1 * sin(2 * phase) + 0.05 * sin(3 * phase))
        }
        let silence = [Float](repeating: 0, count: count)
        for samples in [noise, hum, silence, [], [0.5], zip(noise, hum).map { $0 * 0.1 + $1 }] {
            let result = try await transcribe(Waveform(samples: samples))
            #expect(result.transcript.segments.isEmpty)
        }
    }

    @Test func `two at once give the same as one after the other`() async throws {
        let first = try recording("cards/001.wav")
        let second = try recording("cards/003.wav")
        async let a = transcribe(first)
        async let b = transcribe(second)
        let together = try await [a, b]
        // The decoders have heard other recordings before: nothing of them may be left.
        let serial = [try await transcribe(first), try await transcribe(second)]
        #expect(together == serial)
        #expect(try await transcribe(first) == serial[0])
    }

    @Test func `reports progress that grows to the end, and finished segments`() async throws {
        let reports = Mutex<[RecognitionProgress]>([])
        let audio = try recording("cards/002.wav")
        let result = try await recognizer.transcribe(audio, options: RecognitionOptions(language: "en-GB")) { report in
            reports.withLock { $0.append(report) }
        }
        let all = reports.withLock { $0 }
        #expect(all.count >= 3)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
        #expect(all.last?.seconds == audio.duration)
        #expect(all.compactMap(\.segment) == result.transcript.segments)
    }

    @Test func `stops when the task is cancelled`() async throws {
        let recognizer = recognizer
        let audio = try recording("goforward.raw")
        let long = Waveform(samples: (0..<20).flatMap { _ in audio.samples })
        let (started, signal) = AsyncStream<Void>.makeStream()
        let reports = Mutex(0)
        let task = Task {
            try await recognizer.transcribe(long, options: RecognitionOptions()) { _ in
                reports.withLock { $0 += 1 }
                signal.yield()
            }
        }
        for await _ in started { break }
        task.cancel()
        let error = await #expect(throws: RecognitionError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(reports.withLock { $0 } < 60)
    }

    @Test(arguments: ["de", "fr-CA", "zh"]) func `refuses languages it does not know`(language: String) async throws {
        let options = RecognitionOptions(language: language)
        let error = await #expect(throws: RecognitionError.self) {
            try await recognizer.transcribe(Waveform(samples: []), options: options) { _ in }
        }
        #expect(error?.code == .unsupportedLanguage)
    }

    @Test func `says what it is`() async throws {
        #expect(recognizer.engine.name == "pocketsphinx")
        #expect(recognizer.engine.modelHash.count == 64)
        #expect(recognizer.engine.languages == ["en"])
        #expect(recognizer.engine.notice?.contains("English only") == true)
        #expect(try await recognizer.identifyLanguage(Waveform(samples: []), expected: []).map(\.probability) == [nil])
    }
}
