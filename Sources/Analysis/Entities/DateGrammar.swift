// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A date that is said in a text.
public struct SpokenDate: Sendable, Hashable {
    /// Where it is said.
    public var range: Range<String.Index>
    /// The date in ISO 8601 as far as it was said (`2024-05-03`, `2024-05`, `2019`, `--05-03`), or either of two that it may be
    /// (`[2024-05-03,2024-03-05]` for "03/05/2024", the notation of ISO 8601-2); nil for one that depends on today
    /// ("yesterday", "two weeks ago").
    public var date: String?
}

/// Whether a country writes the day of a date before the month.
enum DateOrder {
    case dayFirst, monthFirst, unknown

    /// The order of a language as it is written in a country: `en-US` is month first, `en-AU` day first. Not known without a
    /// country, and in Canada, which has both.
    init(language tag: String?) {
        let region = (tag ?? "").split(separator: "-").dropFirst().first { $0.count == 2 }?.uppercased()
        switch region {
        case nil, "CA": self = .unknown
        case "US", "PH", "FM", "PW", "MH", "GU", "AS", "PR": self = .monthFirst
        default: self = .dayFirst
        }
    }
}

/// Finds dates in an English text: "the third of May", "5 June 2024", "last Monday", "two weeks ago", "in 2019".
struct DateGrammar {
    private let tokens: [SpokenToken]
    private let reader: DoseReader
    private let text: String
    private let order: DateOrder

    /// The dates of a text, in order; they don't overlap.
    static func dates(in text: String, _ tokens: [SpokenToken], order: DateOrder = .unknown) -> [SpokenDate] {
        let grammar = DateGrammar(tokens: tokens, reader: DoseReader(tokens), text: text, order: order)
        var dates: [SpokenDate] = []
        var index = 0
        while index < tokens.count {
            if let (date, end) = grammar.date(at: index) {
                dates.append(
                    SpokenDate(range: tokens[index].range.lowerBound..<tokens[end - 1].range.upperBound, date: date))
                index = end
            } else {
                index += 1
            }
        }
        return dates
    }

    private static let months: [String: Int] = [
        "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5,
        "june": 6,
        "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10,
        "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
    ]
    /// Months whose names are other words too.
    private static let ambiguous: Set<String> = ["march", "mar", "may", "jan", "sep", "dec", "oct", "nov"]

    private static let ordinals: [String: Int] = [
        "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
        "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
        "sixteenth": 16,
        "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
    ]
    private static let weekdays: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays", "tuesdays",
        "wednesdays",
        "thursdays", "fridays", "saturdays", "sundays",
    ]
    private static let units: Set<String> = [
        "day", "days", "week", "weeks", "fortnight", "month", "months", "year", "years", "decade", "decades",
    ]

    private func date(at start: Int) -> (String?, Int)? {
        calendarDate(at: start) ?? numericDate(at: start) ?? year(at: start) ?? relative(at: start)
    }

    private func isCapitalised(_ index: Int) -> Bool { text[tokens[index].range.lowerBound].isUppercase }

    private func month(at index: Int) -> Int? { reader.word(index).flatMap { Self.months[$0] } }

    // MARK: Days and months

    /// "3 May 2024", "the third of May", "May 3rd", "May 2024", "in May".
    private func calendarDate(at start: Int) -> (String?, Int)? {
        if let (day, afterDay) = day(at: start) {
            let of = reader.phrase("of", at: afterDay) ?? afterDay
            guard let month = month(at: of), day <= Self.days(in: month) else { return nil }
            return finished(month: month, day: day, at: of + 1)
        }
        guard let month = month(at: start), let name = reader.word(start) else { return nil }
        let afterThe = reader.phrase("the", at: start + 1) ?? start + 1
        if let (day, end) = day(at: afterThe), day <= Self.days(in: month) {
            return finished(month: month, day: day, at: end)
        }
        // A recogniser writes "in may" and "may 2024" without capitals.
        let isTimed =
            reader.any(["in", "since", "until", "during", "early", "late", "last", "next"], at: start - 1) != nil
        let known =
            !Self.ambiguous.contains(name) || isCapitalised(start) || (isTimed && (name == "may" || name == "march"))
        if let (year, end) = yearNumber(at: start + 1), known || whole(start + 1) != nil {
            return ("\(year)-\(Self.two(month))", end)
        }
        let isPlaced =
            reader.any(["in", "since", "until", "last", "next", "this", "early", "late", "by", "every"], at: start - 1)
            != nil
        guard known && (isPlaced || !Self.ambiguous.contains(name)), name.count > 3 || name == "may" else { return nil }
        // "May I": a sentence that begins with the verb.
        if name == "may", !isPlaced { return nil }
        return ("--\(Self.two(month))", start + 1)
    }

    private func finished(month: Int, day: Int, at index: Int) -> (String?, Int) {
        let comma = reader.sign(",", at: index) ? index + 1 : index
        if let (year, end) = yearNumber(at: comma), day <= Self.days(in: month, of: year) {
            return ("\(year)-\(Self.two(month))-\(Self.two(day))", end)
        }
        return ("--\(Self.two(month))-\(Self.two(day))", index)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// "3", "3rd", "the third", "twenty first": a day of the month and the token behind it.
    private func day(at start: Int) -> (Int, Int)? {
        let index = reader.phrase("the", at: start) ?? start
        guard tokens.indices.contains(index) else { return nil }
        if let number = tokens[index].number {
            guard (1...31).contains(number), number == number.rounded() else { return nil }
            return (Int(number), reader.any(["st", "nd", "rd", "th"], at: index + 1) ?? index + 1)
        }
        if let ten = reader.word(index), ten == "twenty" || ten == "thirty" {
            let next = reader.sign("-", at: index + 1) ? index + 2 : index + 1
            guard let unit = reader.word(next).flatMap({ Self.ordinals[$0] }), unit < 10 else { return nil }
            return ((ten == "twenty" ? 20 : 30) + unit, next + 1)
        }
        return reader.word(index).flatMap { Self.ordinals[$0] }.map { ($0, index + 1) }
    }

    private static func days(in month: Int, of year: Int = 2_000) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func date(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard (1...12).contains(month), day >= 1, day <= days(in: month, of: year) else { return nil }
        return "\(year)-\(two(month))-\(two(day))"
    }

    /// "2024-05-03", "13/05/2024"; "03/05/2024" may be in May or in March, unless the country says which. What is in no calendar is no date.
    private func numericDate(at start: Int) -> (String?, Int)? {
        guard start + 4 < tokens.count, let first = whole(start), let second = whole(start + 2),
            let third = whole(start + 4)
        else { return nil }
        let isDashed = tokens[start + 1].isSign("-") && tokens[start + 3].isSign("-")
        let isSlashed = tokens[start + 1].isSign("/") && tokens[start + 3].isSign("/")
        if isDashed, (1900...2100).contains(first), let date = Self.date(first, second, third) {
            return (date, start + 5)
        }
        guard isSlashed || isDashed, (1900...2100).contains(third) else { return nil }
        let (dayFirst, monthFirst) = (Self.date(third, second, first), Self.date(third, first, second))
        if let dayFirst, let monthFirst, dayFirst != monthFirst {
            return switch order {
            case .dayFirst: (dayFirst, start + 5)
            case .monthFirst: (monthFirst, start + 5)
            case .unknown: ("[\(dayFirst),\(monthFirst)]", start + 5)
            }
        }
        return (dayFirst ?? monthFirst).map { ($0, start + 5) }
    }

    private func whole(_ index: Int) -> Int? {
        guard tokens.indices.contains(index), let number = tokens[index].number, number < 10_000,
            number == number.rounded()
        else { return nil }
        return Int(number)
    }

    // MARK: Years

    /// "in 2019", "since nineteen ninety eight".
    private func year(at start: Int) -> (String?, Int)? {
        guard
            reader.any(["in", "since", "until", "before", "after", "during", "from", "by", "year"], at: start - 1)
                != nil,
            let (year, end) = yearNumber(at: start)
        else { return nil }
        // "in 2000 patients": what is counted follows.
        if let next = reader.word(end),
            ![
                "and", "or", "to", "he", "she", "i", "they", "we", "the", "it", "when", "but", "at", "with", "for",
                "in", "on",
            ].contains(next)
        {
            return nil
        }
        return ("\(year)", end)
    }

    private func yearNumber(at start: Int) -> (Int, Int)? {
        if let number = whole(start) { return (1900...2100).contains(number) ? (number, start + 1) : nil }
        guard let century = reader.word(start), century == "nineteen" || century == "twenty" else {
            guard reader.phrase("two", "thousand", at: start) != nil, let number = reader.number(at: start),
                (2000...2100).contains(number.value)
            else { return nil }
            return (Int(number.value), number.end)
        }
        guard let rest = reader.number(at: start + 1), (10...99).contains(rest.value),
            rest.value == rest.value.rounded()
        else { return nil }
        return ((century == "nineteen" ? 1900 : 2000) + Int(rest.value), rest.end)
    }

    // MARK: Relative to today

    /// "yesterday", "last week", "next Monday", "two weeks ago", "the day after tomorrow", "on Friday".
    private func relative(at start: Int) -> (String?, Int)? {
        for words in [["the", "day", "before", "yesterday"], ["the", "day", "after", "tomorrow"]]
        where words.indices.allSatisfy({ reader.word(start + $0) == words[$0] }) {
            return (nil, start + words.count)
        }
        if let end = reader.any(["yesterday", "today", "tomorrow", "tonight"], at: start) { return (nil, end) }
        if let joined = reader.any(["last", "next", "this"], at: start) {
            if let end = reader.any(Self.units.union(["weekend", "summer", "winter", "spring", "autumn"]), at: joined)
                ?? reader.any(Self.weekdays, at: joined)
            {
                return (nil, end)
            }
        }
        if let number = reader.range(at: start), let unit = reader.any(Self.units, at: number.end),
            let end = reader.any(["ago", "earlier", "later"], at: unit)
        {
            return (nil, end)
        }
        if reader.any(["a", "an"], at: start) != nil, let unit = reader.any(Self.units, at: start + 1),
            let end = reader.phrase("ago", at: unit)
        {
            return (nil, end)
        }
        if let end = reader.any(Self.weekdays, at: start) { return (nil, end) }
        return nil
    }
}
