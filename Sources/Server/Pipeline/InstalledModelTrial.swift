// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
public import Models
import Recognition
import TextEncoders

/// Tries whether a model can be used, by reading it as using it would.
public struct InstalledModelTrial: Sendable {
    private let store: ModelStore

    /// Takes the store, in which models may be that others change.
    public init(store: ModelStore) { self.store = store }

    /// What is wrong with a model and what to do, in sentences; nil for nothing.
    ///
    /// Blocks for some seconds with a large model.
    public var trial: ModelTrial {
        { model in
            do {
                switch model.task {
                case .transcription: try WhisperRecognizer.check(folder: model.folder)
                case .voiceActivity:
                    _ = try SileroDetector(weights: "\(model.folder)/\(SileroDetector.weightsName)")
                case .textEmbedding, .textClassification, .textPairClassification, .tokenClassification:
                    let found = try encoder(model)
                    try TextModelLabels.check(found.task, found.labels, for: model.task.use)
                }
                return nil
            } catch let error as TextEncoderError {
                return error.message.asSentence
            } catch let error as RecognitionError {
                return error.message.asSentence
            } catch {
                return "\(error)".asSentence
            }
        }
    }

    private func encoder(_ model: InstalledModel) throws -> (task: EncoderTask, labels: [String]) {
        guard let adapter = try AdapterDescription(folder: model.folder) else {
            return try TextEncoder.check(.init(folder: model.folder))
        }
        let base = try store.contents().models.first { $0.isBase(of: adapter) }
        guard let base else { return try TextEncoder.check(adapter: model.folder) }
        return try TextEncoder.check(
            .init(folder: base.folder, adapter: model.folder, weightsDigest: adapter.baseDigest))
    }
}

extension InstalledModel {
    /// Whether an adapter changes the weights of this model.
    func isBase(of adapter: AdapterDescription) -> Bool { manifest.isBase(of: adapter) }
}

extension ModelManifest {
    /// Whether an adapter changes the weights of this model.
    func isBase(of adapter: AdapterDescription) -> Bool { file("model.safetensors")?.sha256 == adapter.baseDigest }
}

extension ModelTask {
    /// What a model of texts is used for.
    fileprivate var use: TextModelLabels.Use {
        switch self {
        case .textClassification: .tone
        case .textPairClassification: .entailment
        case .tokenClassification: .names
        case .textEmbedding, .transcription, .voiceActivity: .vectors
        }
    }
}

extension String {
    /// With a full stop, and a capital where it begins with an ordinary word.
    fileprivate var asSentence: String { hasSuffix(".") || hasSuffix("?") ? self : self + "." }
}
