// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How an engine that writes token by token searches for the best text.
public struct SearchOptions: Sendable, Hashable {
    /// How many texts are followed at a time at temperature 0; 1 takes the most probable token each time.
    public var beams: Int
    /// How many texts are sampled at a time at temperatures above 0.
    public var samples: Int
    /// The search ends when `beams` times this many texts have ended (Kasai et al. 2022).
    public var patience: Double
    /// The exponent of Google's length penalty (Wu et al. 2016); nil to rank by the mean.
    public var lengthPenalty: Double?
    /// Whether a bad text is tried again at a higher temperature.
    public var fallsBack: Bool
    /// Whether segments get times from the model's own timestamps.
    public var usesTimestamps: Bool
    /// The most tokens of a window; nil for half of what the model can hold.
    public var maximumTokens: Int?
    /// Whether the end of the text is never chosen, to measure speed.
    public var ignoresEndOfText: Bool

    /// Creates options.
    public init(
        beams: Int = 5, samples: Int = 5, patience: Double = 1, lengthPenalty: Double? = nil, fallsBack: Bool = true,
        usesTimestamps: Bool = true, maximumTokens: Int? = nil, ignoresEndOfText: Bool = false
    ) {
        self.beams = beams
        self.samples = samples
        self.patience = patience
        self.lengthPenalty = lengthPenalty
        self.fallsBack = fallsBack
        self.usesTimestamps = usesTimestamps
        self.maximumTokens = maximumTokens
        self.ignoresEndOfText = ignoresEndOfText
    }
}
