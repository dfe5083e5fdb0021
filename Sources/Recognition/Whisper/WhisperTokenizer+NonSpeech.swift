// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Tokenizers

extension WhisperTokenizer {
    /// Tokens of notes rather than speech, such as "♪♪", "[" or "(": what openai-whisper suppresses by default. A
    /// checkpoint's `generation_config.json` usually lists them as `suppress_tokens`.
    public var nonSpeechTokens: [Int] {
        var symbols = "\"#()*+/:;<=>@[\\]^_`{|}~「」『』".map(String.init)
        symbols += [
            "<<", ">>", "<<<", ">>>", "--", "---", "-(", "-[", "('", "(\"", "((", "))", "(((", ")))", "[[", "]]",
        ]
        symbols += ["{{", "}}", "♪♪", "♪♪♪"]
        // Notes (U+2669 to U+266F) share their first bytes, and so their first token, with other pictures only.
        let notes = ["♩", "♪", "♫", "♬", "♭", "♮", "♯"]
        var result: Set<Int> = []
        // Hyphens and apostrophes may be within words but not before them.
        for symbol in [" -", " '"] {
            if let first = encode(symbol).first { result.insert(first) }
        }
        for symbol in symbols + notes {
            for text in [symbol, " " + symbol] {
                let tokens = encode(text)
                if let first = tokens.first, tokens.count == 1 || notes.contains(symbol) { result.insert(first) }
            }
        }
        return result.sorted()
    }
}
