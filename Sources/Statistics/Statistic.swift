// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// A number computed from a sample, with what it rests on; without a value where it is undefined, never NaN.
///
/// ```swift
/// let agreement = Agreement(machine: [3, 4, 2, nil], human: [3, 5, 2, 4])
/// agreement.exact.value  // 0.666…
/// agreement.exact.valid  // .low: n is 3
/// ```
public struct Statistic: Sendable, Hashable {
    /// Below so many, a value is reported as `low`.
    public static let smallSample = 30

    /// The value; nil exactly when ``valid`` is `na`.
    public let value: Double?
    /// The bootstrap interval; nil when it was not asked for, or when too few resamples had a value.
    public let interval: ClosedRange<Double>?
    /// How many answers, students or judges it was computed from.
    public let n: Int
    /// Whether the value can be relied on.
    public let valid: Measure.Validity
    /// Why it is `low` or `na`, for a person.
    public let reason: String?

    /// Creates a statistic; nil and values that are not finite are `na`.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - n: What it was computed from.
    ///   - interval: Its bootstrap interval.
    ///   - reason: Why there is no value, if there is none.
    public init(_ value: Double?, n: Int, interval: ClosedRange<Double>? = nil, otherwise reason: String) {
        self.n = n
        guard let value, value.isFinite else {
            self.value = nil
            self.interval = nil
            valid = .na
            self.reason = value == nil ? reason : "The numbers are too large to compute with."
            return
        }
        self.value = value
        self.interval = interval
        valid = n < Self.smallSample ? .low : .ok
        self.reason = n < Self.smallSample ? "n is \(n): below \(Self.smallSample) it says little." : nil
    }

    /// Creates a statistic that is undefined.
    public init(na reason: String, n: Int) { self.init(nil, n: n, otherwise: reason) }
}
