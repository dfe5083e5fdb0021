// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON

/// Makes of a model's own probability of a word how often such words are right: a logistic curve (Platt 1999) over its log
/// odds, how sure the model is of the whole window, and how good the recording is.
///
/// A checkpoint brings its own curve (`oracy_confidence` in `generation_config.json`, a key of our own): what one model's
/// probabilities mean says nothing of another's. `Benchmarks/bench_quality.py` fits one.
struct ConfidenceCalibration: Sendable, Hashable {
    /// What is added to the weighted sum.
    var intercept: Double
    /// The weight of the log odds of the word; above 0, so that the order of a window's words stays.
    var logOdds: Double
    /// The weight of the mean natural logarithm of the probability of the window's tokens; not below 0.
    var averageLogProbability: Double
    /// The weight of the signal-to-noise ratio in dB; not below 0.
    var signalToNoise: Double

    /// Beyond these, a probability says no more.
    private static let probabilities = 0.005...0.998
    /// Beyond these, so does a mean logarithm.
    private static let averages = -10.0...0
    /// Below these dB nothing is understood, above them noise does no harm. What can't be measured counts as good.
    private static let ratios = -5.0...25

    /// The probability that a word is right, 0...1.
    func confidence(probability: Double, averageLogProbability average: Double, signalToNoise ratio: Double?) -> Double
    {
        let probability = probability.clamped(to: Self.probabilities)
        let sum =
            intercept + logOdds * log(probability / (1 - probability))
            + averageLogProbability * average.clamped(to: Self.averages)
            + signalToNoise * (ratio ?? Self.ratios.upperBound).clamped(to: Self.ratios)
        return 1 / (1 + exp(-sum))
    }
}

extension ConfidenceCalibration {
    /// Reads `{"intercept", "log_odds", "avg_logprob", "snr_db"}`.
    ///
    /// - Throws: ``RecognitionError`` `modelInvalid`.
    init(_ value: JSONValue) throws(RecognitionError) {
        func number(_ name: String, in range: ClosedRange<Double>) throws(RecognitionError) -> Double {
            guard let number = value[name]?.double, range.contains(number) else {
                throw RecognitionError(
                    .modelInvalid,
                    "generation_config.json: oracy_confidence needs intercept, log_odds, avg_logprob and snr_db, numbers of which the last three are not negative"
                )
            }
            return number
        }
        intercept = try number("intercept", in: -1000...1000)
        logOdds = try number("log_odds", in: 0.001...1000)
        averageLogProbability = try number("avg_logprob", in: 0...1000)
        signalToNoise = try number("snr_db", in: 0...1000)
    }
}

extension Double {
    /// The nearest number in a range; its end for what is no number.
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        self >= range.lowerBound ? Swift.min(self, range.upperBound) : range.lowerBound
    }
}
