// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization

/// Counters, gauges and histograms in the Prometheus text format (version 0.0.4).
///
/// Label values come from fixed sets (routes, states, codes), so the number of series is bounded.
public final class Metrics: Sendable {
    /// The labels of one series.
    public typealias Labels = [(name: String, value: String)]

    private struct Histogram {
        var counts: [Int]
        var sum: Double = 0
        var count = 0
    }

    private struct Family {
        var help: String
        var kind: String
        var bounds: [Double] = []
        var values: [String: Double] = [:]
        var histograms: [String: Histogram] = [:]
    }

    private let families = Mutex<[String: Family]>([:])
    private let collectors = Mutex<[@Sendable (Metrics) async -> Void]>([])

    /// Upper bounds for durations of requests, in seconds.
    public static let requestBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Upper bounds for durations of work on a recording, in seconds.
    public static let workBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900]

    /// Creates an empty registry.
    public init() {}

    /// Adds to a counter.
    public func count(_ name: String, _ help: String, labels: Labels = [], by amount: Double = 1) {
        families.withLock {
            $0[name, default: Family(help: help, kind: "counter")].values[Self.key(labels), default: 0] += amount
        }
    }

    /// Sets a gauge (or a counter that is kept elsewhere, when `kind` says so).
    public func set(_ name: String, _ help: String, labels: Labels = [], to value: Double, kind: String = "gauge") {
        families.withLock { $0[name, default: Family(help: help, kind: kind)].values[Self.key(labels)] = value }
    }

    /// Adds an observation to a histogram.
    public func observe(_ name: String, _ help: String, labels: Labels = [], bounds: [Double], _ value: Double) {
        families.withLock { families in
            var family = families[name] ?? Family(help: help, kind: "histogram", bounds: bounds)
            var histogram =
                family.histograms[Self.key(labels)] ?? Histogram(counts: Array(repeating: 0, count: bounds.count))
            for (index, bound) in family.bounds.enumerated() where value <= bound { histogram.counts[index] += 1 }
            histogram.sum += value
            histogram.count += 1
            family.histograms[Self.key(labels)] = histogram
            families[name] = family
        }
    }

    /// Registers something that sets gauges just before they are read.
    public func collect(_ collector: @escaping @Sendable (Metrics) async -> Void) {
        collectors.withLock { $0.append(collector) }
    }

    /// All series as text.
    public func exposition() async -> String {
        for collector in collectors.withLock({ $0 }) { await collector(self) }
        return families.withLock { families in
            var lines: [String] = []
            for (name, family) in families.sorted(by: { $0.key < $1.key }) {
                lines.append("# HELP \(name) \(family.help)")
                lines.append("# TYPE \(name) \(family.kind)")
                for (labels, value) in family.values.sorted(by: { $0.key < $1.key }) {
                    lines.append("\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(value))")
                }
                for (labels, histogram) in family.histograms.sorted(by: { $0.key < $1.key }) {
                    let prefix = labels.isEmpty ? "" : labels + ","
                    for (bound, count) in zip(family.bounds, histogram.counts) {
                        lines.append("\(name)_bucket{\(prefix)le=\"\(Self.number(bound))\"} \(count)")
                    }
                    lines.append("\(name)_bucket{\(prefix)le=\"+Inf\"} \(histogram.count)")
                    let suffix = labels.isEmpty ? "" : "{\(labels)}"
                    lines.append("\(name)_sum\(suffix) \(Self.number(histogram.sum))")
                    lines.append("\(name)_count\(suffix) \(histogram.count)")
                }
            }
            return lines.joined(separator: "\n") + "\n"
        }
    }

    private static func key(_ labels: Labels) -> String {
        labels.map { label in
            var value = ""
            for character in label.value {
                switch character {
                case "\\": value += "\\\\"
                case "\"": value += "\\\""
                case "\n": value += "\\n"
                default: value.append(character)
                }
            }
            return "\(label.name)=\"\(value)\""
        }.joined(separator: ",")
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : value.description
    }
}
