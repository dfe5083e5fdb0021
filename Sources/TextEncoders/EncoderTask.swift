// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What a model of an encoder gives.
public enum EncoderTask: String, Sendable, Hashable {
    /// Vectors and states alone.
    case embed
    /// Classes of whole texts.
    case classify
    /// Classes of pairs of texts.
    case classifyPairs
    /// Classes of tokens.
    case tag
}
