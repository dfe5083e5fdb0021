// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Tokenizers

/// What Whisper is asked to write down.
public enum WhisperTask: Sendable, Hashable {
    /// What is said, in the language it is said in.
    case transcribe
    /// What is said, in English.
    case translate
}

/// Whisper's vocabulary: text, and the tokens that steer the decoder (Radford et al. 2022, section 2.3).
///
/// Ids below ``endOfText`` are text; then come the control tokens, and the timestamps from ``timestampBegin`` on.
///
/// ```swift
/// let tokenizer = try WhisperTokenizer(ByteLevelBPE(folder: "whisper-base"))
/// let start = try tokenizer.startSequence(language: "de", task: .transcribe, timestamps: true)
/// ```
public struct WhisperTokenizer: Sendable {
    /// Text to tokens and back.
    public let text: ByteLevelBPE
    /// Whether the model knows other languages than English and takes a language and a task.
    public let isMultilingual: Bool
    /// `<|endoftext|>`: the first token that is no text.
    public let endOfText: Int
    /// `<|startoftranscript|>`.
    public let startOfTranscript: Int
    /// `<|transcribe|>`; nil in a vocabulary without tasks.
    public let transcribe: Int?
    /// `<|translate|>`; nil in a vocabulary without tasks.
    public let translate: Int?
    /// `<|startoflm|>`, which no model was trained with.
    public let startOfLanguageModel: Int?
    /// `<|startofprev|>`: what follows, up to the start of the transcript, was said before.
    public let startOfPrevious: Int?
    /// `<|nospeech|>`, which older vocabularies call `<|nocaptions|>`.
    public let noSpeech: Int?
    /// `<|notimestamps|>`.
    public let noTimestamps: Int
    /// `<|0.00|>`: the first timestamp; the others follow in steps of ``timestampStep``.
    public let timestampBegin: Int
    /// The codes of the languages, in the order of their tokens; those of an English-only model mean nothing.
    public let languages: [String]
    private let languageTokens: [String: Int]
    private let languagesByToken: [Int: String]

    /// From one timestamp to the next, in seconds.
    public static let timestampStep: Double = 0.02
    /// How many timestamps there are: 0.00 to 30.00.
    public static let timestampCount = 1501

    /// Finds Whisper's tokens in a vocabulary.
    ///
    /// - Parameters:
    ///   - vocabulary: The tokenizer of a Whisper checkpoint.
    ///   - isMultilingual: As `generation_config.json` says; nil to tell by the vocabulary: that of the English-only
    ///     models is GPT-2's, with 50,256 tokens of text.
    /// - Throws: ``RecognitionError`` `modelInvalid` when a token is missing or out of order.
    public init(_ vocabulary: ByteLevelBPE, isMultilingual: Bool? = nil) throws(RecognitionError) {
        func id(_ name: String) -> Int? { vocabulary.id(ofAddedToken: "<|\(name)|>") }
        func required(_ name: String) throws(RecognitionError) -> Int {
            guard let id = id(name) else {
                throw RecognitionError(
                    .modelInvalid,
                    "The tokenizer has no token <|\(name)|>: it is not that of a Whisper model, or its added tokens "
                        + "are missing.")
            }
            return id
        }
        text = vocabulary
        endOfText = try required("endoftext")
        startOfTranscript = try required("startoftranscript")
        noTimestamps = try required("notimestamps")
        transcribe = id("transcribe")
        translate = id("translate")
        startOfLanguageModel = id("startoflm")
        startOfPrevious = id("startofprev")
        noSpeech = id("nospeech") ?? id("nocaptions")
        // Vocabularies from before 2023 leave the timestamps out, but the models have them.
        timestampBegin = id("0.00") ?? noTimestamps + 1
        let lastTimestamp = timestampBegin + Self.timestampCount - 1
        guard endOfText < startOfTranscript, startOfTranscript < noTimestamps, noTimestamps < timestampBegin,
            id("30.00") ?? lastTimestamp == lastTimestamp
        else { throw RecognitionError(.modelInvalid, "The tokenizer's control tokens are out of order.") }

        let tasks = [transcribe, translate].compactMap { $0 }.min() ?? noTimestamps
        var found: [(code: String, id: Int)] = []
        for token in vocabulary.addedTokens where token.id > startOfTranscript && token.id < tasks {
            guard token.content.hasPrefix("<|"), token.content.hasSuffix("|>") else { continue }
            let code = token.content.dropFirst(2).dropLast(2)
            guard (2...3).contains(code.utf8.count), code.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
                continue
            }
            found.append((String(code), token.id))
        }
        languages = found.map(\.code)
        languageTokens = Dictionary(found.map { ($0.code, $0.id) }) { first, _ in first }
        languagesByToken = Dictionary(found.map { ($0.id, $0.code) }) { first, _ in first }
        let hasLanguages = transcribe != nil && !found.isEmpty
        self.isMultilingual = isMultilingual ?? (endOfText != 50_256 && hasLanguages)
        if isMultilingual == true, !hasLanguages {
            throw RecognitionError(
                .modelInvalid, "The tokenizer of a multilingual Whisper model must have languages and tasks.")
        }
    }

    /// The token of a language by Whisper's code, such as "de"; ``WhisperLanguage/code(for:)`` gives the code.
    public func token(ofLanguage code: String) -> Int? { languageTokens[code] }

    /// The code of a language by its token.
    public func language(ofToken id: Int) -> String? { languagesByToken[id] }

    /// Whether a token is a timestamp.
    public func isTimestamp(_ id: Int) -> Bool { id >= timestampBegin }

    /// The time of a timestamp within its window, in seconds.
    public func seconds(ofTimestamp id: Int) -> Double { Double(id - timestampBegin) * Self.timestampStep }

    /// What the decoder is given before it writes: start, language and task (both only for a multilingual model), and
    /// whether timestamps are wanted.
    ///
    /// - Throws: ``RecognitionError`` `unsupportedLanguage`.
    public func startSequence(language: String, task: WhisperTask, timestamps: Bool) throws(RecognitionError) -> [Int] {
        var sequence = [startOfTranscript]
        if isMultilingual {
            guard let token = languageTokens[language] else {
                throw RecognitionError(.unsupportedLanguage, "The model has no language \"\(language)\".")
            }
            guard let task = task == .transcribe ? transcribe : translate else {
                throw RecognitionError(.unsupportedLanguage, "The model can't translate.")
            }
            sequence += [token, task]
        } else if task == .translate || language != "en" {
            throw RecognitionError(
                .unsupportedLanguage, "The model knows English only; choose a multilingual one for other languages.")
        }
        return timestamps ? sequence : sequence + [noTimestamps]
    }

    /// The decoder's whole first input: what was said before, if anything, and the start sequence.
    ///
    /// - Parameters:
    ///   - previous: Text tokens that precede the window; the last of them are used.
    ///   - terms: Tokens of words that may be said, which stand before those and leave them the rest of the room.
    ///   - start: What ``startSequence(language:task:timestamps:)`` gives.
    ///   - contextLength: The tokens that the decoder can hold (448); previous text gets half of it, less one.
    public func prompt(previous: [Int], terms: [Int] = [], start: [Int], contextLength: Int) -> [Int] {
        guard let startOfPrevious, !previous.isEmpty || !terms.isEmpty else { return start }
        let room = promptRoom(contextLength: contextLength)
        let told = terms.prefix(room)
        return [startOfPrevious] + told + previous.suffix(room - told.count) + start
    }

    /// How many tokens of previous text the decoder can be given; none without ``startOfPrevious``.
    func promptRoom(contextLength: Int) -> Int { startOfPrevious == nil ? 0 : max(contextLength / 2 - 1, 0) }

    /// The tokens of text that people have written: what reads like a control token in it stays text.
    public func encode(_ text: String) -> [Int] { self.text.encode(text) }

    /// The text of tokens; control tokens and timestamps are left out.
    public func decode(_ ids: some Sequence<Int>) -> String { text.decode(ids.filter { $0 < endOfText }) }
}
