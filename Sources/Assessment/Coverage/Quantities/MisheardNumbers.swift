// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

/// Numbers and periods that a recogniser wrote as other words of the same sound: "for hundred", "every to hours", "three thymes a
/// day". Each is read as a number only where English has no room for the other word.
enum MisheardNumbers {
    /// The tokens with what was said in the place of what was written; as many as before.
    static func corrected(_ tokens: [SpokenToken]) -> [SpokenToken] {
        var corrected = tokens
        for index in tokens.indices {
            func word(_ offset: Int) -> String {
                corrected.indices.contains(index + offset) ? corrected[index + offset].word ?? "" : ""
            }
            guard let written = tokens[index].word,
                let said = said(
                    written, after: word(-1), isAfterNumber: isNumber(corrected, index - 1), before: word(1), word(2))
            else { continue }
            corrected[index].kind = .word(said)
        }
        return corrected
    }

    private static func said(
        _ written: String, after last: String, isAfterNumber: Bool, before next: String, _ afterNext: String
    ) -> String? {
        let isSpacing =
            intervals.contains(last) && (periods.contains(next) || next == "to" && numbers.contains(afterNext))
        let isCounting =
            next == "hundred" || times.contains(next) && (articles.contains(afterNext) || periods.contains(afterNext))
        switch written {
        case "for", "fore": return isSpacing || isCounting && last != "wait" ? "four" : nil
        case "to", "too":
            let isForms = forms.contains(next) && (written == "too" || takes.contains(last))
            // "From fifty to hundred" is a range.
            return isSpacing || isForms || isCounting && (written == "too" || next != "hundred") ? "two" : nil
        case "ate":
            return isSpacing || isCounting || isAfterNumber && (forms.contains(next) || periods.contains(next))
                ? "eight" : nil
        case "won": return isCounting || takes.contains(last) && forms.contains(next) ? "one" : nil
        case "tree", "free": return isCounting && next != "hundred" ? "three" : nil
        case "twenny", "twennie": return "twenty"
        case "thirdy", "thirtie": return "thirty"
        case "thymes", "tymes", "time's": return isAfterNumber ? "times" : nil
        case "wants", "wunce", "ones": return articles.contains(next) && periods.contains(afterNext) ? "once" : nil
        case "our", "ours", "owers", "ower": return isAfterNumber ? "hours" : nil
        case "daze": return isAfterNumber ? "days" : nil
        case "weak", "weaks": return isAfterNumber || articles.contains(last) && next == "" ? "week" : nil
        default: return nil
        }
    }

    private static func isNumber(_ tokens: [SpokenToken], _ index: Int) -> Bool {
        guard tokens.indices.contains(index) else { return false }
        return tokens[index].number != nil || numbers.contains(tokens[index].word ?? "")
    }

    private static let numbers: Set<String> = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen",
        "twenty",
        "thirty", "forty", "fifty", "sixty", "ninety", "hundred",
    ]
    private static let periods: Set<String> = [
        "hour", "hours", "our", "ours", "day", "days", "week", "weeks", "weak", "month", "months", "minute", "minutes",
        "daily",
        "weekly",
    ]
    private static let times: Set<String> = ["times", "thymes", "tymes", "time's"]
    private static let articles: Set<String> = ["a", "per", "each", "every"]
    private static let intervals: Set<String> = ["every", "each"]
    private static let takes: Set<String> = [
        "take", "takes", "taking", "give", "gives", "giving", "swallow", "use", "have",
    ]
    private static let forms: Set<String> = [
        "tablets", "capsules", "puffs", "drops", "patches", "spoons", "sachets", "pills",
    ]
}
