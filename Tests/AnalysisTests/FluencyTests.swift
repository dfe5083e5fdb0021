// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Analysis

@Suite struct FluencyTests {
    /// Twelve words with a filler and a pause of exactly the threshold, made for the golden values; the file is 7.00 s.
    static let words: [(String, Int, Int)] = [
        ("so", 500, 700), ("um", 950, 1_250), ("i", 1_300, 1_380), ("would", 1_380, 1_600), ("first", 1_620, 1_980),
        ("ask", 2_000, 2_300), ("about", 3_100, 3_420), ("allergies", 3_450, 4_200), ("and", 4_260, 4_400),
        ("and", 4_750, 4_900), ("other", 4_950, 5_200), ("medicines", 5_220, 5_950),
    ]

    static func transcript(_ words: [(String, Int, Int)], language: String? = "en") -> Transcript {
        let words = words.map { Word(text: $0.0, start: $0.1, end: $0.2, confidence: 0.9) }
        return Transcript(language: language, segments: [Segment(start: 0, end: 7_000, text: "", words: words)])
    }

    static func measures(
        _ words: [(String, Int, Int)] = words, language: String? = "en", limit: Int? = 60
    ) throws -> [Measure] {
        try Samples.analyzer.get().measures(
            of: transcript(words, language: language), recordingDuration: 7, timeLimit: limit, expected: nil,
            origin: .asr)
    }

    /// Key, value, and half of the last printed digit (0 where the value is a count).
    static let golden: [(String, Double, Double)] = [
        ("pause_count", 3, 0),
        ("pause_max", 0.8, 1e-9),
        ("pause_mean", 0.466667, 5e-7),
        ("pause_median", 0.35, 1e-9),
        ("pause_per_min", 33.0275, 5e-5),
        ("long_pause_count", 0, 0),
        ("phonation_ratio", 0.7431, 0.00005),
        ("speech_rate_wpm", 121.10, 0.005),
        ("speech_rate_sps", 3.119, 0.0005),
        ("articulation_rate", 4.198, 0.0005),
        ("mean_length_of_run", 4.25, 1e-9),
        ("mean_length_of_run_words", 2.75, 1e-9),
        ("filled_pause_per_min", 11.01, 0.005),
        ("filled_pause_per_100w", 9.0909, 5e-5),
        ("repair_per_100w", 9.0909, 5e-5),
        ("response_latency", 0.5, 1e-9),
        ("trailing_silence", 1.05, 1e-9),
        ("time_used", 0.090833, 5e-7),
    ]

    @Test(arguments: golden)
    func `has the golden value`(key: String, golden: Double, tolerance: Double) throws {
        let measure = try #require(try Self.measures()[key])
        #expect(abs(try #require(measure.value) - golden) <= tolerance, "\(key)")
        #expect(measure.valid == .ok)
    }

    @Test func `shows where pauses, fillers and repetitions are`() throws {
        let measures = try Self.measures()
        #expect(
            measures["pause_count"]?.evidence == [
                Evidence(words: 0..<2, note: "0.25 s pause"), Evidence(words: 5..<7, note: "0.80 s pause"),
                Evidence(words: 8..<10, note: "0.35 s pause"),
            ])
        #expect(measures["pause_max"]?.evidence == [Evidence(words: 5..<7, note: "0.80 s pause")])
        #expect(measures["filled_pause_per_min"]?.evidence == [Evidence(words: 1..<2, note: "um")])
        #expect(measures["repair_per_100w"]?.evidence == [Evidence(words: 8..<9, note: "said again")])
        #expect(measures["word_count"]?.value == 10)
    }

    @Test func `a silence one millisecond below the threshold is no pause`() throws {
        var words = Self.words
        words[0].2 += 1
        #expect(try Self.measures(words)["pause_count"]?.value == 2)
    }

    @Test func `needs syllables only where syllables are counted`() throws {
        for language in ["pl", "sv"] {
            let measures = try Self.measures(language: language)
            for key in ["speech_rate_sps", "articulation_rate", "mean_length_of_run"] {
                #expect(measures[key]?.valid == .na)
                #expect(measures[key]?.reason != nil)
            }
            #expect(measures["speech_rate_wpm"]?.valid == .ok)
        }
        #expect(try Self.measures(language: "th")["speech_rate_wpm"]?.valid == .na)
        #expect(try Self.measures(language: "pl")["filled_pause_per_min"]?.valid == .na)
        #expect(try Self.measures(language: "de")["articulation_rate"]?.value != nil)
    }

    @Test func `words without times have no fluency`() throws {
        let measures = try Self.measures([("no", 0, 0), ("times", 0, 0)])
        for measure in MeasureCatalogue.measures(measures, in: .fluency) {
            #expect(measure.valid == .na && measure.reason == "The words have no times.")
        }
    }

    @Test func `hostile times neither crash nor give infinite numbers`() throws {
        var random = SplitMix(seed: 11)
        let times = [Int.min, -1, 0, 1, 1_000, Int(Int32.max), Int.max]
        for _ in 0..<300 {
            let words = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                ("word", times.randomElement(using: &random) ?? 0, times.randomElement(using: &random) ?? 0)
            }
            for measure in try Self.measures(words, limit: Int.min) {
                #expect(measure.value?.isFinite ?? true)
                #expect((measure.value == nil) == (measure.valid == .na))
            }
        }
    }

    @Test func `an edit with estimated times is marked`() throws {
        var transcript = Self.transcript(Self.words)
        for index in 0..<4 { transcript.segments[0].words[index].timing = .interpolated }
        let measures = try Samples.analyzer.get().measures(
            of: transcript, recordingDuration: nil, timeLimit: nil, expected: nil, origin: .human)
        #expect(measures["speech_rate_wpm"]?.valid == .low)
        #expect(measures["trailing_silence"]?.valid == .na)
        #expect(measures["time_used"]?.valid == .na)
    }

    @Test func `a text that was mostly written anew has no flow of speech`() throws {
        var transcript = Self.transcript(Self.words)
        for index in 0..<7 { transcript.segments[0].words[index].timing = .interpolated }
        let measures = try Samples.analyzer.get().measures(
            of: transcript, recordingDuration: nil, timeLimit: nil, expected: nil, origin: .human)
        for measure in MeasureCatalogue.measures(measures, in: .fluency) {
            #expect(measure.valid == .na && measure.reason?.contains("58 % of the words are estimates") == true)
        }
    }

    @Test func `a text that was written by hand has the pace of its words in the time in which speech was heard`()
        throws
    {
        // Heard as other words, with the same times.
        let heard = Self.transcript(Self.words.map { ("x\($0.0)", $0.1, $0.2) })
        let written = heard.edited(to: Self.words.map(\.0).joined(separator: " "))
        #expect(written.words.allSatisfy { $0.timing == .interpolated })
        let measures = try Samples.analyzer.get().measures(
            of: written, recordingDuration: 7, timeLimit: 60, expected: nil, origin: .human, heard: heard)
        for (key, value, tolerance) in Self.golden {
            let measure = try #require(measures[key])
            #expect(abs(try #require(measure.value, "\(key)") - value) <= tolerance, "\(key)")
            #expect(measure.evidence.isEmpty || !key.hasPrefix("pause"))
            if !["response_latency", "trailing_silence", "time_used"].contains(key) {
                #expect(measure.valid == .low && measure.reason?.contains("that were heard") == true, "\(key)")
            }
        }
        #expect(measures["pause_mid_clause_ratio"]?.valid == .na)
    }

    @Test func `nobody says more than can be said in the time`() throws {
        let heard = Self.transcript([("so", 500, 800)])
        let written = heard.edited(to: String(repeating: "a long text that was typed ", count: 5))
        let measures = try Samples.analyzer.get().measures(
            of: written, recordingDuration: 7, timeLimit: 60, expected: nil, origin: .human, heard: heard)
        for key in ["speech_rate_wpm", "speech_rate_sps", "articulation_rate", "mean_length_of_run"] {
            #expect(measures[key]?.valid == .na && measures[key]?.reason?.hasPrefix("Nobody says so much") == true)
        }
        #expect(measures["response_latency"]?.value == 0.5)
    }

    @Test func `pauses inside clauses are told by punctuation, or not at all`() throws {
        #expect(try Self.measures()["pause_mid_clause_ratio"]?.valid == .na)
        var words = Self.words
        words[0].0 = "So,"
        words[11].0 = "medicines."
        let ratio = try Self.measures(words)["pause_mid_clause_ratio"]
        #expect(ratio?.value == 2.0 / 3)
        #expect(ratio?.valid == .low)
    }

    @Test func `shows the words the recogniser doubts`() throws {
        var transcript = Self.transcript(Self.words)
        for (index, confidence) in [2: 0.1, 3: 0.49, 7: 0.5, 9: 0.0] {
            transcript.segments[0].words[index].confidence = confidence
        }
        let measures = try Samples.analyzer.get().measures(
            of: transcript, recordingDuration: 7, timeLimit: nil, expected: nil, origin: .asr)
        #expect(abs(try #require(measures["low_conf_pct"]?.value) - 25) < 1e-9)
        #expect(measures["low_conf_pct"]?.evidence.map(\.words) == [2..<4, 9..<10])
        #expect(abs(try #require(measures["mean_conf"]?.value) - 0.690833) < 5e-7)
    }
}
