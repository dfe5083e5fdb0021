// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// An option of a command whose value is a `Value`; also the key to that value in ``Arguments``.
///
/// ```swift
/// static let jobs = Option<Int>("jobs", short: "j", value: "N", help: "Files at once.", in: 1...64)
/// ...
/// let count = arguments[jobs] ?? 1
/// ```
struct Option<Value: Sendable>: Sendable {
    let definition: OptionDefinition
}

/// What the parser, the help and the completion need to know of an option.
struct OptionDefinition: Sendable {
    /// The long name without dashes.
    let name: String
    /// The short name, if any.
    let short: Character?
    /// What the value stands for, in capitals; nil when the option takes none.
    let valueName: String?
    /// What it does, in a sentence.
    let help: String
    /// What holds when it is not given.
    let defaultText: String?
    /// The only values that are accepted; empty for any.
    let choices: [String]
    /// What is accepted, to complete "expects ...".
    let expectation: String
    /// The numbers that are accepted, such as "1 to 10".
    var range: String?
    /// Whether it may be given more than once.
    let isRepeatable: Bool
    /// Whether its value is a path, for completion.
    let isPath: Bool
    /// Turns text into the value; nil when it is not acceptable.
    let parse: @Sendable (String) -> (any Sendable)?
}

/// An option of any type.
protocol OptionDescribing: Sendable {
    var definition: OptionDefinition { get }
}

extension Option: OptionDescribing {}

extension Option<Bool> {
    /// An option without a value.
    init(flag name: String, short: Character? = nil, help: String) {
        definition = OptionDefinition(
            name: name, short: short, valueName: nil, help: help, defaultText: nil, choices: [], expectation: "",
            isRepeatable: false, isPath: false, parse: { _ in true })
    }
}

extension Option<String> {
    /// An option with free text.
    init(
        _ name: String, short: Character? = nil, value: String, help: String, default defaultText: String? = nil,
        isRepeatable: Bool = false, isPath: Bool = false
    ) {
        definition = OptionDefinition(
            name: name, short: short, valueName: value, help: help, defaultText: defaultText, choices: [],
            expectation: "some text", isRepeatable: isRepeatable, isPath: isPath, parse: { $0.isEmpty ? nil : $0 })
    }
}

extension Option<Int> {
    /// An option with a whole number.
    init(
        _ name: String, short: Character? = nil, value: String, help: String, default defaultText: String? = nil,
        in range: ClosedRange<Int>
    ) {
        definition = OptionDefinition(
            name: name, short: short, valueName: value, help: help, defaultText: defaultText, choices: [],
            expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            range: "\(range.lowerBound) to \(range.upperBound)", isRepeatable: false, isPath: false,
            parse: { text in
                guard let number = Int(text), range.contains(number) else { return nil }
                return number
            })
    }
}

extension Option<Double> {
    /// An option with a number.
    init(_ name: String, value: String, help: String, in range: ClosedRange<Double>) {
        definition = OptionDefinition(
            name: name, short: nil, valueName: value, help: help, defaultText: nil, choices: [],
            expectation: "a number from \(range.lowerBound) to \(range.upperBound)",
            range: "\(range.lowerBound) to \(range.upperBound)", isRepeatable: false, isPath: false,
            parse: { text in
                guard let number = Double(text), range.contains(number) else { return nil }
                return number
            })
    }
}

extension Option where Value: RawRepresentable<String> & CaseIterable & SendableMetatype {
    /// An option with one of a few words.
    init(_ name: String, short: Character? = nil, value: String, help: String, default standard: Value?) {
        let names = Value.allCases.map(\.rawValue)
        definition = OptionDefinition(
            name: name, short: short, valueName: value, help: help, defaultText: standard?.rawValue, choices: names,
            expectation: Self.list(names), isRepeatable: false, isPath: false, parse: { Value(rawValue: $0) })
    }

    private static func list(_ names: [String]) -> String {
        names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    }
}
