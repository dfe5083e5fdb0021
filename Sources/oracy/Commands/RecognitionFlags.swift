// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Recognition

/// The options of commands that recognise speech: what the recogniser is told, and how it searches.
enum RecognitionFlags {
    static let engine = Option<String>(
        "engine", value: "NAME", help: "The recogniser; without it, the first that knows the language.")
    static let task = Option<Task>(
        "task", value: "TASK", help: "Write what is said, or its translation into English.", default: .transcribe)
    static let beam = Option<Int>(
        "beam", value: "N", help: "Follow so many texts at a time; 1 takes the most probable word each time.",
        default: "5", in: 1...10)
    static let alternatives = Option<Int>(
        "alternatives", value: "N", help: "With JSON: other texts and words that were considered, up to so many.",
        in: 1...9)
    static let temperature = Option<Double>(
        "temperature", value: "T", help: "Choose words by chance: 0 never, 1 as probable as they are.", in: 0...1)
    static let noFallback = Option<Bool>(
        flag: "no-fallback", help: "Keep a bad text instead of trying again at a higher temperature.")
    static let noTimestamps = Option<Bool>(
        flag: "no-timestamps", help: "Have the model write without its own timestamps.")
    static let maximumTokens = Option<Int>(
        "max-new-tokens", value: "N", help: "Stop a window of 30 seconds after so many tokens, times included.",
        in: 1...448)
    static let ignoreEnd = Option<Bool>(
        flag: "ignore-end-of-text", help: "Never end a text early; for measuring speed.")
    static let prompt = Option<String>(
        "initial-prompt", value: "TEXT", help: "What was said before, for spelling and style.")
    static let keywords = Option<String>(
        "keywords", value: "TERMS", help: "Single terms that may be said, separated by commas.", isRepeatable: true)

    /// What the model is asked to write.
    enum Task: String, Sendable, CaseIterable {
        case transcribe, translate
    }

    /// In the order of the help.
    static let all: [any OptionDescribing] = [
        engine, task, beam, alternatives, temperature, noFallback, noTimestamps, maximumTokens, ignoreEnd, prompt,
        keywords,
    ]

    /// What these options ask for.
    static func options(_ arguments: Arguments) -> RecognitionOptions {
        var options = RecognitionOptions(
            vocabulary: arguments[all: keywords].flatMap { $0.split(separator: ",") }
                .map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }.filter { !$0.isEmpty },
            prompt: arguments[prompt] ?? "", temperature: arguments[temperature],
            alternatives: arguments[alternatives] ?? 0)
        options.translates = arguments[task] == .translate
        options.search.beams = arguments[beam] ?? max(options.search.beams, options.alternatives + 1)
        options.search.fallsBack = !arguments[noFallback]
        options.search.usesTimestamps = !arguments[noTimestamps]
        options.search.maximumTokens = arguments[maximumTokens]
        options.search.ignoresEndOfText = arguments[ignoreEnd]
        return options
    }
}
