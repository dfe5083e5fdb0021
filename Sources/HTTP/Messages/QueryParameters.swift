// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The parameters of a target's query, as HTML forms write them (WHATWG URL §5.1).
///
/// A broken percent escape is taken literally, as browsers do.
public struct QueryParameters: Sendable, Hashable {
    /// The query as it was sent, without the question mark; empty when there is none.
    public let rawValue: String

    /// Takes a query without its question mark.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The first value of a parameter, or nil when it is not there.
    ///
    /// - Complexity: O(query's length): it is short and read a few times at most.
    public subscript(name: String) -> String? {
        var result: String?
        visit { key, value in
            guard key == name else { return true }
            result = value
            return false
        }
        return result
    }

    /// All values of a parameter, in order.
    public func all(_ name: String) -> [String] {
        var values: [String] = []
        visit { key, value in
            if key == name { values.append(value) }
            return true
        }
        return values
    }

    /// The parameters in order, decoded.
    public var pairs: [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        visit { key, value in
            pairs.append((key, value))
            return true
        }
        return pairs
    }

    private func visit(_ body: (String, String) -> Bool) {
        for pair in rawValue.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let value = equals == pair.endIndex ? pair[equals...] : pair[pair.index(after: equals)...]
            guard body(Self.decoded(pair[..<equals]), Self.decoded(value)) else { return }
        }
    }

    private static func decoded(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index != text.endIndex {
            let byte = text[index]
            index = text.index(after: index)
            switch byte {
            case UInt8(ascii: "+"): bytes.append(ASCII.space)
            case ASCII.percent:
                let escape = text[index...].prefix(2)
                guard escape.count == 2, let high = escape.first.flatMap(ASCII.hexadecimal),
                    let low = escape.last.flatMap(ASCII.hexadecimal)
                else {
                    bytes.append(byte)
                    continue
                }
                bytes.append(high << 4 | low)
                index = escape.endIndex
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
