// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio

/// Goes through a recording window by window: which part comes next, what the decoder is told of the part before, and
/// what becomes of the decoder's tokens (openai-whisper, transcribe.py).
///
/// A value without a model:
///
/// ```swift
/// var windows = TranscriptWindows(contentFrames: frames, tokenizer: tokenizer)
/// while let window = windows.next {
///     let decoded = …  // the model on window.seek..<window.seek + window.frames, told window.previousTokens
///     guard var draft = windows.draft(decoded) else { continue }  // silence
///     timing.place(into: &draft.segments, lastSpeechEnd: windows.lastSpeechEnd, endOfText: tokenizer.endOfText)
///     windows.append(draft, decoded, hasWordTimes: true)
/// }
/// ```
struct TranscriptWindows: Sendable {
    /// A part of the recording to decode.
    struct Window: Sendable, Hashable {
        /// Its first frame.
        var seek: Int
        /// Its frames; less than 3000 at the end of the recording.
        var frames: Int
        /// Text and timestamps before it, for the decoder.
        var previousTokens: [Int]
    }

    /// A segment and how its window was decoded.
    struct Finished: Sendable, Hashable {
        /// The segment.
        var segment: TimedSegment
        /// The window that it is from.
        var window: DecodedWindow
    }

    /// The segments so far, in order; those without text or length are left out.
    private(set) var segments: [Finished] = []
    /// When the last word so far ended, in seconds.
    private(set) var lastSpeechEnd = 0.0
    /// When a window is silence.
    var thresholds = DecodingThresholds()
    /// Whether the decoder is told what was said before.
    var conditionsOnPreviousText = true
    /// Whether the model writes timestamps. Without them it was not asked where its text ends, which then stands for the
    /// whole window; with them, a window that ends in the middle of something is heard again from the last word on.
    var usesTimestamps = true
    /// Removes what was made up in silence; nil to keep everything. Needs word times.
    var hallucinationGuard: HallucinationGuard?
    private let contentFrames: Int
    private let tokenizer: WhisperTokenizer
    private var seek = 0
    private var tokens: [Int]
    private var promptStart = 0

    /// Starts at the beginning of a recording.
    ///
    /// - Parameters:
    ///   - contentFrames: Frames of the recording, without padding.
    ///   - initialPrompt: Text that the decoder takes for what was said before; terms that may be said.
    init(contentFrames: Int, tokenizer: WhisperTokenizer, initialPrompt: String? = nil) {
        self.contentFrames = contentFrames
        self.tokenizer = tokenizer
        tokens = initialPrompt.map { tokenizer.encode(" " + $0.trimmingSpaces) } ?? []
    }

    /// The next part to decode; nil at the end.
    var next: Window? {
        guard seek < contentFrames else { return nil }
        return Window(
            seek: seek, frames: min(LogMelSpectrogram.windowFrames, contentFrames - seek),
            previousTokens: Array(tokens[promptStart...]))
    }

    /// The segments of the window ``next``; nil when it is silence, which is then passed over.
    mutating func draft(_ decoded: DecodedWindow) -> WindowSegments? {
        guard let window = next else { return nil }
        if thresholds.isSilence(decoded) {
            seek += window.frames
            return nil
        }
        return WindowSegments(
            decoded.tokens, timestampBegin: tokenizer.timestampBegin, seek: window.seek, frames: window.frames)
    }

    /// Takes the segments of the window ``next``, with their words if they were timed, and goes on.
    mutating func append(_ draft: WindowSegments, _ decoded: DecodedWindow, hasWordTimes: Bool) {
        guard let window = next else { return }
        var draft = draft
        if hasWordTimes {
            if usesTimestamps, !decoded.isCut, !draft.endsWithSilence, let end = draft.end,
                end > Double(window.seek) / WindowSegments.framesPerSecond
            {
                draft.nextSeek = Int((end * WindowSegments.framesPerSecond).rounded(.toNearestOrEven))
            }
            if let hallucinationGuard {
                let place = HallucinationGuard.Window(
                    seek: window.seek, frames: window.frames, contentFrames: contentFrames,
                    lastSpeechEnd: lastSpeechEnd)
                if hallucinationGuard.review(&draft, in: place) {
                    goOn(to: draft.nextSeek, from: window)
                    return
                }
            }
            if let hallucinationGuard, hallucinationGuard.speech != nil {
                let isLoop = thresholds.compressionRatio.map { decoded.compressionRatio > $0 } ?? false
                hallucinationGuard.removeImpossibleWords(
                    from: &draft.segments, isLoop: isLoop, endOfText: tokenizer.endOfText)
            }
            if let end = draft.end { lastSpeechEnd = end }
        }
        for segment in draft.segments {
            let text = tokenizer.decode(segment.tokens)
            guard segment.start < segment.end, !text.trimmingSpaces.isEmpty else { continue }
            segments.append(Finished(segment: segment, window: decoded))
            tokens += segment.tokens
        }
        // After a guess at a high temperature, what was said before may mislead.
        if !conditionsOnPreviousText || decoded.temperature > 0.5 { promptStart = tokens.count }
        goOn(to: decoded.isCut ? window.seek + window.frames : draft.nextSeek, from: window)
    }

    /// Windows go forward, whatever the model says.
    private mutating func goOn(to next: Int, from window: Window) {
        seek = next > window.seek ? next : window.seek + window.frames
    }
}
