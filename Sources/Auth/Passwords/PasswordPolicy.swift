// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a new password must be: long and not easily guessed. There are no rules about kinds of characters
/// (NIST SP 800-63B §5.1.1.2).
public struct PasswordPolicy: Sendable {
    /// Why a password is refused.
    public enum Weakness: Sendable, Hashable {
        /// Fewer characters (Unicode scalars) than the minimum.
        case tooShort(minimum: Int)
        /// More bytes than ``PasswordHasher/longestPassword``.
        case tooLong
        /// Among the passwords that guessing programs try first.
        case common
        /// Mostly common words, years, repeats or sequences.
        case predictable
        /// Mostly the person's own name or address, or the product's name.
        case personal

        /// What is wrong and what to do, for a person.
        public var message: String {
            switch self {
            case .tooShort(let minimum):
                "The password is too short: use at least \(minimum) characters. Several words in a row are fine."
            case .tooLong: "The password is too long: use at most \(PasswordHasher.longestPassword) bytes."
            case .common: "This password is one of those that guessing programs try first. Choose another one."
            case .predictable:
                "This password is easy to guess: it is mostly common words, years, repeats or sequences. "
                    + "Add words that others would not think of."
            case .personal:
                "This password is easy to guess: it is mostly your name, your address or the name of this program. "
                    + "Add words that others would not think of."
            }
        }
    }

    /// The least number of characters.
    public let minimumLength: Int

    /// Creates a policy. NIST SP 800-63B asks for 8 characters at least, this project for 12.
    public init(minimumLength: Int = 12) { self.minimumLength = minimumLength }

    /// The fault of a password, or nil when it is acceptable.
    ///
    /// - Parameters:
    ///   - password: The password as received.
    ///   - context: What a guesser would try for this person: the product's name, their name, their e-mail address.
    public func weakness(of password: String, context: [String]) -> Weakness? {
        guard password.unicodeScalars.count >= minimumLength else { return .tooShort(minimum: minimumLength) }
        guard password.utf8.count <= PasswordHasher.longestPassword else { return .tooLong }
        let plain = Self.plain(password)
        if CommonPasswords.whole.contains(String(String.UnicodeScalarView(plain))) { return .common }
        let personal = Set(context.flatMap(Self.fragments))
        // What a guessing program pays for: every predictable piece counts little, everything else fully.
        let enough = 8
        guard Self.strength(plain, personal: []) >= enough else { return .predictable }
        guard Self.strength(plain, personal: personal) >= enough else { return .personal }
        return nil
    }

    /// The password in lower case with the usual digit-for-letter swaps undone between letters.
    private static func plain(_ password: String) -> [Unicode.Scalar] {
        let lower = Array(password.lowercased().unicodeScalars)
        let swaps: [Unicode.Scalar: Unicode.Scalar] = [
            "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t",
        ]
        return lower.indices.map { index in
            guard let letter = swaps[lower[index]] else { return lower[index] }
            let before = index > 0 && lower[index - 1].properties.isAlphabetic
            let after = index + 1 < lower.count && lower[index + 1].properties.isAlphabetic
            return before && after || index == 0 && after ? letter : lower[index]
        }
    }

    /// The words of a name or an address that are long enough to be recognised in a password.
    private static func fragments(of text: String) -> [[Unicode.Scalar]] {
        Array(text.lowercased().unicodeScalars)
            .split { !$0.properties.isAlphabetic && !("0"..."9").contains($0) }
            .filter { $0.count >= 3 }
            .map(Array.init)
    }

    /// The password's length where a common word counts as two characters, and a word of the person's own, a word
    /// that was there before, a repeat, a run or a year as one.
    private static func strength(_ scalars: [Unicode.Scalar], personal: Set<[Unicode.Scalar]>) -> Int {
        let words = CommonPasswords.words.union(personal)
        let longest = words.lazy.map(\.count).max() ?? 0
        var used = personal
        var strength = 0
        var index = 0
        while index < scalars.count {
            let pattern = max(runLength(scalars, at: index), repeatLength(scalars, at: index))
            var word: [Unicode.Scalar] = []
            for length in stride(from: min(longest, scalars.count - index), through: 3, by: -1) {
                let piece = Array(scalars[index..<index + length])
                guard words.contains(piece) else { continue }
                word = piece
                break
            }
            if word.count >= max(pattern, 3) {
                strength += used.insert(word).inserted ? 2 : 1
                index += word.count
            } else {
                strength += 1
                index += pattern >= 3 ? pattern : isYear(scalars, at: index) ? 4 : 1
            }
        }
        return strength
    }

    /// How many scalars from `index` follow one another by the same step of one: 3456, zyx; and keyboard rows.
    private static func runLength(_ scalars: [Unicode.Scalar], at index: Int) -> Int {
        var longest = 1
        for step in [1, -1] {
            var length = 1
            while index + length < scalars.count,
                Int(scalars[index + length].value) - Int(scalars[index + length - 1].value) == step
            {
                length += 1
            }
            longest = max(longest, length)
        }
        for row in keyboardRows {
            guard let start = row.firstIndex(of: scalars[index]) else { continue }
            var length = 1
            while index + length < scalars.count, start + length < row.count,
                scalars[index + length] == row[start + length]
            {
                length += 1
            }
            if length >= 4 { longest = max(longest, length) }
        }
        return longest
    }

    /// How many scalars from `index` repeat a piece of one to four scalars: aaaa, abab, 12ab12ab.
    private static func repeatLength(_ scalars: [Unicode.Scalar], at index: Int) -> Int {
        var longest = 1
        for period in 1...4 {
            var length = period
            while index + length < scalars.count, scalars[index + length] == scalars[index + length - period] {
                length += 1
            }
            if length >= max(3, 2 * period) { longest = max(longest, length) }
        }
        return longest
    }

    private static func isYear(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        guard index + 4 <= scalars.count else { return false }
        let century = (scalars[index], scalars[index + 1])
        guard century == ("1", "9") || century == ("2", "0") else { return false }
        return scalars[index + 2...index + 3].allSatisfy { ("0"..."9").contains($0) }
    }

    /// Neighbouring keys, left to right and back, of the layouts used most.
    private static let keyboardRows: [[Unicode.Scalar]] = {
        let rows = [
            "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm",
        ]
        return rows.flatMap { [Array($0.unicodeScalars), Array($0.unicodeScalars.reversed())] }
    }()
}
