// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import TestRandom
import Testing

@testable import Analysis

@Suite struct LanguageIdentificationTests {
    @Test(arguments: [
        ("en", "The patient takes warfarin every day."), ("es", "La paciente toma warfarina todos los días."),
        ("fr", "La patiente prend de la warfarine tous les jours."), ("de", "Die Patientin nimmt jeden Tag Warfarin."),
        ("it", "La paziente prende il warfarin tutti i giorni."), ("nl", "De patiënt neemt elke dag warfarine in."),
        ("pt", "A paciente toma varfarina todos os dias, não é?"), ("ru", "Пациентка принимает варфарин каждый день."),
        ("hu", "A beteg minden nap warfarint szed."), ("ar", "تتناول المريضة الوارفارين كل يوم."),
        ("zh", "患者每天服用华法林。"), ("ja", "患者は毎日ワルファリンを飲みます。"), ("ko", "환자는 매일 와파린을 먹습니다."),
        ("th", "ผู้ป่วยทานยาวาร์ฟารินทุกวัน"), ("el", "Η ασθενής παίρνει βαρφαρίνη κάθε μέρα."),
        ("he", "המטופלת נוטלת קומדין כל יום."),
        ("hi", "मरीज़ हर दिन वारफेरिन लेता है।"), ("tr", "Hasta her gün varfarin alıyor."),
        ("pl", "Pacjentka codziennie przyjmuje warfarynę."), ("vi", "Bệnh nhân uống thuốc mỗi ngày."),
        ("uk", "Пацієнтка щодня приймає варфарин."), ("sv", "Patienten får inte äta tabletterna på fastande mage."),
        ("fi", "Potilas ottaa varfariinia joka päivä."), ("cs", "Pacientka užívá warfarin každý den."),
    ])
    func `tells the language of a sentence, however it is written`(language: String, text: String) {
        let bare = String(text.lowercased().filter { !$0.isPunctuation })
        for text in [text, bare] {
            let found = LanguageIdentifier.identify(text)
            #expect(found.code == language && found.isReliable, "\(found)")
            #expect(found.probability > 0.8 && found.probability < 1)
            #expect(found.shares.first?.code == language)
            #expect(LanguageChoice(for: text).language == language)
        }
    }

    @Test(arguments: ["", " ", "500 mg", "no", "?!", "👍👍", "12:30", "\n\n", "\u{0}", "A", "xyz"])
    func `says nothing about too little`(text: String) {
        let found = LanguageIdentifier.identify(text)
        #expect(found == .unknown && !found.isReliable, "\(found)")
        #expect(LanguageChoice(for: text).language == nil)
        #expect(LanguageChoice(for: text, declared: "de-CH").language == "de-CH")
    }

    @Test func `an expected language makes short texts sure, and clear texts overrule it`() {
        let without = LanguageIdentifier.identify("todos los días")
        let with = LanguageIdentifier.identify("todos los días", hint: "es")
        #expect(with.code == "es" && with.probability > without.probability && with.isReliable)
        let english = "The patient takes warfarin every day and must not take ibuprofen with it."
        for hint in ["de", "es-MX", "ja", "he", "nb", "zh-Hant", "xx", "not a tag", ""] {
            #expect(LanguageIdentifier.identify(english, hint: hint).code == "en", "\(hint)")
        }
    }

    @Test func `a declared language decides, and a contradiction is told`() throws {
        let english = String(repeating: "The patient takes warfarin every day and must not take ibuprofen. ", count: 10)
        let choice = LanguageChoice(for: english, declared: "de")
        #expect(choice.language == "de")
        let analyzer = try Samples.analyzer.get()
        let measures = analyzer.measures(of: english, choice, expected: nil)
        #expect(measures["amstad"]?.valid == .low)
        #expect(measures["amstad"]?.reason?.contains("another language (en)") == true)
        #expect(measures["language_probability"]?.valid == .low)
        #expect(analyzer.measures(of: english, LanguageChoice(for: english), expected: nil)["fk_grade"]?.valid == .ok)
        // What nobody looked at is not told.
        #expect(analyzer.measures(of: english, language: "en", expected: nil)["language_probability"] == nil)
        #expect(!LanguageIdentifier.identify("Pasienten tar medisin hver dag").contradicts(TextLanguage("nb")))
    }

    @Test func `a mixed text has shares and passages`() throws {
        let text =
            "The patient takes warfarin every day and must not take ibuprofen with it. "
            + "Der Patient nimmt jeden Tag Warfarin und darf kein Ibuprofen dazu nehmen, weil es bluten kann."
        let found = LanguageIdentifier.identify(text)
        #expect(Set(found.shares.map(\.code)) == ["en", "de"])
        #expect(found.shares.allSatisfy { (0.35...0.65).contains($0.share) })
        #expect(found.isMixed)
        let measures = try Samples.analyzer.get().measures(of: text, LanguageChoice(for: text), expected: nil)
        #expect(measures["syllables_per_word"]?.reason?.contains("several languages") == true)
        let places = try #require(measures["language_probability"]?.evidence)
        #expect(places.map(\.note) == ["en", "de"])
        #expect(abs(places[1].words.lowerBound - 13) <= 3)
        let three = text + " El paciente toma warfarina todos los días y no debe tomar ibuprofeno porque puede sangrar."
        #expect(LanguageIdentifier.identify(three).shares.count > 1)
    }

    @Test func `a transcript without a language is measured as the language of its words`() throws {
        let spanish = String(
            repeating: "La paciente toma warfarina todos los días y no debe tomar ibuprofeno. ", count: 5)
        let measures = try Samples.analyzer.get().measures(
            of: Samples.transcript(spanish, language: nil), recordingDuration: nil, timeLimit: nil, expected: nil,
            origin: .human)
        #expect(measures["szigriszt_pazos"]?.value != nil && measures["speech_rate_sps"]?.value != nil)
        #expect(measures["language_probability"]?.evidence.map(\.note) == ["es"])
        let places = measures.map { measure in MeasureCatalogue.all.firstIndex { $0.key == measure.key } ?? -1 }
        #expect(places == places.sorted())
    }

    @Test func `survives any bytes`() throws {
        let analyzer = try Samples.analyzer.get()
        var random = SplitMix(seed: 11)
        let parts: [[UInt8]] = [
            Array("the patient ".utf8), Array("der Patient nimmt ".utf8), Array("患者每天".utf8), Array("ผู้ป่วย".utf8),
            Array("مريض ".utf8), [0xFF], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0],
            [0x1B],
            [0x7F], [0xC2, 0x85], [0xEF, 0xBF, 0xBF], [0xEF, 0xB7, 0x90], Array("<b>&amp;".utf8),
            Array("http://a.b ".utf8),
            Array("\u{1F468}\u{200D}\u{1F469}".utf8), Array("e\u{301}".utf8), Array(repeating: 0x61, count: 300),
        ]
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...20, using: &random)).flatMap { _ in
                parts.randomElement(using: &random) ?? []
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for hint in [nil, "de", "zh-TW"] {
                let found = LanguageIdentifier.identify(text, hint: hint)
                #expect((0...1).contains(found.probability))
                #expect(found.shares.allSatisfy { (0...1).contains($0.share) && $0.code != "und" })
                var end = 0
                for passage in found.passages {
                    #expect(passage.bytes.lowerBound >= end && passage.bytes.upperBound <= text.utf8.count)
                    end = passage.bytes.lowerBound
                }
            }
            for measure in analyzer.measures(of: text, LanguageChoice(for: text), expected: nil) {
                #expect(measure.value?.isFinite ?? true)
            }
        }
        let long = String(repeating: "La paciente toma el medicamento todos los días. ", count: 25_000)
        #expect(LanguageIdentifier.identify(long).code == "es")
    }

    /// How often runs of words of the golden texts are told right: the figures of short texts, on a small scale.
    @Test func `tells most short texts`() {
        func right(_ length: Int, hinted: Bool) -> Double {
            var right = 0
            var count = 0
            for golden in GoldenLanguage.all {
                let words = golden.text.split(separator: " ")
                for start in 0...(words.count - length) {
                    let text = words[start..<(start + length)].joined(separator: " ")
                    let found = LanguageIdentifier.identify(text, hint: hinted ? golden.language : nil)
                    right += found.code == golden.language ? 1 : 0
                    count += 1
                }
            }
            return Double(right) / Double(max(1, count))
        }
        #expect(right(6, hinted: false) > 0.95, "\(right(6, hinted: false))")
        #expect(right(2, hinted: false) > 0.7, "\(right(2, hinted: false))")
        #expect(right(2, hinted: true) > 0.97, "\(right(2, hinted: true))")
    }
}
