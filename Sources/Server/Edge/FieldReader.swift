// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON

/// Reads the named fields of a JSON body and gathers everything that is wrong with them, so that a person can mend all
/// of it at once. Fields that nobody asks for have no effect.
struct FieldReader {
    /// One thing that is wrong.
    struct Fault {
        var field: String
        var message: String
        var isMissing: Bool
    }

    private let object: JSONObject
    private(set) var faults: [Fault] = []

    /// Takes a body that must be an object.
    init(_ value: JSONValue) throws {
        guard let object = value.object else {
            throw HTTPError.invalidJSON("the body must be a JSON object")
        }
        self.object = object
    }

    private init(_ object: JSONObject) { self.object = object }

    /// Records a fault found elsewhere.
    mutating func fault(_ field: String, _ message: String) {
        faults.append(Fault(field: field, message: message, isMissing: false))
    }

    /// Required text without control characters (but line breaks when `multiline`), trimmed, of 1 to `limit` characters.
    mutating func text(_ field: String, limit: Int, multiline: Bool = false) -> String {
        guard let text = optionalText(field, limit: limit, multiline: multiline) else {
            if !faults.contains(where: { $0.field == field }) {
                faults.append(Fault(field: field, message: "is required", isMissing: true))
            }
            return ""
        }
        return text
    }

    /// Optional text; nil when absent, null or blank.
    mutating func optionalText(_ field: String, limit: Int, multiline: Bool = false) -> String? {
        guard let value = object[field], !value.isNull else { return nil }
        guard let raw = value.string else {
            fault(field, "must be a string")
            return nil
        }
        guard let text = clean(raw, field, limit, multiline) else { return nil }
        return text.isEmpty ? nil : text
    }

    /// Text trimmed; nil, with a fault, where it is too long or has control characters.
    private mutating func clean(_ raw: String, _ field: String, _ limit: Int, _ multiline: Bool) -> String? {
        let text = raw.trimmed
        guard text.count <= limit else {
            fault(field, "must have at most \(limit) characters")
            return nil
        }
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7F
                || multiline && (scalar == "\n" || scalar == "\t" || scalar == "\r")
        }
        guard isClean else {
            fault(field, "must not contain control characters")
            return nil
        }
        return text
    }

    /// An optional list of texts as ``text(_:limit:multiline:)`` reads one; nil when absent or null.
    mutating func texts(_ field: String, most: Int, limit: Int, multiline: Bool = false) -> [String]? {
        guard let value = document(field) else { return nil }
        guard let raw = value.array?.map(\.string), raw.count <= most, !raw.contains(nil) else {
            fault(field, "must be a list of at most \(most) texts")
            return nil
        }
        var texts: [String] = []
        for (index, text) in raw.enumerated() {
            guard let text = clean(text ?? "", "\(field)[\(index)]", limit, multiline) else { continue }
            if text.isEmpty { fault("\(field)[\(index)]", "must not be empty") }
            texts.append(text)
        }
        return texts
    }

    /// A required secret, exactly as it was sent: not trimmed, not normalised.
    mutating func secret(_ field: String, limit: Int = 1_024) -> String {
        guard let value = object[field], !value.isNull else {
            faults.append(Fault(field: field, message: "is required", isMissing: true))
            return ""
        }
        guard let text = value.string else {
            fault(field, "must be a string")
            return ""
        }
        guard text.utf8.count <= limit else {
            fault(field, "must have at most \(limit) bytes")
            return ""
        }
        return text
    }

    /// An optional integer within bounds.
    mutating func integer(_ field: String, in bounds: ClosedRange<Int>, default standard: Int) -> Int {
        guard let value = object[field], !value.isNull else { return standard }
        guard let integer = value.integer, let number = Int(exactly: integer), bounds.contains(number) else {
            fault(field, "must be an integer from \(bounds.lowerBound) to \(bounds.upperBound)")
            return standard
        }
        return number
    }

    /// An optional integer within bounds; nil when absent or null.
    mutating func optionalInteger(_ field: String, in bounds: ClosedRange<Int>) -> Int? {
        guard let value = object[field], !value.isNull else { return nil }
        return integer(field, in: bounds, default: bounds.lowerBound)
    }

    /// A required integer within bounds.
    mutating func integer(_ field: String, in bounds: ClosedRange<Int>) -> Int {
        if object[field]?.isNull ?? true {
            faults.append(Fault(field: field, message: "is required", isMissing: true))
            return bounds.lowerBound
        }
        return integer(field, in: bounds, default: bounds.lowerBound)
    }

    /// An optional truth value.
    mutating func flag(_ field: String) -> Bool? {
        guard let value = object[field], !value.isNull else { return nil }
        guard let flag = value.bool else {
            fault(field, "must be true or false")
            return nil
        }
        return flag
    }

    /// An optional share; nil when absent or null.
    mutating func share(_ field: String) -> Double? {
        guard let value = object[field], !value.isNull else { return nil }
        guard let share = value.double, (0...1).contains(share) else {
            fault(field, "must be a number from 0 to 1")
            return nil
        }
        return share
    }

    /// An optional number within bounds; nil when absent or null.
    mutating func number(_ field: String, in bounds: ClosedRange<Double>) -> Double? {
        guard let value = object[field], !value.isNull else { return nil }
        guard let number = value.double, bounds.contains(number) else {
            fault(field, "must be a number from \(bounds.lowerBound) to \(bounds.upperBound)")
            return nil
        }
        return number
    }

    /// An optional language tag; nil when absent, null or "auto".
    mutating func language(_ field: String) -> String? {
        guard let tag = optionalText(field, limit: 35), tag != "auto" else { return nil }
        guard LanguageTag.isWellFormed(tag) else {
            fault(field, "must be a language code such as \"en\" or \"de\", or \"auto\"")
            return nil
        }
        return tag
    }

    /// An optional language code that ISO 639 has, in its usual form; nil when absent, null or `auto`.
    mutating func knownLanguage(_ field: String) -> String? {
        guard let text = language(field) else { return nil }
        guard let tag = LanguageName.tag(text) else {
            fault(field, "must be the code of a language, such as \"en\" or \"de\", or \"auto\"")
            return nil
        }
        return tag
    }

    /// An optional list of languages, each a tag or `{language, weight}`; empty when absent or null.
    mutating func languages(_ field: String) -> [ExpectedLanguage] {
        guard let value = object[field], !value.isNull else { return [] }
        guard let elements = value.array, elements.count <= ExpectedLanguage.greatestCount else {
            fault(field, "must be a list of at most \(ExpectedLanguage.greatestCount) languages")
            return []
        }
        var languages: [ExpectedLanguage] = []
        for element in elements {
            guard let tag = element.string ?? element["language"]?.string, LanguageTag.isWellFormed(tag) else {
                fault(field, "must hold language codes such as \"en\", or {\"language\": \"en\", \"weight\": 2}")
                return []
            }
            let weight = element["weight"].map { $0.double ?? .nan } ?? 1
            let greatest = ExpectedLanguage.greatestWeight
            guard (1 / greatest...greatest).contains(weight) else {
                fault(field, "must have weights from \(1 / greatest) to \(Int(greatest))")
                return []
            }
            guard !languages.contains(where: { $0.language.lowercased() == tag.lowercased() }) else {
                fault(field, "must name each language once")
                return []
            }
            languages.append(ExpectedLanguage(tag, weight: weight))
        }
        return languages
    }

    /// Optional key points; nil when absent or null.
    mutating func keyPoints(_ field: String) -> [KeyPoint]? {
        guard let value = object[field], !value.isNull else { return nil }
        do throws(KeyPointFault) {
            return try KeyPointView.keyPoints(value)
        } catch {
            fault(field, error.description)
            return nil
        }
    }

    /// One of the values of an enumeration.
    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(_ field: String, of type: Value.Type) -> Value?
    {
        guard let raw = optionalText(field, limit: 40) else { return nil }
        guard let value = Value(rawValue: raw) else {
            fault(field, "must be one of \(type.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return value
    }

    /// A required id.
    mutating func identifier<Entity>(_ field: String) -> Identifier<Entity>? {
        let text = text(field, limit: 36)
        guard !text.isEmpty else { return nil }
        guard let id = Identifier<Entity>(text) else {
            fault(field, "must be an id")
            return nil
        }
        return id
    }

    /// A field of a form of its own; nil when absent or null.
    func document(_ field: String) -> JSONValue? {
        guard let value = object[field], !value.isNull else { return nil }
        return value
    }

    /// An optional object with fields of its own; nil when absent or null.
    mutating func fields(_ field: String) -> FieldReader? {
        guard let value = document(field) else { return nil }
        guard let object = value.object else {
            fault(field, "must be an object")
            return nil
        }
        return FieldReader(object)
    }

    /// An optional list of objects; empty when absent or null.
    mutating func list(_ field: String, limit: Int) -> [FieldReader] {
        guard let value = document(field) else { return [] }
        let objects = value.array?.compactMap(\.object)
        guard let objects, objects.count == value.array?.count, objects.count <= limit else {
            fault(field, "must be a list of at most \(limit) objects")
            return []
        }
        return objects.map(FieldReader.init)
    }

    /// Takes over what is wrong with an object within this one.
    mutating func adopt(_ inner: FieldReader, as field: String) {
        faults += inner.faults.map {
            Fault(field: "\(field).\($0.field)", message: $0.message, isMissing: $0.isMissing)
        }
    }

    /// Whether a field was sent at all, also as null.
    func has(_ field: String) -> Bool { object[field] != nil }

    /// Throws a problem that lists every fault, if there is one.
    func validate() throws {
        guard !faults.isEmpty else { return }
        throw HTTPError.invalidFields(faults)
    }
}

/// The shape of language tags.
enum LanguageTag {
    /// Whether this looks like a BCP 47 tag: subtags of 1 to 8 letters or digits, the first of 2 or 3 letters.
    static func isWellFormed(_ tag: String) -> Bool {
        let subtags = tag.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = subtags.first, (2...3).contains(first.count), first.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return false }
        return subtags.dropFirst().allSatisfy { subtag in
            (1...8).contains(subtag.count) && subtag.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace ?? false { rest.removeFirst() }
        while rest.last?.isWhitespace ?? false { rest.removeLast() }
        return String(rest)
    }
}
