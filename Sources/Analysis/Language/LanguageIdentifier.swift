// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import CCLD2
import Glibc

/// Tells what language a text is in, with the Compact Language Detector 2: about a hundred languages, by letters and
/// sequences of four letters.
///
/// The detector gives no probability. Ours is a logistic curve over the length of the text, over whether the answer
/// stays the same when the detector is told to expect another language, and over the script; docs/measures.md says on
/// what it was fitted and how well it holds. A language that is expected beforehand (declared, or recognised from the
/// sound) is a prior, which the text overrules when it is clear enough.
enum LanguageIdentifier {
    /// How much of a text is looked at, in bytes: its beginning tells the language of a long one.
    static let longestText = 256 << 10

    /// How likely it is beforehand that a text is in the expected language.
    private static let prior = 0.9

    /// Identifies the language of a text.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - hint: The language that it is expected in (BCP 47), if any.
    static func identify(_ text: String, hint: String? = nil) -> LanguageIdentification {
        let bytes = interchangeable(text)
        guard let plain = corrected(detect(bytes, hint: nil), bytes), let first = plain.first else { return .unknown }
        let other = first.code == "en" ? "es" : "en"
        let isRobust = corrected(detect(bytes, hint: other), bytes)?.first?.code == first.code
        var own = probability(letters: plain.letters, isRobust: isRobust, hasOwnScript: hasOwnScript(bytes))
        if let limit = plain.greatestProbability { own = min(own, limit) }
        let expected = TextLanguage(hint)
        guard let hint, expected != .unknown else { return plain.identification(probability: own) }
        if TextLanguage(first.code) == expected {
            return plain.identification(probability: posterior(own, prior: prior))
        }
        // The text allows for the expected language when the detector finds it once it is told to.
        guard let hinted = detect(bytes, hint: detectorCode(of: hint)), let found = hinted.first,
            TextLanguage(found.code) == expected
        else { return plain.identification(probability: own) }
        let contrary = posterior(own, prior: 1 - prior)
        return contrary < 0.5
            ? hinted.identification(probability: 1 - contrary) : plain.identification(probability: contrary)
    }

    /// What was detected, with the language that common words tell in the place of one that it is often given for.
    private static func corrected(_ detection: Detection?, _ bytes: [UInt8]) -> Detection? {
        guard let detection, let first = detection.first, first.share >= 0.8 else { return detection }
        if first.code == "ja", let signs = signsWithoutKana(bytes) {
            // Japanese is hardly written without kana but for single names: of the pieces without any that the detector
            // took for Japanese 55 of 81 with up to four signs and 21 of 24 longer ones were Chinese (the pieces of seed 1
            // in Benchmarks/evaluate_languages.py).
            var corrected = Detection(
                letters: detection.letters, languages: [.init(code: "zh", share: first.share)],
                passages: [.init(bytes: 0..<bytes.count, code: "zh")])
            corrected.greatestProbability = signs < 5 ? 0.65 : 0.87
            return corrected
        }
        guard let code = CommonWords.correction(of: first.code, in: bytes)
        else { return detection }
        return Detection(
            letters: detection.letters, languages: [LanguageIdentification.Share(code: code, share: first.share)],
            passages: [LanguageIdentification.Passage(bytes: 0..<bytes.count, code: code)])
    }

    /// The probability that the detector's first language is right: a logistic regression on short texts.
    private static func probability(letters: Int, isRobust: Bool, hasOwnScript: Bool) -> Double {
        let sum = -3.397 + 0.609 * log2(Double(max(letters, 1))) + (isRobust ? 2.373 : 0) + (hasOwnScript ? 2.355 : 0)
        return 1 / (1 + exp(-sum))
    }

    private static func posterior(_ probability: Double, prior: Double) -> Double {
        let yes = probability * prior
        return yes / (yes + (1 - probability) * (1 - prior))
    }

    private struct Detection {
        var letters: Int
        var languages: [LanguageIdentification.Share]
        var passages: [LanguageIdentification.Passage]
        /// How likely its first language is at most, where that is known.
        var greatestProbability: Double?

        var first: LanguageIdentification.Share? { languages.first }

        func identification(probability: Double) -> LanguageIdentification {
            guard let first, probability >= 0.5 else { return .unknown }
            return LanguageIdentification(
                code: first.code, probability: probability, shares: languages, passages: passages)
        }
    }

    private static let mostPassages = 1_000

    private static func detect(_ bytes: [UInt8], hint: String?) -> Detection? {
        var found = OracyLanguages()
        var count: Int32 = 0
        var isDone = false
        let passages = [OracyPassage](unsafeUninitializedCapacity: mostPassages) { passages, initialized in
            isDone = bytes.withUnsafeBytes { text in
                oracy_identifyLanguages(
                    text.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(text.count), hint, &found,
                    passages.baseAddress, Int32(passages.count), &count)
            }
            initialized = min(Int(count), passages.count)
        }
        guard isDone else { return nil }
        let codes = [found.codes.0, found.codes.1, found.codes.2].map(Self.code)
        let percents = [found.percents.0, found.percents.1, found.percents.2]
        // The two writings of Chinese, which the detector tells apart badly, are one language.
        var languages: [LanguageIdentification.Share] = []
        for (code, percent) in zip(codes, percents) where code != "und" && percent > 0 {
            let share = Double(percent) / 100
            if let index = languages.firstIndex(where: { $0.code == code }) {
                languages[index] = .init(code: code, share: languages[index].share + share)
            } else {
                languages.append(.init(code: code, share: share))
            }
        }
        return Detection(
            letters: Int(found.letters), languages: languages,
            passages: passages.map { passage in
                let start = min(max(0, Int(passage.start)), bytes.count)
                let end = min(start + max(0, Int(passage.length)), bytes.count)
                return LanguageIdentification.Passage(bytes: start..<end, code: code(passage.code))
            })
    }

    /// The beginning of a text as the detector accepts it: of the same length, with spaces for control characters and
    /// for code points that are no characters.
    private static func interchangeable(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(text.utf8.count, longestText + 4))
        for scalar in text.unicodeScalars {
            guard bytes.count < longestText else { break }
            let value = scalar.value
            let isRefused =
                value < 0x20 || (0x7F...0x9F).contains(value) || (0xFDD0...0xFDEF).contains(value)
                || value & 0xFFFE == 0xFFFE
            if isRefused {
                bytes.append(contentsOf: repeatElement(0x20, count: UTF8.width(scalar)))
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return bytes
    }

    /// How many Chinese signs a text begins with in which no kana stand; nil where some do.
    private static func signsWithoutKana(_ bytes: [UInt8]) -> Int? {
        var signs = 0
        for scalar in String(decoding: bytes.prefix(4_096), as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D: return nil
            case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: signs += 1
            default: break
            }
        }
        return signs
    }

    /// Whether more than half of the letters belong to a script that few languages are written in: none of Latin,
    /// Cyrillic and Arabic.
    private static func hasOwnScript(_ bytes: [UInt8]) -> Bool {
        var letters = 0
        var own = 0
        for scalar in String(decoding: bytes.prefix(4_096), as: UTF8.self).unicodeScalars
        where scalar.properties.isAlphabetic {
            letters += 1
            switch scalar.value {
            case 0x370..<0x400, 0x590..<0x600, 0x900...: own += 1
            default: break
            }
        }
        return own * 2 > letters
    }

    /// The BCP 47 tag for a code of the detector; `und` for what is no language (`un`, scripts, jokes).
    private static func code(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "und" }
        let code = String(cString: pointer)
        switch code {
        case "iw": return "he"
        case "jw": return "jv"
        case "zh-Hant": return "zh"
        case "in": return "id"
        case "mo": return "ro"
        case "sr-ME": return "sr"
        case "blu": return "hmn"
        case "sit-NP": return "lif"
        default: return code == "un" || code.hasPrefix("xx") || code.hasPrefix("zz") ? "und" : code
        }
    }

    /// The detector's code for a BCP 47 tag.
    private static func detectorCode(of tag: String) -> String {
        switch TextLanguage(tag).code {
        case "he": "iw"
        case "jv": "jw"
        case "nb": "no"
        case "fil": "tl"
        case "yue", "wuu": "zh"
        case "zh": tag.contains("Hant") || tag.contains("TW") || tag.contains("HK") ? "zh-Hant" : "zh"
        case let code: code
        }
    }
}
