// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A stretch of a recording in which somebody speaks.
public struct SpeechSpan: Sendable, Hashable {
    /// When it starts, in milliseconds from the start of the recording.
    public var start: Int
    /// When it ends, in milliseconds.
    public var end: Int

    /// Creates a span.
    ///
    /// - Precondition: `0 <= start <= end`.
    public init(start: Int, end: Int) {
        precondition(0 <= start && start <= end, "a span ends before it starts")
        self.start = start
        self.end = end
    }

    /// Length in milliseconds.
    public var milliseconds: Int { end - start }

    /// The samples of the span, within a signal of `count` samples.
    public func samples(at sampleRate: Int, count: Int) -> Range<Int> {
        let lower = min(count, start * sampleRate / 1000)
        return lower..<max(lower, min(count, end * sampleRate / 1000))
    }
}
