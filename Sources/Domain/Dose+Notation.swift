// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Glibc

/// The one line in which a dose is written: `0.5 g; 3/d; oral; max 4 g/d; for 7 d` (docs/findings.md lists its parts).
extension Dose {
    /// What is meant, in one line.
    public var notation: String {
        var parts: [String] = []
        let per = body.map { "/" + $0.rawValue } ?? ""
        if let count { parts.append(Self.text(count)) }
        if let strength { parts.append(Self.text(strength) + " each") }
        if let concentration { parts.append(Self.text(concentration) + "/L") }
        if let amount { parts.append(Self.text(amount) + per) }
        if let rate { parts.append(Self.text(rate) + per + "/h") }
        if let frequency {
            parts.append(Self.text(frequency.low, frequency.high) + "/" + Self.text(days: frequency.days))
        }
        if isAsNeeded { parts.append("prn") }
        if isSingle { parts.append("once") }
        if let route { parts.append(route.rawValue) }
        if let maximum {
            let per = maximum.body.map { "/" + $0.rawValue } ?? ""
            parts.append(
                "max " + Self.text(maximum.quantity) + per + (maximum.days.map { "/" + Self.text(days: $0) } ?? ""))
        }
        if let days = durationInDays { parts.append("for \(Self.text(days.lowerBound, days.upperBound)) d") }
        return parts.joined(separator: "; ")
    }

    private static func text(days: Double) -> String { (days == 1 ? "" : text(days)) + "d" }

    private static func text(_ quantity: Quantity) -> String {
        text(quantity.low, quantity.high) + " " + quantity.unit.rawValue
    }

    private static func text(_ low: Double, _ high: Double) -> String {
        low == high ? text(low) : text(low) + ".." + text(high)
    }

    /// A number without the noise of binary fractions: at most nine significant digits, never an exponent.
    package static func text(_ value: Double) -> String {
        guard value > 0, value < 1e18 else { return "0" }
        let places = min(18, max(0, 8 - Int(log10(value).rounded(.down))))
        let scaled = (value * pow(10, Double(places))).rounded()
        var digits = Array(String(UInt64(min(scaled, 1e18))).utf8)
        if digits.count <= places {
            digits.insert(contentsOf: repeatElement(0x30, count: places + 1 - digits.count), at: 0)
        }
        guard places > 0 else { return String(decoding: digits, as: UTF8.self) }
        digits.insert(0x2E, at: digits.count - places)
        while digits.last == 0x30 { digits.removeLast() }
        if digits.last == 0x2E { digits.removeLast() }
        return String(decoding: digits, as: UTF8.self)
    }

    // MARK: Reading

    /// The dose that a line means; nil where it is none, or has a part that is not known.
    public init?(notation: String) {
        self.init()
        for part in notation.split(separator: ";") where !read(part.drop { $0 == " " }) { return nil }
        guard self != Dose() else { return nil }
    }

    private mutating func read(_ part: Substring) -> Bool {
        if part == "prn" {
            isAsNeeded = true
        } else if part == "once" {
            isSingle = true
        } else if let named = Route(rawValue: String(part)) {
            route = named
        } else if part.hasPrefix("for "), part.hasSuffix(" d") {
            guard let days = Self.range(part.dropFirst(4).dropLast(2)) else { return false }
            durationInDays = days.low...days.high
        } else if part.hasPrefix("max ") {
            guard let limit = Self.quantity(part.dropFirst(4)) else { return false }
            var tail = limit.tail
            maximum = Maximum(quantity: limit.value, body: Self.takeBody(from: &tail))
            if let days = tail.first { maximum?.days = Self.days(days) }
            return tail.isEmpty || (tail.count == 1 && maximum?.days != nil)
        } else if part.hasSuffix("d"), !part.contains(" ") {
            let halves = part.split(separator: "/")
            guard halves.count == 2, let times = Self.range(halves[0]), let days = Self.days(halves[1]) else {
                return false
            }
            frequency = Frequency(times.low, times.high, days: days)
        } else {
            return readQuantity(part)
        }
        return true
    }

    private mutating func readQuantity(_ part: Substring) -> Bool {
        let isEach = part.hasSuffix(" each")
        guard let read = Self.quantity(isEach ? part.dropLast(5) : part) else { return false }
        var tail = read.tail
        if isEach {
            strength = read.value
            return tail.isEmpty
        }
        if let body = Self.takeBody(from: &tail) { self.body = body }
        if tail.isEmpty {
            // What is counted comes before the amount that it makes: of "0.005 L; 50 g/L; 0.25 g" the litres are counted.
            if amount != nil { count = amount }
            if Self.isCounted(read.value.unit) { count = read.value } else { amount = read.value }
            return true
        }
        guard tail.count == 1 else { return false }
        switch tail[0] {
        case "h": rate = read.value
        case "L": concentration = read.value
        default: return false
        }
        return true
    }

    private static func takeBody(from tail: inout [Substring]) -> BodyMeasure? {
        guard let body = tail.first.flatMap({ BodyMeasure(rawValue: String($0)) }) else { return nil }
        tail.removeFirst()
        return body
    }

    /// Whether it is a number of things, and not an amount.
    package static func isCounted(_ unit: Unit) -> Bool {
        switch unit {
        case .gram, .litre, .mole, .internationalUnit, .percent: false
        default: true
        }
    }

    /// "0.5..1 g/kg/h": the quantity and what stands behind slashes.
    private static func quantity(_ text: Substring) -> (value: Quantity, tail: [Substring])? {
        let halves = text.split(separator: " ")
        guard halves.count == 2, let range = range(halves[0]) else { return nil }
        let units = halves[1].split(separator: "/")
        guard let unit = units.first.flatMap({ Unit(rawValue: String($0)) }) else { return nil }
        return (Quantity(range.low, range.high, unit), Array(units.dropFirst()))
    }

    private static func range(_ text: Substring) -> (low: Double, high: Double)? {
        let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { Double(String($0)) }
        guard let first = ends.first, let low = first, let last = ends.last, let high = last, ends.count <= 2,
            low >= 0, low <= high, high < .infinity
        else { return nil }
        return (low, high)
    }

    /// "d", "7d"
    private static func days(_ text: Substring) -> Double? {
        guard text.hasSuffix("d") else { return nil }
        return text == "d" ? 1 : range(text.dropLast())?.low
    }
}
