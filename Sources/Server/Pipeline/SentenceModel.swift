// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Analysis
import Models
import TextEncoders

/// Finds the model of sentence vectors that is installed.
public enum SentenceModel {
    /// The analyzer with the best model that is installed, or with the reason that there is none.
    ///
    /// Reads manifests only; the model is loaded when the first answers are compared.
    ///
    /// - Parameters:
    ///   - configuration: Names the model store.
    ///   - threads: How many threads work on one text: 1 where many texts are measured at once.
    public static func analyzer(_ configuration: ServerConfiguration, threads: Int) throws -> AnswerAnalyzer {
        let found: InstalledModel?
        do throws(ModelError) {
            found = try configuration.modelStore.best(for: .textEmbedding)
        } catch {
            return try AnswerAnalyzer(noEmbedder: "The model of sentence vectors can't be used: \(error.message)")
        }
        guard let model = found else {
            return try AnswerAnalyzer(noEmbedder: "No model of sentence vectors is installed; see: oracy models list.")
        }
        let folder = model.folder
        let weights = model.manifest.file("model.safetensors")?.sha256
        return try AnswerAnalyzer(
            embedder: SentenceEmbedder(
                name: model.name.text, digest: model.digest, languages: model.manifest.languages
            ) { () throws(TextEncoderError) in
                try TextEncoder(.init(folder: folder, threads: threads, weightsDigest: weights))
            })
    }
}
