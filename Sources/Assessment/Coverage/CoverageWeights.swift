// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What ``LearnedJudge`` weighs features with.
struct CoverageWeights: Sendable {
    /// For each of: another matter, for, against: what each of ``CoverageFeatures/names`` counts.
    let factors: [[Double]]
    let biases: [Double]
}
