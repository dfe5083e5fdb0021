// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// Measures in the making.
struct MeasureList {
    /// The measures so far.
    private(set) var measures: [Measure] = []

    /// The most places that one measure is evidenced with: more are no help to anybody.
    static let mostEvidence = 1_000

    /// Adds a measure that has a value.
    ///
    /// A value that is not finite has no honest meaning and becomes `na`.
    mutating func add(
        _ measure: MeasureDescriptor, _ value: Double, low reasons: [String?] = [],
        basis: [Measure.Part] = [], evidence: [Evidence] = []
    ) {
        guard value.isFinite else {
            return add(measure, na: "There is too little to compute it from.")
        }
        let reasons = reasons.compactMap { $0 }
        measures.append(
            Measure(
                measure.key, value, unit: measure.unit, low: reasons.isEmpty ? nil : reasons.joined(separator: " "),
                basis: basis,
                evidence: evidence.count > Self.mostEvidence ? Array(evidence[..<Self.mostEvidence]) : evidence))
    }

    /// Adds a measure without a value.
    mutating func add(_ measure: MeasureDescriptor, na reason: String) {
        measures.append(Measure(measure.key, unit: measure.unit, na: reason))
    }

    /// Adds a measure whose value may be missing.
    mutating func add(
        _ measure: MeasureDescriptor, _ value: Double?, orNA reason: String, low reasons: [String?] = [],
        basis: [Measure.Part] = [], evidence: [Evidence] = []
    ) {
        if let value {
            add(measure, value, low: reasons, basis: basis, evidence: evidence)
        } else {
            add(measure, na: reason)
        }
    }

    /// Adds several measures without values, for one reason.
    mutating func add(_ measures: [MeasureDescriptor], na reason: String) {
        for measure in measures { add(measure, na: reason) }
    }
}
