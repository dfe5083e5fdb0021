// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Glibc
import Inference
import Synchronization
import Threads

/// A stretch of speech to be written down by itself.
struct PassageRequest: Sendable {
    /// 16 kHz mono at a good level. `[time]`
    var samples: [Float]
    /// Whisper's code of the spoken language; nil to find it.
    var language: String?
    /// The pieces of speech, in samples, that may each be in a language of their own.
    var pieces: [Range<Int>] = []
    /// Decides about the language of each window, on the thread that computes, for the passages of a batch in their
    /// order; nil to take the most probable.
    var decide: (@Sendable (LanguageEvidence) -> LanguageDecision)?
    /// Whether to write in the language that is spoken, or in English.
    var task = WhisperTask.transcribe
    /// What was said before, which each window then is told of the one before it.
    var prompt: String?
    /// Words that may be said, which every window is told.
    var vocabulary: String?
    /// The one temperature, or the first of several.
    var temperature: Double?
    /// How to search.
    var search = SearchOptions()
    /// When somebody speaks in it, in seconds from its start; nil when it is not known.
    var speech: [ClosedRange<Double>]?
    /// Whether only the language is wanted.
    var isForLanguage = false

    /// How many texts are followed at a time.
    var width: Int { isForLanguage ? 1 : WindowDecoding.width(search) }
}

/// What a window says about its language.
struct LanguageEvidence: Sendable {
    /// Of the whole window.
    var window: LanguageScores
    /// Of its pieces, if there are several.
    var pieces: [LanguageTracker.Piece]
}

/// What becomes of a window whose language was measured.
enum LanguageDecision: Sendable {
    /// It is written in this language.
    case write(LanguageTracker.Verdict)
    /// The passage is not written: its pieces are in these languages, one for each.
    case split([String])
    /// The passage is not written: it is not in the language that it was taken for.
    case reject
}

/// What was said in a passage.
struct PassageResult: Sendable {
    /// Segments with words; times from the start of the passage.
    var segments: [TranscriptWindows.Finished] = []
    /// The length of the passage.
    var seconds = 0.0
    /// In what language each segment is; empty when it was given.
    var spoken: [LanguageTracker.Verdict] = []
    /// The languages that were considered; nil when one was given.
    var languages: LanguageScores?
    /// The languages of the pieces, when the passage is to be written in parts.
    var split: [String] = []
    /// Whether nothing was written because of the language.
    var isRejected = false
}

/// Runs passages of any number of recordings on one model, token by token together: one that ends makes room for another
/// (continuous batching, after Yu et al. 2022, "Orca").
///
/// The model computes on a thread of its own, with the threads of its team.
final class WhisperBatcher: Sendable {
    fileprivate struct Submission: Sendable {
        /// The same for all passages of a batch.
        var batch: UInt64
        var request: PassageRequest
        var isCancelled: @Sendable () -> Bool
        var completion: @Sendable (Result<PassageResult, RecognitionError>) -> Void
    }

    fileprivate final class Queue: Sendable {
        struct State {
            var waiting: [Submission] = []
            var batches: UInt64 = 0
            var isClosed = false
        }
        let state = Mutex(State())
        let signal = Condition()

        /// The next passage: nil when there is none, or no room for it; waits for one, or for the end, if told to.
        ///
        /// - Parameters:
        ///   - running: How many passages of each batch are being written: the batch with the fewest comes next, so
        ///     that a long recording does not hold up a short one.
        ///   - room: How many texts there is room for. A passage that wants more holds up the others, or it might never
        ///     have its turn.
        func next(waiting: Bool, running: [UInt64: Int], room: Int) -> Submission? {
            func take() -> Submission?? {
                state.withLock { state in
                    let next = state.waiting.indices.min {
                        running[state.waiting[$0].batch, default: 0] < running[state.waiting[$1].batch, default: 0]
                    }
                    if let next {
                        let fits = state.waiting[next].request.width <= room
                        return .some(fits ? state.waiting.remove(at: next) : nil)
                    }
                    return state.isClosed || !waiting ? .some(nil) : nil
                }
            }
            return signal.wait(until: take)
        }

        var isClosed: Bool { state.withLock { $0.isClosed } }
    }

    private let queue = Queue()

    /// Starts the thread.
    ///
    /// - Parameter shortensWindows: See ``WhisperRecognizer/Configuration/shortensWindows``.
    init(_ parts: WhisperParts, shortensWindows: Bool = false) {
        Thread.start(name: "whisper", stackSize: 8 << 20) { [queue] in
            BatchWorker(parts, shortensWindows: shortensWindows, queue).run()
        }
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
        for try await result in run([request], isCancelled: isCancelled) { return result }
        throw RecognitionError.cancelledByCaller
    }

    /// Writes the passages of a recording down, as many together as there is room for.
    ///
    /// - Parameter isCancelled: Asked before each token.
    /// - Returns: What was said in each passage, in their order, as soon as it and all before it are done. Ends with the
    ///   ``RecognitionError`` of the first passage that has one.
    func run(
        _ requests: [PassageRequest], isCancelled: @escaping @Sendable () -> Bool
    ) -> AsyncThrowingStream<PassageResult, any Error> {
        let (stream, continuation) = AsyncThrowingStream<PassageResult, any Error>.makeStream()
        guard !requests.isEmpty else {
            continuation.finish()
            return stream
        }
        let order = Mutex(ResultOrder(count: requests.count))
        queue.state.withLock { state in
            state.batches += 1
            for (index, request) in requests.enumerated() {
                let submission = Submission(batch: state.batches, request: request, isCancelled: isCancelled) {
                    result in
                    order.withLock { order in
                        for ready in order.take(result, at: index) { continuation.yield(with: ready) }
                        if order.isComplete { continuation.finish() }
                    }
                }
                state.waiting.append(submission)
            }
        }
        queue.signal.notifyAll()
        return stream
    }

    /// Puts results into the order of their passages.
    private struct ResultOrder {
        private var early: [Int: Result<PassageResult, any Error>] = [:]
        private var next = 0
        private let count: Int

        init(count: Int) { self.count = count }

        var isComplete: Bool { next == count }

        /// Takes the result of a passage; gives those whose turn has come.
        mutating func take(
            _ result: Result<PassageResult, RecognitionError>, at index: Int
        ) -> [Result<PassageResult, any Error>] {
            early[index] = result.mapError { $0 as any Error }
            var ready: [Result<PassageResult, any Error>] = []
            while let result = early.removeValue(forKey: next) {
                ready.append(result)
                next += 1
            }
            return ready
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
        /// Whisper's code of what the window is written in.
        var language: String?
        var verdict: LanguageTracker.Verdict?
        /// Of each segment so far.
        var spoken: [LanguageTracker.Verdict] = []
        /// Of each window whose language was measured, with its frames.
        var measured: [(scores: LanguageScores, weight: Double)] = []
        var audio: WhisperWindow?
        var decoding: WindowDecoding?
        var step: WindowDecoding.Step?
        var windowNumber: UInt64 = 0
    }

    private let parts: WhisperParts
    private let shortensWindows: Bool
    private let queue: WhisperBatcher.Queue
    private let decoder: WhisperDecoder
    private var passages: [Passage] = []
    private var freeSlots: [Int]

    init(_ parts: WhisperParts, shortensWindows: Bool, _ queue: WhisperBatcher.Queue) {
        self.parts = parts
        self.shortensWindows = shortensWindows
        self.queue = queue
        decoder = WhisperDecoder(model: parts.model, slots: parts.slots)
        freeSlots = Array((0..<parts.slots).reversed())
    }

    /// Works until the queue is closed and empty.
    func run() {
        while true {
            let running = passages.reduce(into: [:]) { $0[$1.submission.batch, default: 0] += 1 }
            if passages.count < WhisperParts.mostPassages,
                let submission = queue.next(waiting: passages.isEmpty, running: running, room: freeSlots.count)
            {
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
        let request = submission.request
        let slots = Array(freeSlots.suffix(request.width).reversed())
        freeSlots.removeLast(slots.count)
        let spectrogram = LogMelSpectrogram(
            of: request.samples, bins: parts.model.configuration.melBins, padding: LogMelSpectrogram.windowSamples)
        var windows = TranscriptWindows(
            contentFrames: request.samples.count / LogMelSpectrogram.hop, tokenizer: parts.tokenizer,
            initialPrompt: request.prompt.flatMap { $0.isEmpty ? nil : $0 })
        windows.thresholds = thresholds(request)
        if let speech = request.speech, !request.search.ignoresEndOfText {
            windows.hallucinationGuard = HallucinationGuard(speech: speech)
        }
        windows.usesTimestamps = request.search.usesTimestamps
        windows.conditionsOnPreviousText = request.prompt.map { !$0.isEmpty } ?? false
        passages.append(
            Passage(
                submission: submission, spectrogram: spectrogram, slots: slots, windows: windows,
                language: parts.tokenizer.isMultilingual ? request.language : "en"))
        begin(passages.count - 1)
    }

    private func thresholds(_ request: PassageRequest) -> DecodingThresholds {
        var thresholds = DecodingThresholds()
        let start = Float(request.temperature ?? 0)
        thresholds.temperatures =
            request.search.fallsBack ? [start] + thresholds.temperatures.filter { $0 > start } : [start]
        if request.search.ignoresEndOfText {
            // A text that must not end where it does is always a bad one.
            thresholds.noSpeech = nil
            thresholds.temperatures = [start]
        }
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
        freeSlots += passage.slots.reversed()
        passage.submission.completion(result)
    }

    /// Begins the next window of a passage, or ends the passage.
    private func begin(_ index: Int) {
        guard let window = passages[index].windows.next else {
            return end(index, .success(result(of: passages[index])))
        }
        // What follows the recording is silence, as in the model's training and in transformers; openai-whisper's
        // transcribe() puts zeros there, which a spectrogram of silence does not have.
        let frames = frames(of: window)
        let input = passages[index].spectrogram.window(from: window.seek, frames: frames, size: frames)
        let states = parts.model.encode(input.values)
        let audio = parts.model.window(for: states)
        passages[index].audio = audio
        let request = passages[index].submission.request
        if needsLanguage(passages[index], window) {
            let scores = languages(of: audio, slot: passages[index].slots[0])
            passages[index].measured.append((scores, Double(window.frames)))
            let pieces = window.seek == 0 ? self.pieces(of: passages[index], states) : []
            let best = scores.best.map { LanguageTracker.Verdict(code: $0.code, probability: $0.probability) }
            let decision = request.decide?(LanguageEvidence(window: scores, pieces: pieces)) ?? best.map { .write($0) }
            switch decision {
            case .write(let verdict):
                passages[index].verdict = verdict
                passages[index].language = verdict.code
            case .split(let languages):
                var result = result(of: passages[index])
                result.split = languages
                return end(index, .success(result))
            case .reject:
                var result = result(of: passages[index])
                result.isRejected = true
                return end(index, .success(result))
            case nil: passages[index].language = passages[index].language ?? "en"
            }
        }
        if request.isForLanguage { return end(index, .success(result(of: passages[index]))) }
        do throws(RecognitionError) {
            let start = try parts.tokenizer.startSequence(
                language: passages[index].language ?? "en", task: request.task,
                timestamps: request.search.usesTimestamps)
            let context = parts.model.configuration.textPositions
            let decoding = WindowDecoding(
                prompt: parts.tokenizer.prompt(
                    previous: window.previousTokens,
                    terms: request.vocabulary.map { parts.tokenizer.encode(" " + $0) } ?? [], start: start,
                    contextLength: context),
                contextLength: context, request.search, parts.rules(withTimestamps: request.search.usesTimestamps),
                passages[index].windows.thresholds, parts.tokenizer, seed: passages[index].windowNumber)
            passages[index].windowNumber += 1
            passages[index].decoding = decoding
            passages[index].step = decoding.first
        } catch {
            end(index, .failure(error))
        }
    }

    /// How many frames of a window are computed.
    ///
    /// A shortened one has at least a second of the silence that the model knows ends of speech by, and ends where a
    /// panel of 64 positions does, which costs no more.
    private func frames(of window: TranscriptWindows.Window) -> Int {
        let all = parts.model.configuration.frames
        guard shortensWindows else { return all }
        return min(all, (window.frames + 100 + 127) / 128 * 128)
    }

    private func result(of passage: Passage) -> PassageResult {
        PassageResult(
            segments: passage.windows.segments,
            seconds: Double(passage.submission.request.samples.count) / Double(Waveform.speechRate),
            spoken: passage.spoken,
            languages: passage.measured.isEmpty ? nil : LanguageScores(mixing: passage.measured))
    }

    /// Whether the language of a window is measured: of the first, if it was not given, and of later ones in a passage
    /// without a pause that is longer than a window.
    private func needsLanguage(_ passage: Passage, _ window: TranscriptWindows.Window) -> Bool {
        let request = passage.submission.request
        guard parts.tokenizer.isMultilingual, request.language == nil else { return request.isForLanguage }
        return window.seek == 0
            || request.samples.count > LogMelSpectrogram.windowSamples && window.frames >= Self.leastFramesForLanguage
    }

    private static let leastFramesForLanguage = 500

    /// The languages of the pieces, if there are several: each heard by itself in what was computed of the whole window,
    /// which costs next to nothing.
    private func pieces(of passage: Passage, _ states: Tensor) -> [LanguageTracker.Piece] {
        let pieces = passage.submission.request.pieces
        guard pieces.count > 1, passage.submission.request.decide != nil else { return [] }
        let step = 2 * LogMelSpectrogram.hop
        return pieces.compactMap { samples in
            let first = min(samples.lowerBound / step, states.shape[0] - 1)
            let end = min(max(samples.upperBound / step, first + 1), states.shape[0])
            let audio = parts.model.window(for: states, positions: first..<end)
            return LanguageTracker.Piece(
                scores: languages(of: audio, slot: passage.slots[0]),
                seconds: Double(samples.count) / Double(Waveform.speechRate))
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
            if let verdict = passages[index].verdict {
                let missing = passages[index].windows.segments.count - passages[index].spoken.count
                passages[index].spoken += Array(repeating: verdict, count: missing)
            }
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
        let positions = audio.positions
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
            text, probabilities: probabilities, starts: alignment.starts,
            language: passage.submission.request.task == .translate ? "en" : passage.language, tokenizer)
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
