// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Assessment
import Models
import TextEncoders

/// Finds the models of texts that are installed, and makes the analyzer and the reader that use them.
///
/// Reads manifests and small descriptions only; a model is loaded when it is needed first.
public struct TextModels {
    private let configuration: ServerConfiguration
    private let threads: Int

    /// Looks into the model store of a configuration.
    ///
    /// - Parameter threads: How many threads work on one text: 1 where many texts are measured at once.
    public init(_ configuration: ServerConfiguration, threads: Int) {
        self.configuration = configuration
        self.threads = threads
    }

    /// An analyzer with the best model of sentence vectors, or with the reason that there is none.
    ///
    /// - Throws: `AnalysisError` when the analyzer can't be set up.
    public func analyzer() throws -> AnswerAnalyzer {
        switch find(.textEmbedding, "model of sentence vectors") {
        case .ready(let model): try AnswerAnalyzer(embedder: SentenceEmbedder(model: lazy(model)))
        case .missing(let reason): try AnswerAnalyzer(noEmbedder: reason)
        }
    }

    /// A reader with the best models of entities and tone, and the list of drug names.
    ///
    /// - Throws: `AnalysisError` when a list of drug names that was asked for can't be read.
    public func reader(_ analyzer: AnswerAnalyzer) throws -> AnswerReader {
        let tagger: AnswerReader.Part<EntityTagger> =
            switch find(.tokenClassification, "model of names and conditions") {
            case .ready(let model): .ready(EntityTagger(model: lazy(model)))
            case .missing(let reason): .missing(reason)
            }
        let tone: AnswerReader.Part<ToneClassifier> =
            switch find(.textClassification, "model of tone") {
            case .ready(let model):
                .ready(ToneClassifier(model: lazy(model), neutralMargin: model.neutralMargin ?? Self.neutralMargin))
            case .missing(let reason): .missing(reason)
            }
        return AnswerReader(analyzer: analyzer, tagger: tagger, tone: tone, drugs: try drugs())
    }

    /// An assessor with the analyzer's model of sentence vectors and the list of drug names.
    ///
    /// - Throws: `AnalysisError` when a list of drug names that was asked for can't be read.
    public func assessor(_ analyzer: AnswerAnalyzer) throws -> Assessor {
        Assessor(analyzer: analyzer, drugs: try drugs())
    }

    /// Up to this difference of probabilities a checkpoint without one of its own finds a sentence neutral.
    private static let neutralMargin = 0.05

    private func drugs() throws -> DrugVocabulary? {
        if let path = configuration.drugNames { return try DrugVocabulary(path: path) }
        return try? DrugVocabulary(path: configuration.home + "/drug-names.tsv")
    }

    // MARK: What is installed

    /// An installed model with the model that it changes, if it is an adapter.
    private struct Found {
        var model: InstalledModel
        var base: InstalledModel?
        var neutralMargin: Double?
    }

    private func find(_ task: ModelTask, _ name: String) -> AnswerReader.Part<Found> {
        do {
            let store = configuration.modelStore
            guard let model = try store.best(for: task) else {
                return .missing("No \(name) is installed; see: oracy models list.")
            }
            guard let adapter = try AdapterDescription(folder: model.folder) else {
                return .ready(Found(model: model))
            }
            let base = try store.contents().models.first {
                $0.manifest.file("model.safetensors")?.sha256 == adapter.baseDigest
            }
            guard let base else {
                return .missing(
                    "The \(name), \(model.name), changes another model that is not installed; see: oracy models list.")
            }
            return .ready(Found(model: model, base: base, neutralMargin: adapter.neutralMargin))
        } catch {
            return .missing("The \(name) can't be used: \(error)")
        }
    }

    private func lazy(_ found: Found) -> LazyTextEncoder {
        let model = found.base ?? found.model
        let adapter = found.base == nil ? nil : found.model.folder
        let weights = model.manifest.file("model.safetensors")?.sha256
        let threads = threads
        return LazyTextEncoder(
            name: found.model.name.text, digest: found.model.digest, languages: found.model.manifest.languages
        ) { () throws(TextEncoderError) in
            try TextEncoder(
                .init(folder: model.folder, threads: threads, adapter: adapter, weightsDigest: weights))
        }
    }
}
