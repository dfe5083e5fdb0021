// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What key points earn together: the weighted mean of their credits, with an interval that says how sure it is.
///
/// coverage = Σ w v / Σ w; at the low end what is uncertain earns nothing, at the high end all of its weight (KPI.md,
/// section 7). Words that were heard badly, speech that was not understood and what is made in part in quite other words widen
/// it.
struct ScoreInterval {
    /// What a score may be at most where an essential key point is missing.
    static let essentialCap = 0.49
    /// What it may be at most where a critical one is contradicted.
    static let criticalCap = 0.3

    let score: AnswerScore

    /// - Parameters:
    ///   - keyPoints: What is expected.
    ///   - results: What became of each.
    ///   - unintelligible: The share of the speech that could not be understood.
    ///   - isEmpty: Whether there are no words at all.
    init(keyPoints: [KeyPoint], results: [KeyPointResult], unintelligible: Double, isEmpty: Bool) {
        var holds: Set<AnswerScore.Hold> = []
        let total = keyPoints.reduce(0) { $0 + $1.countedWeight }
        var low = 0.0
        var point = 0.0
        var high = 0.0
        var cap: Double?
        for (key, result) in zip(keyPoints, results) where !key.isRetired {
            let bounds = Self.bounds(result, unintelligible: unintelligible)
            low += key.weight * bounds.low
            point += key.weight * result.credit
            high += key.weight * bounds.high
            switch result.state {
            case .contradicted where key.isCritical:
                holds.insert(.criticalContradicted)
                cap = min(cap ?? 1, Self.criticalCap)
            case .contradicted where key.isEssential, .missing where key.isEssential:
                holds.insert(.essentialMissing)
                cap = min(cap ?? 1, Self.essentialCap)
            case .uncertain:
                holds.insert(key.isCritical || key.isEssential ? .criticalUncertain : .uncertain)
            default: break
            }
            if result.flags.contains(.languageUnsupported) { holds.insert(.languageUnsupported) }
            if result.flags.contains(.edited) { holds.insert(.edited) }
        }
        if unintelligible > Coverage.bearableUnintelligible { holds.insert(.unintelligible) }
        if isEmpty { holds.insert(.noWords) }
        if total > 0 {
            low /= total
            point /= total
            high /= total
        }
        if let cap {
            // Where it can't be told whether the essential is there, the high end stays.
            low = min(low, cap)
            point = min(point, cap)
            high = min(high, cap)
        }
        // What is contradicted may take away more than the rest earns.
        point = max(0, point)
        score = AnswerScore(
            low: max(0, min(low, point)), point: point, high: min(1, max(high, point)),
            holds: AnswerScore.Hold.allCases.filter(holds.contains), cap: cap)
    }

    /// What one key point earns at least and at most.
    private static func bounds(_ result: KeyPointResult, unintelligible: Double) -> (low: Double, high: Double) {
        if result.state == .uncertain { return (0, 1) }
        var low = result.credit
        var high = result.credit
        if let confidence = result.confidence, result.state == .covered || result.state == .partial {
            // Words that are half believed may have been others.
            low -= result.credit * max(0, 0.9 - confidence) * 0.5
        }
        if result.state == .partial, result.flags.contains(.byMeaning) {
            // In other words than the key point's nobody but a person can tell how much of it was said.
            high = 1
        } else if result.state == .missing || result.state == .partial {
            high += (1 - result.credit) * unintelligible
        }
        return (max(min(0, result.credit), low), min(1, high))
    }
}
