// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a model is for.
public enum ModelTask: String, Sendable, Hashable, CaseIterable {
    /// Speech to text.
    case transcription
    /// Text to vectors whose angle says how similar meanings are.
    case textEmbedding = "text-embedding"
    /// Text to one of a few classes, such as sentiment.
    case textClassification = "text-classification"
    /// Two texts to one of a few classes, such as whether one says what the other says.
    case textPairClassification = "text-pair-classification"
    /// Words to classes, such as names of people and drugs.
    case tokenClassification = "token-classification"
    /// Where somebody speaks.
    case voiceActivity = "voice-activity"
}
