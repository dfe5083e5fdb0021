// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
public import JSON

/// Figures for people, as JSON and as tables.
public protocol StatisticsReport: JSONRepresentable, Sendable {
    /// The figures as tables, the main one first.
    var tables: [Table] { get }
}

extension Statistic: JSONRepresentable {
    /// `{value, low, high, n, valid, reason}`, where low and high are the ends of the interval.
    public var json: JSONValue {
        [
            "value": .optional(value), "low": .optional(interval?.lowerBound), "high": .optional(interval?.upperBound),
            "n": .integer(Int64(n)), "valid": .string(valid.rawValue), "reason": .optional(reason),
        ]
    }

    /// The columns of a statistic in a table.
    static func columns(_ key: String) -> [String] {
        [key, "\(key)_low", "\(key)_high", "\(key)_n", "\(key)_valid", "\(key)_reason"]
    }

    /// The cells of those columns.
    var cells: [Table.Cell] {
        [
            .optional(value), .optional(interval?.lowerBound), .optional(interval?.upperBound), .integer(n),
            .text(valid.rawValue), .optional(reason),
        ]
    }
}

/// Statistics by key, in order.
typealias KeyedStatistics = [(key: String, statistic: Statistic)]

extension JSONObject {
    /// Adds statistics under their keys.
    mutating func add(_ statistics: KeyedStatistics) {
        for (key, statistic) in statistics { self[key] = statistic.json }
    }
}
