// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Analysis

@Suite struct TranscriptMeasureTests {
    static func measures(_ transcript: Transcript, origin: TranscriptVersion.Origin = .asr) throws -> [Measure] {
        try Samples.analyzer.get().measures(
            of: transcript, recordingDuration: nil, timeLimit: nil, expected: nil, origin: origin)
    }

    /// An answer of 76 words in five sentences.
    static let answer = """
        I would not sell her ibuprofen today. The patient takes warfarin for her heart, and both drugs together can \
        make her bleed. I would give her paracetamol, one tablet at a time, and no more than eight in a day. She \
        should come back when the pain lasts for more than three days, or when she sees blood or dark bruises. I would \
        also write the new medicine down in her record for her next visit.
        """

    @Test func `an answer without marks is read by its pauses, and says so`() throws {
        let marked = Samples.transcript(Self.answer) { $0.hasSuffix(".") ? 900 : $0.hasSuffix(",") ? 400 : 60 }
        var bare = marked
        for index in bare.segments[0].words.indices {
            bare.segments[0].words[index].text = Samples.unpunctuated(bare.segments[0].words[index].text)
        }
        let withMarks = try Self.measures(marked)
        let withPauses = try Self.measures(bare)
        #expect(withMarks["word_count"]?.value == 76)
        #expect(withMarks["sentence_count"]?.value == 5)
        #expect(withPauses["sentence_count"]?.value == 5)
        #expect(withPauses["fk_grade"]?.value == withMarks["fk_grade"]?.value)
        #expect(withPauses["fk_grade"]?.reason?.contains("taken from pauses") == true)
        #expect(withMarks["fk_grade"]?.reason?.contains("pauses") == false)
        #expect(
            withPauses["sentence_count"]?.evidence.map(\.words) == withMarks["sentence_count"]?.evidence.map(\.words))
        #expect(withMarks["sentence_count"]?.evidence.first?.note == "the recogniser's punctuation")
        #expect(
            try Self.measures(marked, origin: .human)["sentence_count"]?.evidence.first?.note
                == "a person's punctuation")

        // Without marks and pauses the whole would be one sentence, of a grade that is absurd: there is none.
        var breathless = bare
        for index in breathless.segments[0].words.indices {
            breathless.segments[0].words[index].start = index * 350
            breathless.segments[0].words[index].end = index * 350 + 300
        }
        #expect(try Self.measures(breathless)["fk_grade"]?.valid == .na)
    }

    @Test func `a sentence by pauses has four words or more`() throws {
        // | marks a silence of 700 ms; 699 ms is none.
        let pieces = "one two three| four| five six seven eight| nine ten eleven twelve thirteen/ more words| end now"
        let transcript = Samples.transcript(pieces) { $0.hasSuffix("|") ? 700 : $0.hasSuffix("/") ? 699 : 50 }
        let evidence = try #require(try Self.measures(transcript)["sentence_count"]?.evidence)
        #expect(evidence.map(\.words) == [0..<4, 4..<8, 8..<17])
    }

    @Test func `keeps what the recogniser marked out of the counts`() throws {
        var transcript = Samples.transcript("so like we we ask her about the pain")
        transcript.segments[0].words[1].kind = .filler
        let measures = try Self.measures(transcript)
        #expect(measures["word_count"]?.value == 7)
        #expect(measures["filled_pause_per_100w"]?.evidence.first?.note == "like")
        #expect(measures["repair_per_100w"]?.evidence == [Evidence(words: 2..<3, note: "said again")])
    }

    @Test func `evidence counts the words of the transcript, whatever they contain`() throws {
        var transcript = Samples.transcript("x x um x dangerous x")
        transcript.segments[0].words[0].text = "500 mg,"
        transcript.segments[0].words[1].text = "…"
        transcript.segments[0].words[3].text = "and/or"
        transcript.segments[0].words[5].text = "naïve"
        let measures = try Self.measures(transcript)
        #expect(measures["filled_pause_per_100w"]?.evidence.map(\.words) == [2..<3])
        // five hundred milligrams and or dangerous naïve
        #expect(measures["word_count"]?.value == 7)
    }

    @Test func `an empty transcript has reasons instead of numbers`() throws {
        for transcript in [
            Transcript(language: "en", segments: []), Samples.transcript("um uh"),
            Samples.transcript("... - !"),
        ] {
            // How sure the recogniser was, and what fillers sound like, can be told without a word.
            let others = ["mean_conf", "low_conf_pct", "language_probability"]
            for measure in try Self.measures(transcript) where !others.contains(measure.key) {
                if measure.key == "word_count" {
                    #expect(measure.value == 0)
                } else {
                    #expect(measure.valid == .na && measure.reason?.isEmpty == false, "\(measure.key)")
                }
            }
        }
    }

    @Test func `gives every measure once, in the order of the catalogue`() throws {
        let analyzer = try Samples.analyzer.get()
        for language in ["en", "it", "zh", "de", nil] {
            let measures = analyzer.measures(
                of: Samples.transcript(Self.answer, language: language), recordingDuration: 60, timeLimit: 90,
                expected: ExpectedAnswer(text: Samples.pharmacy), origin: .asr)
            let order = MeasureCatalogue.all.map(\.key)
            let places = try measures.map { try #require(order.firstIndex(of: $0.key)) }
            #expect(places == places.sorted())
            #expect(Set(places).count == places.count)
            for measure in measures {
                #expect(measure.unit == MeasureCatalogue.descriptor(for: measure.key)?.unit)
            }
        }
    }
}
