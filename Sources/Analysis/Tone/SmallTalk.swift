// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// English phrases that keep a talk going and say nothing else: a model hears approval in "yeah" and joy in "hello".
enum SmallTalk {
    private static let longestPhrase = 5

    private static let phrases: Set<String> = {
        let text = """
            yeah|yes|yep|yup|ya|aye|no|nope|nah|okay|ok|okey|kay|alright|all right|right|sure|of course|fine|that's fine|\
            that's right|that's correct|correct|exactly|i see|got it|understood|i understand|mm|mmm|mhm|mm hmm|mm hm|uh huh|\
            hmm|hm|ah|oh|um|uh|er|erm|well|so|and|but|then|now|anyway|like|you know|i mean|let me see|let me think|\
            let's see|one moment|just a moment|one second|hello|hi|hey|hello there|hi there|good morning|good afternoon|\
            good evening|good day|good night|bye|bye bye|goodbye|see you|see you later|take care|nice to meet you|\
            pleased to meet you|how are you|how are you doing|how are you today|how do you do|i'm fine|i'm okay|\
            thank you|thanks|thank you very much|thanks a lot|thank you for asking|thanks for asking|please|pardon|\
            pardon me|excuse me|sorry|you're welcome|no problem|not at all|there you go|here you go|go on|go ahead|\
            is that okay|is that right|does that make sense|i think so|i don't think so|i guess|i suppose|maybe|perhaps|\
            doctor|sir|madam|today|there|everybody|everyone
            """
        return Set(text.split(separator: "|").map(String.init))
    }()

    /// Words that only go along with others: a sentence of these alone is left to the model.
    private static let companions: Set<String> = ["doctor", "sir", "madam", "today", "there", "everybody", "everyone"]

    /// Whether a sentence consists of such phrases.
    static func isAll(of sentence: String) -> Bool {
        // What is longer says something.
        guard sentence.utf8.count <= 120 else { return false }
        let words = words(of: sentence)
        var index = 0
        var saysAnything = false
        while index < words.count {
            let longest = min(longestPhrase, words.count - index)
            let phrase = (1...longest).reversed().lazy.map { words[index..<(index + $0)].joined(separator: " ") }
                .first { phrases.contains($0) }
            guard let phrase else { return false }
            saysAnything = saysAnything || !companions.contains(phrase)
            index += phrase.count { $0 == " " } + 1
        }
        return saysAnything
    }

    /// The words in lower case, with straight apostrophes and without other signs.
    private static func words(of sentence: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in sentence.lowercased().unicodeScalars {
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word.unicodeScalars.append(scalar)
            } else if scalar == "'" || scalar == "\u{2019}" {
                word += "'"
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
