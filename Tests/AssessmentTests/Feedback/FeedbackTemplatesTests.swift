// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Domain
import JSON
import TestRandom
import Testing

@Suite("Feedback templates")
struct FeedbackTemplatesTests {
    private func templates() throws -> FeedbackTemplates { try FeedbackTemplates(catalogues: FeedbackFiles.catalogues) }

    private let item = FeedbackItem(
        .longPauses, measure: "long_pause_count",
        parameters: [.init("count", .number(3)), .init("longest", .number(2.5))])

    @Test func `the catalogues of the pages have every rule in every language`() throws {
        let templates = try templates()
        for rule in FeedbackItem.Rule.allCases {
            let item = FeedbackItem(
                rule, parameters: FeedbackTemplates.placeholders(of: rule).map { .init($0, .text("x1y")) })
            let english = templates.text(of: item, language: "en")
            let spanish = templates.text(of: item, language: "es-MX")
            #expect(!english.isEmpty && !spanish.isEmpty && english != spanish)
            #expect(!english.contains("{") && !spanish.contains("{"))
            #expect(templates.text(of: item, language: "fi") == english)
        }
    }

    @Test func `fills in words and numbers as the language writes them`() throws {
        let templates = try templates()
        #expect(
            templates.text(of: item, language: "en")
                == "You made 3 long pauses, the longest of 2.5 seconds. Order your thoughts before you start.")
        #expect(templates.text(of: item, language: "es").contains("2,5 segundos"))
        var one = item
        one.parameters[0] = .init("count", .number(1))
        #expect(templates.text(of: one, language: "en").hasPrefix("You stopped for 2.5 seconds."))
        let missing = FeedbackItem(.missing, keyPoint: "a", parameters: [.init("key_point", .text("See a doctor. "))])
        #expect(templates.text(of: missing, language: "en") == "Say this too: See a doctor.")
    }

    @Test func `what was said is never read as a template`() throws {
        let said = FeedbackItem(
            .contradicted, keyPoint: "a",
            parameters: [.init("key_point", .text("{said}")), .init("said", .text("{key_point} {"))])
        #expect(
            try templates().text(of: said, language: "en") == "You said “{key_point} {”; what is expected is: {said}.")
    }

    @Test func `a school replaces single sentences and adds languages`() throws {
        let changed = try templates().replacing(
            parsing: Array(
                #"{"en": {"missing": "Also: {key_point}"}, "de-AT": {"missing": {"other": "Auch: {key_point}"}}}"#.utf8)
        )
        let missing = FeedbackItem(.missing, keyPoint: "a", parameters: [.init("key_point", .text("rest"))])
        #expect(changed.text(of: missing, language: "en") == "Also: rest")
        #expect(changed.text(of: missing, language: "de") == "Auch: rest")
        #expect(changed.text(of: missing, language: "es") == "Di también esto: rest.")
        #expect(changed.text(of: item, language: "de") == changed.text(of: item, language: "en"))
    }

    @Test(arguments: [
        (#"[]"#, "an object of languages"),
        (#"{"en": []}"#, "must be an object of rules"),
        (#"{"english!": {}}"#, "is no language"),
        (#"{"en": {"missed": "x"}}"#, "there is no rule \"missed\"; there are critical_contradicted"),
        (#"{"en": {"missing": "{label}"}}"#, "there is no placeholder {label} in this rule; it has {key_point}"),
        (#"{"en": {"off_topic": "{said}"}}"#, "it has none"),
        (#"{"en": {"missing": ""}}"#, "1 to 1000 bytes"),
        (#"{"en": {"missing": 1}}"#, "a template is a text"),
        (#"{"en": {"missing": {"one": "x"}}}"#, "a template is a text"),
        (#"{"en": {"missing": {"other": "x", "few": "y"}}}"#, "a template is a text"),
        (#"{"en": {"missing": "x"}, "en": {}}"#, "must be JSON"),
        ("\u{FEFF}{", "must be JSON"),
    ])
    func `refuses a file with a fault and says where`(_ text: String, _ message: String) throws {
        let templates = try templates()
        let error = #expect(throws: FeedbackTemplateError.self) { try templates.replacing(parsing: Array(text.utf8)) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func `a broken file is refused or used, and nothing else`() throws {
        let templates = try templates()
        var random = SplitMix(seed: 5)
        let whole = Array(
            #"{"en": {"missing": "Also {key_point}", "long_pauses": {"one": "{longest}", "other": "{count}"}}}"#.utf8)
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 32...126, using: &random)
            }
            if let changed = try? templates.replacing(parsing: bytes) { _ = changed.text(of: item, language: "en") }
        }
    }

    @Test func `English has to be complete`() {
        #expect(throws: FeedbackTemplateError.self) { try FeedbackTemplates(catalogues: ["en": .object([:])]) }
        #expect(throws: FeedbackTemplateError.self) { try FeedbackTemplates(catalogues: [:]) }
    }
}
