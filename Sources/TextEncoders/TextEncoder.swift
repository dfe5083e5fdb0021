// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Inference
import JSON
import Synchronization
public import Tokenizers

/// A text encoder of a Hugging Face folder: BERT, DistilBERT, MPNet, RoBERTa, XLM-R and what shares their architecture, such
/// as MiniLM, with the head that the checkpoint or an adapter has.
///
/// Texts are taken in batches: the more in one call, the better. Texts that are longer than the encoder are cut into
/// windows (weights/FORMAT.md). All calls block until they are done: call them on a thread of one's own, never on the
/// cooperative pool. Any number of threads may call at once.
///
/// ```swift
/// let encoder = try TextEncoder(.init(folder: "models/all-MiniLM-L6-v2"))
/// let vectors = encoder.embed(["Take one tablet with food.", "One pill at each meal."])
/// TextEncoder.cosine(vectors[0], vectors[1])
/// ```
public final class TextEncoder: Sendable {
    /// What an encoder is made of.
    public struct Configuration: Sendable {
        /// The model's folder.
        public var folder: String
        /// The numbers to compute with; nil for the best that this processor has. Vectors to compare are best made with
        /// floats or bfloat16: 8-bit integers move a cosine by up to 0.04.
        public var precision: Precision?
        /// How many threads work on one call.
        public var threads: Int
        /// The folder of an adapter that makes the encoder a model for one task, if there is one.
        public var adapter: String?
        /// The SHA-256 of `model.safetensors` where it is known; an adapter is used only with the weights it was made for.
        public var weightsDigest: String?

        /// Creates a configuration.
        public init(
            folder: String, precision: Precision? = nil, threads: Int = 1, adapter: String? = nil,
            weightsDigest: String? = nil
        ) {
            self.folder = folder
            self.precision = precision
            self.threads = threads
            self.adapter = adapter
            self.weightsDigest = weightsDigest
        }
    }

    /// A text's tokens with what the encoder makes of each, and of the whole.
    public struct EncodedText: Sendable {
        /// The tokens, without those of the template, with offsets in the text.
        public var tokens: TokenizedText
        /// The last states of the tokens, [tokens, width].
        public var states: [Float]
        /// The vector that ``TextEncoder/embed(_:)`` gives, [width].
        public var vector: [Float]
    }

    /// A text's tokens with the classes of each.
    public struct TaggedText: Sendable {
        /// The tokens, without those of the template, with offsets in the text.
        public var tokens: TokenizedText
        /// A score for each of ``TextEncoder/labels``, [tokens, labels].
        public var logits: [Float]
    }

    /// A text beside another.
    public struct TextPair: Sendable, Hashable {
        /// Such as a statement.
        public var first: String
        /// Such as what somebody says.
        public var second: String

        /// Creates a pair.
        public init(_ first: String, _ second: String) {
            self.first = first
            self.second = second
        }
    }

    /// What the model gives beside vectors and states.
    public let task: EncoderTask
    /// The classes that ``classify(_:)``, ``classify(pairs:)`` or ``tag(_:)`` scores, in order; empty without a head.
    public let labels: [String]
    /// The numbers of a vector.
    public let width: Int
    /// The numbers that are computed with.
    public let precision: Precision
    /// The most tokens of one window, without those of the template.
    public let longestWindow: Int
    /// How texts become tokens.
    public let tokenizer: TextTokenizer

    private let stack: EncoderStack
    private let head: EncoderHead?
    private let pooling: SentencePooling
    private let poolsStates: Bool
    private let tokenTypes: TextAdapter.TokenTypes
    private let team: ThreadTeam

    /// Loads a model. Takes from a tenth of a second to some seconds, and blocks.
    ///
    /// - Throws: ``TextEncoderError`` when files are missing, damaged, or not of an encoder that is known here.
    public convenience init(_ configuration: Configuration) throws(TextEncoderError) {
        try self.init(configuration, isTrial: false)
    }

    /// Reads and checks everything that loading a model needs, and more: that no number of its weights is infinite, and that no
    /// part of the encoder would be left out. Takes as long as loading, and the memory of one layer.
    ///
    /// - Returns: What the model gives, and its classes.
    /// - Throws: ``TextEncoderError``, as loading does.
    public static func check(_ configuration: Configuration) throws(TextEncoderError) -> (
        task: EncoderTask, labels: [String]
    ) {
        let encoder = try TextEncoder(configuration, isTrial: true)
        return (encoder.task, encoder.labels)
    }

    /// Reads and checks what can be of an adapter without the model that it changes.
    ///
    /// - Returns: What the model gives, and its classes.
    /// - Throws: ``TextEncoderError`` when its files are missing or damaged.
    public static func check(adapter folder: String) throws(TextEncoderError) -> (task: EncoderTask, labels: [String]) {
        let adapter = try TextAdapter(folder: folder)
        return (adapter.task, adapter.labels)
    }

    private init(_ configuration: Configuration, isTrial: Bool) throws(TextEncoderError) {
        let folder = ModelFolder(path: configuration.folder)
        let shape = try EncoderConfiguration(try folder.object("config.json"), folder: folder.path)
        let adapter = try configuration.adapter.map { path throws(TextEncoderError) in try TextAdapter(folder: path) }
        try adapter?.check(shape) { () throws(TextEncoderError) in
            if let digest = configuration.weightsDigest { return digest }
            return try folder.digest(of: "model.safetensors")
        }
        tokenizer = try folder.tokenizer()
        guard tokenizer.vocabularySize <= shape.vocabulary else {
            throw TextEncoderError(
                .malformed,
                "\(folder.path): tokenizer.json has \(tokenizer.vocabularySize) tokens, but the model only "
                    + "\(shape.vocabulary); are the files of one model?")
        }
        pooling = try SentencePooling(folder, width: shape.width)
        precision = configuration.precision ?? .preferredForProducts
        let files: WeightFiles
        do {
            files = try WeightFiles(folder: folder.path)
        } catch {
            throw ModelFolder.error(error)
        }
        let weights = try EncoderWeights(files, shape, adapter: adapter)
        stack = try EncoderStack(
            shape, weights, types: adapter?.types(of: shape.types) ?? shape.types, precision: precision,
            isTrial: isTrial)
        if let adapter {
            task = adapter.task
            head = try EncoderHead(adapter, width: shape.width)
        } else if shape.className.hasSuffix("ForSequenceClassification") {
            task = .classify
            head = try EncoderHead(.classify, weights, shape)
        } else if shape.className.hasSuffix("ForTokenClassification") {
            task = .tag
            head = try EncoderHead(.tag, weights, shape)
        } else {
            task = .embed
            head = nil
        }
        poolsStates = adapter != nil
        tokenTypes = adapter?.tokenTypes ?? .zero
        labels = head?.labels ?? []
        width = shape.width
        let around = tokenizer.template.before.count + tokenizer.template.after.count
        longestWindow = min(shape.longest, adapter?.longest ?? pooling.longest ?? .max) - around
        guard longestWindow > 0 else {
            throw TextEncoderError(.malformed, "\(folder.path): the template leaves no room for text.")
        }
        team = ThreadTeam(threads: max(1, configuration.threads))
    }

    // MARK: What it gives

    /// The vectors of texts, [width] each: the mean of the tokens' states or the first one's, as the model's folder says.
    ///
    /// A text of several windows has the mean of their vectors, weighted by their numbers of tokens.
    public func embed(_ texts: [String]) -> [[Float]] {
        let batch = Batch(texts, self)
        let windows = collect(batch.inputs, empty: [Float](repeating: 0, count: width)) { window, states, _ in
            pooled(states, window, of: batch)
        }
        return vectors(of: batch, windows: windows)
    }

    /// The last states of texts' tokens, and the texts' vectors.
    public func encode(_ texts: [String]) -> [EncodedText] {
        let batch = Batch(texts, self)
        let before = tokenizer.template.before.count
        let windows = collect(batch.inputs, empty: (states: [Float](), vector: [Float](repeating: 0, count: width))) {
            window, states, _ in
            let count = batch.windows[window].tokens.count
            return (
                states: Array(UnsafeBufferPointer(start: states + before * width, count: count * width)),
                vector: pooled(states, window, of: batch)
            )
        }
        var results = zip(batch.texts, vectors(of: batch, windows: windows.map(\.vector))).map {
            EncodedText(tokens: $0, states: [], vector: $1)
        }
        for (window, read) in zip(batch.windows, windows) {
            // Most texts have one window, whose states need no copy.
            if results[window.text].states.isEmpty {
                results[window.text].states = read.states
            } else {
                results[window.text].states += read.states
            }
        }
        return results
    }

    /// The vector of one window, times the number of its tokens.
    private func pooled(_ states: UnsafePointer<Float>, _ window: Int, of batch: Batch) -> [Float] {
        var vector = [Float](repeating: 0, count: width)
        vector.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            pooling.add(
                states, tokens: batch.inputs[window].ids.count, width: width, weight: batch.weight(of: window),
                to: start)
        }
        return vector
    }

    /// The vectors of texts by those of their windows.
    private func vectors(of batch: Batch, windows: [[Float]]) -> [[Float]] {
        var sums = [Float](repeating: 0, count: batch.texts.count * width)
        for (window, vector) in zip(batch.windows, windows) {
            for index in 0..<width { sums[window.text * width + index] += vector[index] }
        }
        return batch.texts.indices.map { text in
            var vector = Array(sums[text * width..<(text + 1) * width])
            if pooling.normalizes {
                Self.normalize(&vector)
            } else {
                let weight = max(1, Float(batch.texts[text].count))
                for index in vector.indices { vector[index] /= weight }
            }
            return vector
        }
    }

    /// The scores of texts for each of ``labels``, before any softmax; empty where the model has none for texts.
    ///
    /// A text of several windows has the mean of their scores, weighted by their numbers of tokens.
    public func classify(_ texts: [String]) -> [[Float]] {
        guard task == .classify, let head else { return texts.map { _ in [] } }
        let batch = Batch(texts, self)
        let logits = logits(of: batch.inputs, head)
        var results = texts.map { _ in [Float](repeating: 0, count: labels.count) }
        // To an adapter a text without tokens says nothing (weights/FORMAT.md).
        for (number, window) in batch.windows.enumerated() where !poolsStates || !window.tokens.isEmpty {
            let share = batch.weight(of: number) / max(1, Float(batch.texts[window.text].count))
            for label in labels.indices { results[window.text][label] += share * logits[number][label] }
        }
        return results
    }

    /// The scores of pairs of texts for each of ``labels``, before any softmax; empty where the model has none for pairs.
    ///
    /// What is too long is left out (weights/FORMAT.md): a first text's end from its 49th token on, a second one's where the
    /// window is full.
    public func classify(pairs: [TextPair]) -> [[Float]] {
        guard task == .classifyPairs, let head else { return pairs.map { _ in [] } }
        var known: [String: [Int]] = [:]
        func ids(_ text: String) -> [Int] {
            if let ids = known[text] { return ids }
            let ids = tokenizer.tokenize(text).ids
            known[text] = ids
            return ids
        }
        let (before, after) = (tokenizer.template.before, tokenizer.template.after)
        let inputs = pairs.map { pair in
            let first = ids(pair.first).prefix(Self.longestFirst)
            let second = ids(pair.second).prefix(max(0, longestWindow - after.count - first.count))
            let (head, tail) = (before + first + after, second + after)
            return EncoderInput(
                ids: (head + tail).map { Int32(truncatingIfNeeded: $0) },
                types: [Int32](repeating: 0, count: head.count) + [Int32](repeating: 1, count: tail.count))
        }
        return logits(of: inputs, head)
    }

    private static let longestFirst = 48

    /// What the head makes of each sequence: of its first state, or with an adapter of the mean of all.
    private func logits(of inputs: [EncoderInput], _ head: EncoderHead) -> [[Float]] {
        collect(inputs, empty: [Float](repeating: 0, count: labels.count)) { index, states, scratch in
            guard poolsStates else { return head.logits(states, count: 1, width: width, scratch) }
            var mean = [Float](repeating: 0, count: width)
            return mean.withUnsafeMutableBufferPointer { buffer -> [Float] in
                guard let start = buffer.baseAddress else { return [] }
                let pooling = SentencePooling()
                pooling.add(states, tokens: inputs[index].ids.count, width: width, weight: 1, to: start)
                return head.logits(start, count: 1, width: width, scratch)
            }
        }
    }

    /// The scores of texts' tokens for each of ``labels``, before any softmax; empty where the model has none for tokens.
    public func tag(_ texts: [String]) -> [TaggedText] {
        let batch = Batch(texts, self)
        var results = batch.texts.map { TaggedText(tokens: $0, logits: []) }
        guard task == .tag, let head else { return results }
        let before = tokenizer.template.before.count
        let logits = collect(batch.inputs, empty: []) { window, states, scratch in
            head.logits(
                states + before * width, count: batch.windows[window].tokens.count, width: width, scratch)
        }
        for (window, logits) in zip(batch.windows, logits) { results[window.text].logits += logits }
        return results
    }

    /// The cosine of the angle between two vectors; 0 where one has no direction.
    public static func cosine(_ left: [Float], _ right: [Float]) -> Double {
        var (product, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(left, right) {
            product += Double(x) * Double(y)
            first += Double(x) * Double(x)
            second += Double(y) * Double(y)
        }
        let length = (first * second).squareRoot()
        return length > 0 ? max(-1, min(1, product / length)) : 0
    }

    private static func normalize(_ vector: inout [Float]) {
        let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0 else { return }
        for index in vector.indices { vector[index] = Float(Double(vector[index]) / length) }
    }

    // MARK: Batches

    /// Texts as the encoder takes them.
    private struct Batch {
        struct Window {
            var text: Int
            var tokens: Range<Int>
        }

        var texts: [TokenizedText] = []
        var windows: [Window] = []
        var inputs: [EncoderInput] = []

        init(_ strings: [String], _ encoder: TextEncoder) {
            for string in strings {
                let text = encoder.tokenizer.tokenize(string)
                let cases = encoder.tokenTypes == .letterCase ? LetterCase(string, text) : nil
                for tokens in TokenWindows.windows(of: text, longest: encoder.longestWindow) {
                    windows.append(Window(text: texts.count, tokens: tokens))
                    inputs.append(encoder.input(text, tokens, cases))
                }
                texts.append(text)
            }
        }

        /// How much a window counts among those of its text.
        func weight(of window: Int) -> Float { Float(max(1, windows[window].tokens.count)) }
    }

    private func input(_ text: TokenizedText, _ tokens: Range<Int>, _ cases: LetterCase?) -> EncoderInput {
        let template = tokenizer.template
        var input = EncoderInput(ids: template.frame(text.ids[tokens]).map { Int32(truncatingIfNeeded: $0) })
        if let cases {
            input.types = template.before.map { _ in cases.around } + cases.types[tokens]
            input.types += template.after.map { _ in cases.around }
        }
        return input
    }

    /// What `body` makes of each sequence, in their order; `empty` of one without any token.
    ///
    /// Sequences that are the same are computed once: a text of one word a hundred thousand times costs what one window does.
    private func collect<Result: Sendable>(
        _ inputs: [EncoderInput], empty: Result, _ body: (_ index: Int, UnsafePointer<Float>, Scratch) -> Result
    ) -> [Result] {
        var places: [EncoderInput: Int] = [:]
        var first: [Int] = []
        let place = inputs.enumerated().map { index, input in
            if let known = places[input] { return known }
            places[input] = first.count
            first.append(index)
            return first.count - 1
        }
        let results = Mutex([Result](repeating: empty, count: first.count))
        stack.run(first.map { inputs[$0] }, team: team) { index, states, scratch in
            let result = body(first[index], states, scratch)
            results.withLock { $0[index] = result }
        }
        let made = results.withLock { $0 }
        return place.map { made[$0] }
    }
}
