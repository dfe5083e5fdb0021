// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Glibc
import Synchronization
import Threads

/// A stretch of speech to be written down by itself.
struct PassageRequest: Sendable {
    /// 16 kHz mono at a good level. `[time]`
    var samples: [Float]
    /// Whisper's code of the spoken language; nil to find it.
    var language: String?
    /// Whether to write in the language that is spoken, or in English.
    var task = WhisperTask.transcribe
    /// What was said before, and terms that may be said.
    var prompt: String?
    /// The one temperature, or the first of several.
    var temperature: Double?
    /// How to search.
    var search = SearchOptions()
    /// Whether only the language is wanted.
    var isForLanguage = false
}

/// What was said in a passage.
struct PassageResult: Sendable {
    /// Segments with words; times from the start of the passage.
    var segments: [TranscriptWindows.Finished]
    /// The languages that were considered; nil when one was given.
    var languages: LanguageScores?
}

/// Runs passages of any number of recordings on one model, token by token together: one that ends makes room for another
/// (continuous batching, after Yu et al. 2022, "Orca").
///
/// The model computes on a thread of its own, with the threads of its team.
final class WhisperBatcher: Sendable {
    fileprivate struct Submission: Sendable {
        var request: PassageRequest
        var isCancelled: @Sendable () -> Bool
        var completion: @Sendable (Result<PassageResult, RecognitionError>) -> Void
    }

    fileprivate final class Queue: Sendable {
        struct State {
            var waiting: [Submission] = []
            var isClosed = false
        }
        let state = Mutex(State())
        let signal = Condition()

        /// The next passage: nil when there is none; waits for one, or for the end, if told to.
        func next(waiting: Bool) -> Submission? {
            func take() -> Submission?? {
                state.withLock { state in
                    if !state.waiting.isEmpty { return .some(state.waiting.removeFirst()) }
                    return state.isClosed || !waiting ? .some(nil) : nil
                }
            }
            return signal.wait(until: take)
        }

        var isClosed: Bool { state.withLock { $0.isClosed } }
    }

    private let queue = Queue()

    /// Starts the thread.
    init(_ parts: WhisperParts) {
        Thread.start(name: "whisper", stackSize: 8 << 20) { [queue] in BatchWorker(parts, queue).run() }
    }

    deinit {
        queue.state.withLock { $0.isClosed = true }
        queue.signal.notifyAll()
    }

    /// Writes a passage down.
    ///
    /// - Parameter isCancelled: Asked before each token.
    /// - Throws: ``RecognitionError``.
    func run(
        _ request: PassageRequest, isCancelled: @escaping @Sendable () -> Bool
    ) async throws -> PassageResult {
        try await withCheckedThrowingContinuation { continuation in
            let submission = Submission(request: request, isCancelled: isCancelled) {
                continuation.resume(with: $0.mapError { $0 as any Error })
            }
            queue.state.withLock { $0.waiting.append(submission) }
            queue.signal.notifyAll()
        }
    }
}

/// The thread's own: the decoder and the passages that are being written down.
private final class BatchWorker {
    private struct Passage {
        let submission: WhisperBatcher.Submission
        let spectrogram: LogMelSpectrogram
        /// The sequences' slots in the decoder.
        let slots: [Int]
        var windows: TranscriptWindows
        var language: String?
        var languages: LanguageScores?
        var audio: WhisperWindow?
        var decoding: WindowDecoding?
        var step: WindowDecoding.Step?
        var windowNumber: UInt64 = 0
    }

    private let parts: WhisperParts
    private let queue: WhisperBatcher.Queue
    private let decoder: WhisperDecoder
    private let capacity: Int
    private let width: Int
    private var passages: [Passage] = []
    private var freeGroups: [Int]

    init(_ parts: WhisperParts, _ queue: WhisperBatcher.Queue) {
        self.parts = parts
        self.queue = queue
        width = WhisperParts.greatestWidth
        capacity = parts.capacity
        decoder = WhisperDecoder(model: parts.model, slots: capacity * width)
        freeGroups = Array((0..<capacity).reversed())
    }

    /// Works until the queue is closed and empty.
    func run() {
        while true {
            if passages.count < capacity, let submission = queue.next(waiting: passages.isEmpty) {
                admit(submission)
            } else if passages.isEmpty, queue.isClosed {
                return
            }
            dropCancelled()
            if !passages.isEmpty { step() }
        }
    }

    // MARK: Passages

    private func admit(_ submission: WhisperBatcher.Submission) {
        guard !submission.isCancelled() else { return submission.completion(.failure(.cancelledByCaller)) }
        guard let group = freeGroups.popLast() else { return }
        let request = submission.request
        let spectrogram = LogMelSpectrogram(
            of: request.samples, bins: parts.model.configuration.melBins, padding: LogMelSpectrogram.windowSamples)
        var windows = TranscriptWindows(
            contentFrames: request.samples.count / LogMelSpectrogram.hop, tokenizer: parts.tokenizer,
            initialPrompt: request.prompt.flatMap { $0.isEmpty ? nil : $0 })
        windows.thresholds = thresholds(request)
        windows.usesTimestamps = request.search.usesTimestamps
        windows.conditionsOnPreviousText = request.prompt.map { !$0.isEmpty } ?? false
        let first = group * width
        passages.append(
            Passage(
                submission: submission, spectrogram: spectrogram, slots: Array(first..<first + width), windows: windows,
                language: parts.tokenizer.isMultilingual ? request.language : "en"))
        begin(passages.count - 1)
    }

    private func thresholds(_ request: PassageRequest) -> DecodingThresholds {
        var thresholds = DecodingThresholds()
        let start = Float(request.temperature ?? 0)
        thresholds.temperatures =
            request.search.fallsBack ? [start] + thresholds.temperatures.filter { $0 > start } : [start]
        if request.search.ignoresEndOfText { thresholds.noSpeech = nil }
        return thresholds
    }

    private func dropCancelled() {
        for index in passages.indices.reversed() where passages[index].submission.isCancelled() {
            end(index, .failure(.cancelledByCaller))
        }
    }

    private func end(_ index: Int, _ result: Result<PassageResult, RecognitionError>) {
        let passage = passages.remove(at: index)
        for slot in passage.slots { decoder.end(slot: slot) }
        freeGroups.append(passage.slots[0] / width)
        passage.submission.completion(result)
    }

    /// Begins the next window of a passage, or ends the passage.
    private func begin(_ index: Int) {
        guard let window = passages[index].windows.next else {
            let passage = passages[index]
            return end(
                index, .success(PassageResult(segments: passage.windows.segments, languages: passage.languages)))
        }
        // What follows the recording is silence, as in the model's training and in transformers; openai-whisper's
        // transcribe() puts zeros there, which a spectrogram of silence does not have.
        let frames = parts.model.configuration.frames
        let input = passages[index].spectrogram.window(from: window.seek, frames: frames, size: frames)
        let audio = parts.model.window(for: parts.model.encode(input.values))
        passages[index].audio = audio
        let request = passages[index].submission.request
        if passages[index].language == nil || request.isForLanguage {
            let scores = languages(of: audio, slot: passages[index].slots[0])
            passages[index].languages = scores
            passages[index].language = passages[index].language ?? scores.best()?.code ?? "en"
        }
        if request.isForLanguage {
            return end(index, .success(PassageResult(segments: [], languages: passages[index].languages)))
        }
        do throws(RecognitionError) {
            let start = try parts.tokenizer.startSequence(
                language: passages[index].language ?? "en", task: request.task,
                timestamps: request.search.usesTimestamps)
            let context = parts.model.configuration.textPositions
            let decoding = WindowDecoding(
                prompt: parts.tokenizer.prompt(previous: window.previousTokens, start: start, contextLength: context),
                contextLength: context, request.search, parts.rules(withTimestamps: request.search.usesTimestamps),
                passages[index].windows.thresholds, parts.tokenizer, seed: passages[index].windowNumber)
            passages[index].windowNumber += 1
            passages[index].decoding = decoding
            passages[index].step = decoding.first
        } catch {
            end(index, .failure(error))
        }
    }

    private func languages(of audio: WhisperWindow, slot: Int) -> LanguageScores {
        decoder.begin(slot: slot, window: audio)
        let output = decoder.step([.init(slot: slot, tokens: [parts.tokenizer.startOfTranscript])])
        return LanguageScores(output.row(0), parts.tokenizer)
    }

    // MARK: Tokens

    /// Runs one step of every passage in one pass over the model, then ends the windows that are decoded.
    private func step() {
        var inputs: [WhisperDecoder.Input] = []
        var rows: [Int] = []
        for passage in passages {
            let before = inputs.count
            switch passage.step {
            case .feed(let tokens, let isNew):
                if isNew, let audio = passage.audio { decoder.begin(slot: passage.slots[0], window: audio) }
                inputs.append(.init(slot: passage.slots[0], tokens: tokens))
            case .extend(let sources, let tokens):
                if !sources.elementsEqual(sources.indices) {
                    decoder.rearrange(
                        Array(passage.slots.prefix(sources.count)), from: sources.map { passage.slots[$0] })
                }
                for (slot, token) in zip(passage.slots, tokens) { inputs.append(.init(slot: slot, tokens: [token])) }
            case .done, nil: break
            }
            rows.append(inputs.count - before)
        }
        guard !inputs.isEmpty else { return }
        let output = decoder.step(inputs)
        var row = 0
        for (index, count) in rows.enumerated() where count > 0 {
            passages[index].step = passages[index].decoding?.take((row..<row + count).map(output.row))
            row += count
        }
        for index in passages.indices.reversed() {
            if case .done(let decoded) = passages[index].step { finish(index, decoded) }
        }
    }

    private func finish(_ index: Int, _ decoded: DecodedWindow) {
        guard let window = passages[index].windows.next else { return begin(index) }
        if var draft = passages[index].windows.draft(decoded) {
            let hasWords = time(&draft, of: passages[index], frames: window.frames)
            passages[index].windows.append(draft, decoded, hasWordTimes: hasWords)
        }
        begin(index)
    }

    /// Gives the words of a window their times.
    ///
    /// - Returns: Whether there are any.
    private func time(_ draft: inout WindowSegments, of passage: Passage, frames: Int) -> Bool {
        let tokenizer = parts.tokenizer
        let text = draft.segments.flatMap(\.tokens).filter { $0 < tokenizer.endOfText }
        guard !text.isEmpty, let audio = passage.audio,
            let start = try? tokenizer.startSequence(
                language: passage.language ?? "en", task: passage.submission.request.task, timestamps: false),
            start.count + text.count < parts.model.configuration.textPositions
        else { return false }
        let tokens = start + text + [tokenizer.endOfText]
        let positions = parts.model.configuration.audioPositions
        var attention = Array(repeating: [Float](), count: parts.alignmentHeads.count)
        var probabilities: [Double] = []
        decoder.begin(slot: passage.slots[0], window: audio)
        // In pieces, because each token has a whole row of logits.
        for first in stride(from: 0, to: tokens.count, by: 32) {
            let piece = Array(tokens[first..<min(first + 32, tokens.count)])
            let output = decoder.step(
                [.init(slot: passage.slots[0], tokens: piece, allLogits: true)], attentionOf: parts.alignmentHeads)
            for head in attention.indices {
                let size = piece.count * positions
                attention[head] += output.attention[head * size..<(head + 1) * size]
            }
            for offset in piece.indices {
                let next = first + offset + 1
                guard (start.count..<start.count + text.count).contains(next) else { continue }
                // Among the tokens of text alone.
                let logits = Array(output.row(offset)[..<tokenizer.endOfText])
                probabilities.append(
                    Double(expf(LogProbabilities(logits).value(ofLogit: logits[tokens[next]]))))
            }
        }
        let alignment = TokenAlignment(
            attention, tokens: tokens.count, positions: positions, used: frames / 2,
            rows: start.count - 1..<tokens.count - 1, kind: .probabilities)
        let timing = WordTiming(
            text, probabilities: probabilities, starts: alignment.starts, language: passage.language, tokenizer)
        timing.place(
            into: &draft.segments, lastSpeechEnd: passage.windows.lastSpeechEnd, endOfText: tokenizer.endOfText)
        return true
    }
}

extension WhisperDecoder.Output {
    /// A copy of one row of logits. `[vocabulary]`
    fileprivate func row(_ index: Int) -> [Float] { withLogits(index) { Array($0) } }
}

extension RecognitionError {
    /// Nobody waits for the result any more.
    static let cancelledByCaller = RecognitionError(.cancelled, "The transcription was cancelled.")
}
