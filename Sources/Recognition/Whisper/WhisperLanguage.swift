// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The languages that Whisper's tokens name (Radford et al. 2022; Cantonese since large-v3).
public enum WhisperLanguage {
    /// The English names by code, in lower case.
    public static let names: [String: String] = [
        "en": "english", "zh": "chinese", "de": "german", "es": "spanish", "ru": "russian", "ko": "korean",
        "fr": "french", "ja": "japanese", "pt": "portuguese", "tr": "turkish", "pl": "polish", "ca": "catalan",
        "nl": "dutch", "ar": "arabic", "sv": "swedish", "it": "italian", "id": "indonesian", "hi": "hindi",
        "fi": "finnish", "vi": "vietnamese", "he": "hebrew", "uk": "ukrainian", "el": "greek", "ms": "malay",
        "cs": "czech", "ro": "romanian", "da": "danish", "hu": "hungarian", "ta": "tamil", "no": "norwegian",
        "th": "thai", "ur": "urdu", "hr": "croatian", "bg": "bulgarian", "lt": "lithuanian", "la": "latin",
        "mi": "maori", "ml": "malayalam", "cy": "welsh", "sk": "slovak", "te": "telugu", "fa": "persian",
        "lv": "latvian", "bn": "bengali", "sr": "serbian", "az": "azerbaijani", "sl": "slovenian", "kn": "kannada",
        "et": "estonian", "mk": "macedonian", "br": "breton", "eu": "basque", "is": "icelandic", "hy": "armenian",
        "ne": "nepali", "mn": "mongolian", "bs": "bosnian", "kk": "kazakh", "sq": "albanian", "sw": "swahili",
        "gl": "galician", "mr": "marathi", "pa": "punjabi", "si": "sinhala", "km": "khmer", "sn": "shona",
        "yo": "yoruba", "so": "somali", "af": "afrikaans", "oc": "occitan", "ka": "georgian", "be": "belarusian",
        "tg": "tajik", "sd": "sindhi", "gu": "gujarati", "am": "amharic", "yi": "yiddish", "lo": "lao", "uz": "uzbek",
        "fo": "faroese", "ht": "haitian creole", "ps": "pashto", "tk": "turkmen", "nn": "nynorsk", "mt": "maltese",
        "sa": "sanskrit", "lb": "luxembourgish", "my": "myanmar", "bo": "tibetan", "tl": "tagalog", "mg": "malagasy",
        "as": "assamese", "tt": "tatar", "haw": "hawaiian", "ln": "lingala", "ha": "hausa", "ba": "bashkir",
        "jw": "javanese", "su": "sundanese", "yue": "cantonese",
    ]

    /// Whisper's code for a language.
    ///
    /// - Parameter tag: A BCP 47 tag such as "en-GB", "nb" or "jv", or an English name such as "german", in any case.
    /// - Returns: The code, such as "en"; nil when Whisper has no such language.
    public static func code(for tag: String) -> String? {
        let name = tag.lowercased()
        if let code = codesByName[name] { return code }
        guard let primary = name.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map(String.init) else {
            return nil
        }
        // Chinese as written says nothing of how it is spoken, except where the tag names Cantonese.
        if primary == "zh", name.contains("yue") { return "yue" }
        let code = synonyms[primary] ?? primary
        return names[code] == nil ? nil : code
    }

    /// The BCP 47 tag of a language as people write it, with its script and region if they are there.
    ///
    /// - Parameter text: A tag such as "en-GB" or an English name such as "German", in any case, or a code of three letters.
    /// - Returns: The tag, such as "de", in its usual form; nil when Whisper has no such language.
    public static func tag(named text: String) -> String? {
        guard let code = code(for: text) else { return nil }
        let subtags = text.lowercased().split(separator: "-")
        guard let first = subtags.first, names[String(first)] != nil, subtags.count > 1 else { return tag(for: code) }
        let rest = subtags.dropFirst().map { subtag -> String in
            switch subtag.count {
            case 2: return subtag.uppercased()
            case 4: return subtag.prefix(1).uppercased() + subtag.dropFirst()
            default: return String(subtag)
            }
        }
        return ([tag(for: String(first))] + rest).joined(separator: "-")
    }

    /// The English name of a language for people, such as "German"; the tag itself when Whisper has no such language.
    public static func name(of tag: String) -> String {
        guard let name = code(for: tag).flatMap({ names[$0] }) else { return tag }
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The BCP 47 tag of one of Whisper's codes.
    public static func tag(for code: String) -> String { code == "jw" ? "jv" : code }

    /// Tags of ISO 639 that mean one of Whisper's languages: withdrawn, narrower or three letters long.
    private static let synonyms: [String: String] = [
        "jv": "jw", "nb": "no", "iw": "he", "in": "id", "ji": "yi", "fil": "tl", "cmn": "zh", "arb": "ar", "pes": "fa",
        "prs": "fa", "zsm": "ms", "swh": "sw", "azj": "az", "uzn": "uz", "lvs": "lv", "ekk": "et", "als": "sq",
        "mo": "ro", "sh": "sr",
        // ISO 639-2, terminological and bibliographic.
        "eng": "en", "zho": "zh", "chi": "zh", "deu": "de", "ger": "de", "spa": "es", "rus": "ru", "kor": "ko",
        "fra": "fr", "fre": "fr", "jpn": "ja", "por": "pt", "tur": "tr", "pol": "pl", "cat": "ca", "nld": "nl",
        "dut": "nl", "ara": "ar", "swe": "sv", "ita": "it", "ind": "id", "hin": "hi", "fin": "fi", "vie": "vi",
        "heb": "he", "ukr": "uk", "ell": "el", "gre": "el", "msa": "ms", "may": "ms", "ces": "cs", "cze": "cs",
        "ron": "ro", "rum": "ro", "dan": "da", "hun": "hu", "tam": "ta", "nor": "no", "nob": "no", "tha": "th",
        "urd": "ur", "hrv": "hr", "bul": "bg", "lit": "lt", "slk": "sk", "slo": "sk", "fas": "fa", "per": "fa",
        "lav": "lv", "ben": "bn", "srp": "sr", "slv": "sl", "est": "et", "eus": "eu", "baq": "eu", "cym": "cy",
        "wel": "cy",
    ]

    private static let codesByName: [String: String] = {
        var codes = Dictionary(names.map { ($0.value, $0.key) }) { first, _ in first }
        let others = [
            "burmese": "my", "valencian": "ca", "flemish": "nl", "haitian": "ht", "letzeburgesch": "lb", "pushto": "ps",
            "panjabi": "pa", "moldavian": "ro", "moldovan": "ro", "sinhalese": "si", "castilian": "es",
            "mandarin": "zh",
        ]
        codes.merge(others) { first, _ in first }
        return codes
    }()
}
