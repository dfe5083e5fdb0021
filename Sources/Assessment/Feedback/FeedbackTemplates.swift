// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
public import JSON

/// Why templates of feedback can't be used, for a person. The message never contains what was said.
public struct FeedbackTemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, where, and what is possible.
    public let message: String

    /// Creates an error.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}

/// The sentences of feedback by language and rule, with `{placeholders}` for what they name.
///
/// They come from the message catalogues of the pages, and a school may replace any of them by a file of its own:
///
/// ```json
/// {"en": {"missing": "Next time, say this too: {key_point}.",
///         "hedging": {"one": "You hedged once.", "other": "You hedged {count} times."}}}
/// ```
public struct FeedbackTemplates: Sendable, Hashable {
    /// One sentence, with the form for a count of one where it has another.
    private struct Template: Sendable, Hashable {
        var one: String?
        var other: String
    }

    /// [language][rule]
    private var templates: [String: [FeedbackItem.Rule: Template]] = [:]

    /// The longest template, in bytes.
    public static let longestTemplate = 1_000
    /// The language that lends what another lacks.
    public static let fallback = "en"

    /// What templates of a rule may name.
    public static func placeholders(of rule: FeedbackItem.Rule) -> [String] {
        switch rule {
        case .criticalContradicted, .contradicted, .inconsistent, .incomplete, .leftOpen, .safetyCovered, .numberRight,
            .covered:
            ["key_point", "said"]
        case .numberMissing: ["key_point", "said", "number"]
        case .partMissing: ["key_point", "said", "part"]
        case .essentialMissing, .missing: ["key_point"]
        case .offTopic: []
        case .timeUnused: ["percent"]
        case .readingLevel: ["grade", "wanted"]
        case .paceFast, .paceSlow, .paceSteady: ["rate", "least", "most"]
        case .longPauses: ["count", "longest"]
        case .fillers: ["rate", "count"]
        case .hedging, .clearStructure, .fewFillers, .essentialsCovered: ["count"]
        case .structure: ["words"]
        }
    }

    /// What precedes a rule's name in a message catalogue.
    private static let prefix = "feedback.rule."

    /// Reads templates out of message catalogues: their members `feedback.rule.…`, by language.
    ///
    /// - Throws: ``FeedbackTemplateError`` where one names a rule or a placeholder that there isn't, or English lacks one.
    public init(catalogues: [String: JSONValue]) throws(FeedbackTemplateError) {
        for (language, catalogue) in catalogues.sorted(by: { $0.key < $1.key }) {
            for member in catalogue.object?.members ?? [] where member.key.hasPrefix(Self.prefix) {
                try set(member.value, rule: String(member.key.dropFirst(Self.prefix.count)), language: language)
            }
        }
        for rule in FeedbackItem.Rule.allCases where templates[Self.fallback]?[rule] == nil {
            throw FeedbackTemplateError("There is no English template for the rule \(rule.rawValue).")
        }
    }

    /// The templates with those of a school in their place.
    ///
    /// - Parameter document: An object of languages (BCP 47), each an object of rules; a template is a string, or an object with
    ///   the members `one` and `other`, chosen by `count`.
    /// - Throws: ``FeedbackTemplateError`` where something is unknown or of another form; nothing is ignored.
    public func replacing(_ document: JSONValue) throws(FeedbackTemplateError) -> FeedbackTemplates {
        guard let languages = document.object else {
            throw FeedbackTemplateError(
                #"Feedback templates are an object of languages, such as {"en": {"missing": "…"}}."#)
        }
        var changed = self
        for language in languages.members {
            guard Self.isLanguage(language.key) else {
                throw FeedbackTemplateError("\"\(language.key)\" is no language; write a code such as en or es.")
            }
            guard let rules = language.value.object else {
                throw FeedbackTemplateError("The templates of \(language.key) must be an object of rules.")
            }
            for rule in rules.members {
                try changed.set(rule.value, rule: rule.key, language: Self.primary(language.key))
            }
        }
        return changed
    }

    /// The templates with those of a file in their place; see ``replacing(_:)``.
    public func replacing(parsing bytes: [UInt8]) throws(FeedbackTemplateError) -> FeedbackTemplates {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw FeedbackTemplateError("Feedback templates must be JSON: \(error)")
        }
        return try replacing(document)
    }

    /// The sentence of an item, in a language (BCP 47) or else in English.
    public func text(of item: FeedbackItem, language: String) -> String {
        let wanted = Self.primary(language)
        let code = templates[wanted]?[item.rule] == nil ? Self.fallback : wanted
        guard let template = templates[code]?[item.rule] else { return item.rule.rawValue }
        let count = item.parameters.first { $0.name == "count" }
        let form = count?.value == .number(1) ? template.one ?? template.other : template.other
        let values = Dictionary(
            item.parameters.map { parameter in
                switch parameter.value {
                case .text(let text): (parameter.name, Self.shortened(text))
                case .number(let number): (parameter.name, Self.format(number, decimals: 2, language: code))
                }
            }, uniquingKeysWith: { first, _ in first })
        return Self.pieces(of: form).map { piece in
            switch piece {
            case .text(let text): String(text)
            case .placeholder(let name): values[String(name)] ?? ""
            }
        }.joined()
    }

    /// The template of a rule in a language as it is written in a file; nil where that language has none of its own.
    public func document(of rule: FeedbackItem.Rule, language: String) -> JSONValue? {
        templates[Self.primary(language)]?[rule].map { template in
            template.one.map { ["one": .string($0), "other": .string(template.other)] } ?? .string(template.other)
        }
    }

    // MARK: Reading

    private mutating func set(
        _ value: JSONValue, rule name: String, language: String
    ) throws(FeedbackTemplateError) {
        guard let rule = FeedbackItem.Rule(rawValue: name) else {
            let known = FeedbackItem.Rule.allCases.map(\.rawValue).joined(separator: ", ")
            throw FeedbackTemplateError("\(language): there is no rule \"\(name)\"; there are \(known).")
        }
        let place = "\(language), \(name)"
        var template = Template(other: "")
        if let text = value.string {
            template.other = text
        } else if let forms = value.object, let other = forms["other"]?.string,
            forms.keys.allSatisfy(["one", "other"].contains), forms["one"].map({ $0.string != nil }) ?? true
        {
            template = Template(one: forms["one"]?.string, other: other)
        } else {
            throw FeedbackTemplateError(
                "\(place): a template is a text, or an object with the texts \"one\" and \"other\".")
        }
        for text in [template.one, template.other].compactMap({ $0 }) {
            guard !text.allSatisfy(\.isWhitespace), text.utf8.count <= Self.longestTemplate else {
                throw FeedbackTemplateError("\(place): a template has 1 to \(Self.longestTemplate) bytes.")
            }
            let known = Self.placeholders(of: rule)
            for case .placeholder(let unknown) in Self.pieces(of: text) where !known.contains(String(unknown)) {
                let names = known.isEmpty ? "it has none" : "it has " + known.map { "{\($0)}" }.joined(separator: ", ")
                throw FeedbackTemplateError("\(place): there is no placeholder {\(unknown)} in this rule; \(names).")
            }
        }
        templates[language, default: [:]][rule] = template
    }

    private static func isLanguage(_ text: String) -> Bool {
        let primary = text.utf8.prefix { $0 != 0x2D }
        return (2...3).contains(primary.count) && text.utf8.count <= 35
            && text.utf8.allSatisfy {
                ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D
            }
    }

    private static func primary(_ language: String) -> String {
        language.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map { $0.lowercased() } ?? ""
    }

    private enum Piece {
        case text(Substring)
        case placeholder(Substring)
    }

    /// Cuts a template at its placeholders: `{`, letters and `_`, `}`. Other braces are text.
    private static func pieces(of template: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            let name = rest[rest.index(after: open)...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == "}" else {
                let next = rest.index(after: open)
                pieces.append(.text(rest[..<next]))
                rest = rest[next...]
                continue
            }
            pieces.append(.text(rest[..<open]))
            pieces.append(.placeholder(name))
            rest = rest[rest.index(after: name.endIndex)...]
        }
        pieces.append(.text(rest))
        return pieces
    }

    // MARK: Writing

    /// So many words of a quotation are enough to know it by; the evidence has all.
    private static let longestQuotation = 24

    /// A quotation without the mark at its end: the sentence around it has its own.
    private static func shortened(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace || ".,;:".contains(last) { text.removeLast() }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count > longestQuotation else { return words.joined(separator: " ") }
        return words[..<longestQuotation].joined(separator: " ") + " …"
    }

    /// Languages that write a point before decimals; others write a comma.
    private static let pointLanguages: Set<String> = ["en", "zh", "ja", "ko", "th", "hi", "he", "und", ""]

    /// A number with at most so many decimals, as a language writes it.
    static func format(_ value: Double, decimals: Int, language: String) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return String(value) }
        var scale = 1.0
        for _ in 0..<max(0, min(6, decimals)) { scale *= 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let whole = scaled / Int64(scale)
        var fraction = String(scaled % Int64(scale))
        fraction = String(repeating: "0", count: String(Int64(scale)).count - 1 - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard !fraction.isEmpty else { return sign + String(whole) }
        return sign + String(whole) + (pointLanguages.contains(language) ? "." : ",") + fraction
    }
}
