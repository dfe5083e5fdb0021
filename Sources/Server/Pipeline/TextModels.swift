// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
public import Assessment
import Inference
import Models
import Synchronization
import TextEncoders

/// Finds the models of texts that are installed, and makes the analyzer and the reader that use them.
///
/// Reads manifests and small descriptions only; a model is loaded when it is needed first.
public struct TextModels {
    private let configuration: ServerConfiguration
    private let threads: Int
    private let drugNames = DrugNames()

    /// Looks into the model store of a configuration.
    ///
    /// - Parameter threads: How many threads work on one text: 1 where many texts are measured at once.
    public init(_ configuration: ServerConfiguration, threads: Int) {
        self.configuration = configuration
        self.threads = threads
    }

    /// An analyzer with the models of sentence vectors, or with the reason that there is none.
    ///
    /// - Throws: `AnalysisError` when the analyzer can't be set up.
    public func analyzer() throws -> AnswerAnalyzer {
        switch find(.textEmbedding, "model of sentence vectors") {
        case .ready(let models):
            try AnswerAnalyzer(embedders: Self.reachable(models).map { SentenceEmbedder(model: lazy($0)) })
        case .missing(let reason): try AnswerAnalyzer(noEmbedder: reason)
        }
    }

    /// Without models that no text reaches, since those before know all their languages: some are there for what an adapter makes
    /// of them alone.
    private static func reachable(_ found: [Found]) -> [Found] {
        var known: Set<String> = []
        return found.filter { found in
            let languages = Set(found.model.manifest.languages)
            defer { known.formUnion(languages) }
            return languages.isEmpty || !languages.isSubset(of: known)
        }
    }

    /// A reader with the models of entities and tone, and the list of drug names.
    ///
    /// - Throws: `AnalysisError` when a list of drug names that was asked for can't be read.
    public func reader(_ analyzer: AnswerAnalyzer) throws -> AnswerReader {
        let taggers: AnswerReader.Part<[EntityTagger]> =
            switch find(.tokenClassification, "model of names and conditions") {
            case .ready(let models): .ready(models.map { EntityTagger(model: lazy($0)) })
            case .missing(let reason): .missing(reason)
            }
        let tones: AnswerReader.Part<[ToneClassifier]> =
            switch find(.textClassification, "model of tone") {
            case .ready(let models):
                .ready(
                    models.map {
                        // Adapters have a model card with figures; of other checkpoints nothing is known.
                        ToneClassifier(
                            model: lazy($0), neutralMargin: $0.neutralMargin ?? Self.neutralMargin,
                            validatedLanguages: $0.base == nil ? [] : Set($0.model.manifest.languages))
                    })
            case .missing(let reason): .missing(reason)
            }
        return AnswerReader(
            analyzer: analyzer, taggers: taggers, tones: tones, drugs: try drugNames.read(configuration))
    }

    /// An assessor with the analyzer's model of sentence vectors, the model of entailment and the list of drug names.
    ///
    /// - Throws: `AnalysisError` when a list of drug names that was asked for can't be read.
    public func assessor(_ analyzer: AnswerAnalyzer) throws -> Assessor {
        var drugs: DrugVocabulary?
        if case .ready(let names) = try drugNames.read(configuration) { drugs = names }
        return switch find(.textPairClassification, "model of entailment") {
        case .ready(let models):
            Assessor(analyzer: analyzer, drugs: drugs, entailment: models.map { EntailmentClassifier(model: lazy($0)) })
        case .missing(let reason): Assessor(analyzer: analyzer, drugs: drugs, noEntailment: reason)
        }
    }

    /// Up to this difference of probabilities a checkpoint without one of its own finds a sentence neutral.
    private static let neutralMargin = 0.05

    /// The list of drug names, which the reader and the assessor share.
    private final class DrugNames: Sendable {
        private let read = Mutex<AnswerReader.Part<DrugVocabulary>?>(nil)

        func read(_ configuration: ServerConfiguration) throws -> AnswerReader.Part<DrugVocabulary> {
            try read.withLock { read in
                if let read { return read }
                let found = try Self.find(configuration)
                read = found
                return found
            }
        }

        private static func find(_ configuration: ServerConfiguration) throws -> AnswerReader.Part<DrugVocabulary> {
            if let path = configuration.drugNames { return .ready(try DrugVocabulary(path: path)) }
            do throws(AnalysisError) {
                return .ready(try DrugVocabulary(path: configuration.home + "/drug-names.tsv"))
            } catch {
                return .missing("Without a list of drug names their spelling is not looked up: \(error.message)")
            }
        }
    }

    // MARK: What is installed

    /// An installed model with the model that it changes, if it is an adapter.
    private struct Found {
        var model: InstalledModel
        var base: InstalledModel?
        var neutralMargin: Double?
    }

    /// The usable models for a task, the best first: those of the catalogue and those that are made for certain languages
    /// before those for all, so that a language's own model is asked before one for many.
    private func find(_ task: ModelTask, _ name: String) -> AnswerReader.Part<[Found]> {
        do {
            let contents = try configuration.modelStore.contents()
            var found: [Found] = []
            var reasons: [String] = []
            for model in contents.models where model.task == task {
                guard model.fits() else {
                    reasons.append("The model \(model.name) is too large for this machine's memory.")
                    continue
                }
                do throws(TextEncoderError) {
                    guard let adapter = try AdapterDescription(folder: model.folder) else {
                        found.append(Found(model: model))
                        continue
                    }
                    let base = contents.models.first { $0.isBase(of: adapter) }
                    if let base, !base.fits() {
                        reasons.append("The model \(base.name) is too large for this machine's memory.")
                    } else if let base {
                        found.append(Found(model: model, base: base, neutralMargin: adapter.neutralMargin))
                    } else if let damaged = contents.problems.first(where: {
                        $0.manifest?.isBase(of: adapter) ?? false
                    }) {
                        reasons.append(
                            "The \(name), \(model.name), changes another model that can't be used: \(damaged.message)")
                    } else {
                        reasons.append(
                            "The \(name), \(model.name), changes another model that is not installed; see: oracy models list."
                        )
                    }
                } catch {
                    reasons.append("The \(name), \(model.name), can't be used: \(error.message)")
                }
            }
            for problem in contents.problems where problem.manifest?.task == task {
                reasons.append("The \(name) can't be used: \(problem.message)")
            }
            if found.isEmpty {
                return .missing(reasons.first ?? "No \(name) is installed; see: oracy models list.")
            }
            return .ready(
                found.filter { !$0.model.manifest.languages.isEmpty }
                    + found.filter { $0.model.manifest.languages.isEmpty })
        } catch {
            return .missing("The \(name) can't be used: \(error)")
        }
    }

    private func lazy(_ found: Found) -> LazyTextEncoder {
        let model = found.base ?? found.model
        let adapter = found.base == nil ? nil : found.model.folder
        let weights = model.manifest.file("model.safetensors")?.sha256
        let (threads, precision) = (threads, precision(of: found.model.task))
        return LazyTextEncoder(
            name: found.model.name.text, digest: found.model.digest, languages: found.model.manifest.languages,
            precision: precision
        ) { () throws(TextEncoderError) in
            try TextEncoder(
                .init(
                    folder: model.folder, precision: precision, threads: threads, adapter: adapter,
                    weightsDigest: weights))
        }
    }

    /// What a model computes with. Models of vectors and of entailment decide about marks, and are kept from 8 bits
    /// (docs/models.md).
    private func precision(of task: ModelTask) -> Precision {
        let chosen = configuration.textPrecision.numbers ?? .preferredForProducts
        let isForMarks = task == .textEmbedding || task == .textPairClassification
        return chosen == .int8 && isForMarks ? .preferredForProducts : chosen
    }
}
