// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Testing

@testable import Recognition

/// The search of one window, on a model that is a table: what it wants to write depends on the tokens so far.
@Suite("WindowDecoding")
struct WindowDecodingTests {
    private let tokenizer: WhisperTokenizer
    private let start: [Int]

    init() throws {
        tokenizer = try WhisperGolden.tokenizer.get()
        start = try tokenizer.startSequence(language: "en", task: .transcribe, timestamps: true)
    }

    private func decoding(
        _ search: SearchOptions, previous: [Int] = [], thresholds: DecodingThresholds = DecodingThresholds()
    ) -> WindowDecoding {
        WindowDecoding(
            prompt: tokenizer.prompt(previous: previous, start: start, contextLength: 448), contextLength: 448, search,
            LogitRules(tokenizer, suppressed: [], suppressedAtBegin: []), thresholds, tokenizer, seed: 7)
    }

    /// Runs a search on a model that gives each sequence's logits by its tokens after the start sequence.
    private func run(
        _ decoding: WindowDecoding, model: (_ written: [Int], _ temperatureTry: Int) -> [Float]
    ) throws -> (window: DecodedWindow, tries: Int, widest: Int) {
        var decoding = decoding
        var sequences: [[Int]] = []
        var step = decoding.first
        var tries = 0
        var widest = 0
        for _ in 0..<5_000 {
            switch step {
            case .feed(let tokens, let isNew):
                if isNew {
                    sequences = [[]]
                    tries += 1
                }
                sequences = [sequences[0] + tokens]
            case .extend(let sources, let tokens):
                sequences = zip(sources, tokens).map { sequences[$0] + [$1] }
            case .done(let window): return (window, tries, widest)
            }
            widest = max(widest, sequences.count)
            step = decoding.take(
                sequences.map { sequence in
                    let begin = sequence.lastIndex(of: tokenizer.startOfTranscript) ?? 0
                    return model(Array(sequence[begin...].dropFirst(start.count)), tries)
                })
        }
        throw Endless()
    }

    private struct Endless: Error {}

    /// Logits that make some tokens probable.
    private func logits(_ probable: [Int: Float]) -> [Float] {
        var row = [Float](repeating: -10, count: tokenizer.timestampBegin + WhisperTokenizer.timestampCount)
        for (token, value) in probable { row[token] = value }
        return row
    }

    /// A model that writes one text and no other.
    private func fixed(_ text: [Int]) -> ([Int], Int) -> [Float] {
        { written, _ in logits([written.count < text.count ? text[written.count] : tokenizer.endOfText: 10]) }
    }

    private var sentence: [Int] {
        [tokenizer.timestampBegin] + tokenizer.encode(" one two three") + [tokenizer.timestampBegin + 100]
    }

    @Test(arguments: [1, 5])
    func `writes what the model is sure of, however many beams look`(beams: Int) throws {
        let (window, tries, widest) = try run(decoding(SearchOptions(beams: beams)), model: fixed(sentence))
        #expect(window.tokens == sentence && tries == 1 && widest == beams)
        #expect(window.averageLogProbability > -0.01 && window.temperature == 0)
    }

    @Test func `follows a text whose first token is the less probable one, which one beam does not`() throws {
        let (first, second) = (tokenizer.encode(" a")[0], tokenizer.encode(" b")[0])
        let begin = tokenizer.timestampBegin
        func model(_ written: [Int], _ attempt: Int) -> [Float] {
            switch written.count {
            case 0: logits([begin: 10])
            case 1: logits([first: 1.2, second: 1])
            // After the first, nothing fits well; after the second, all is clear.
            case 2 where written[1] == first: [Float](repeating: 0, count: begin + WhisperTokenizer.timestampCount)
            default: logits([tokenizer.endOfText: 10])
            }
        }
        var thresholds = DecodingThresholds()
        thresholds.temperatures = [0]
        let wide = try run(decoding(SearchOptions(beams: 5), thresholds: thresholds), model: model).window
        #expect(wide.tokens.dropFirst().first == second)
        let narrow = try run(decoding(SearchOptions(beams: 1, maximumTokens: 3), thresholds: thresholds), model: model)
        #expect(narrow.window.tokens.dropFirst().first == first)
    }

    @Test func `tries again at a higher temperature when the text is a guess, and stops when it is good`() throws {
        let text = sentence
        let (window, tries, widest) = try run(decoding(SearchOptions(beams: 1, samples: 4))) { written, attempt in
            if attempt < 3 { return [Float](repeating: 0, count: logits([:]).count) }
            return fixed(text)(written, attempt)
        }
        #expect(tries == 3 && window.temperature == 0.4 && window.tokens == text && widest == 4)
        let kept = try run(
            decoding(
                SearchOptions(beams: 1, maximumTokens: 20),
                thresholds: {
                    var one = DecodingThresholds()
                    one.temperatures = [0]
                    return one
                }())
        ) { _, _ in [Float](repeating: 0, count: logits([:]).count) }
        #expect(kept.tries == 1, "without further temperatures the first text is kept")
    }

    @Test func `leaves a loop long before the window is full`() throws {
        let word = tokenizer.encode(" tick")[0]
        var longest = 0
        let (window, tries, _) = try run(decoding(SearchOptions(beams: 1, samples: 1))) { written, _ in
            longest = max(longest, written.count)
            return logits([written.isEmpty ? tokenizer.timestampBegin : word: 10])
        }
        #expect(tries == DecodingThresholds().temperatures.count && longest < 40)
        #expect(window.compressionRatio > 1.5)
    }

    @Test func `reads the probability of no speech at the start, also behind what was said before`() throws {
        let noSpeech = try #require(tokenizer.noSpeech)
        for previous in [[], tokenizer.encode(" said before")] {
            let (window, _, _) = try run(decoding(SearchOptions(beams: 1), previous: previous)) { written, _ in
                var row = fixed(sentence)(written, 1)
                if written.isEmpty { row[noSpeech] = 12 }
                return row
            }
            #expect((window.noSpeechProbability ?? 0) > 0.8)
        }
    }

    @Test func `writes exactly as many tokens as asked for when the end is ignored`() throws {
        let search = SearchOptions(beams: 1, fallsBack: false, maximumTokens: 64, ignoresEndOfText: true)
        var thresholds = DecodingThresholds()
        thresholds.temperatures = [0]
        let words = tokenizer.encode(" some of the words that differ from each other")
        let (window, _, _) = try run(decoding(search, thresholds: thresholds)) { written, _ in
            logits([tokenizer.endOfText: 12, words[written.count * 7 % words.count]: 10])
        }
        #expect(window.tokens.count == 64)
        let loop = try run(decoding(search, thresholds: thresholds)) { _, _ in logits([words[0]: 10]) }.window
        #expect(loop.tokens.count == 64, "also when it repeats itself")
    }
}
