// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The Range field (RFC 9110 §14.2).
enum ByteRange {
    enum Answer: Hashable {
        /// The field asks for nothing a server must honour: send everything.
        case whole
        case part(Range<Int>)
        case unsatisfiable
    }

    /// What to send of a representation of `size` bytes.
    ///
    /// A malformed field and one with several ranges are ignored, as §14.2 allows: no player needs several at once.
    static func answer(_ field: String?, size: Int) -> Answer {
        guard let field else { return .whole }
        let text = field.utf8
        guard text.count > 6, text.prefix(6).elementsEqual("bytes=".utf8) else { return .whole }
        let parts = text.dropFirst(6).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy(ASCII.isDigit) }) else { return .whole }
        switch (parts[0].isEmpty, parts[1].isEmpty) {
        case (true, true): return .whole
        case (true, false):
            let length = min(number(parts[1]), size)
            return length > 0 ? .part((size - length)..<size) : .unsatisfiable
        case (false, let isOpen):
            let first = number(parts[0])
            let last = isOpen ? .max : number(parts[1])
            guard first <= last else { return .whole }
            guard first < size else { return .unsatisfiable }
            return .part(first..<(min(last, size - 1) + 1))
        }
    }

    /// A decimal number; too large a one counts as the largest.
    private static func number(_ digits: Substring.UTF8View) -> Int { Int(Substring(digits)) ?? .max }
}
