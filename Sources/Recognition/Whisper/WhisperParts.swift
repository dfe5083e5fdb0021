// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Glibc
import Inference
import Tokenizers

/// A checkpoint with everything that decoding needs, read from its folder.
struct WhisperParts: Sendable {
    let model: WhisperModel
    let tokenizer: WhisperTokenizer
    /// The heads of the cross-attention that word times come from.
    let alignmentHeads: [WhisperDecoder.Head]
    private let generation: WhisperGeneration

    /// What people must know about the model; nil for nothing.
    var notice: String? { generation.notice }

    /// What its probabilities of words mean; nil when it is not known, and they are confidences as they are.
    var confidence: ConfidenceCalibration? { generation.confidence }

    /// Whether the model can write in English what is said in other languages.
    ///
    /// A checkpoint may say so itself (`oracy_tasks`). One whose decoder is much smaller than its encoder was distilled
    /// or pruned and trained on transcripts only (large-v3-turbo, distil-whisper): it writes the spoken language,
    /// whatever it is told.
    var translates: Bool {
        guard tokenizer.isMultilingual, tokenizer.translate != nil else { return false }
        return generation.tasks?.contains("translate")
            ?? (4 * model.configuration.decoderLayers > model.configuration.encoderLayers)
    }

    /// The most texts that are followed at a time, for a window.
    static let greatestWidth = 10

    /// The most passages that are worked on at once.
    static let mostPassages = 8

    /// Reads a folder in Hugging Face's layout; blocks while the weights are packed.
    ///
    /// - Throws: ``RecognitionError`` `modelMissing` or `modelInvalid`.
    init(folder: String, precision: Precision, threads: Int, isTrial: Bool = false) throws(RecognitionError) {
        model = try WhisperModel(
            folder: folder, precision: precision, team: ThreadTeam(threads: threads), isTrial: isTrial)
        let vocabulary: ByteLevelBPE
        do throws(TokenizerError) {
            vocabulary = try ByteLevelBPE(folder: folder)
        } catch {
            throw RecognitionError(.modelInvalid, error.description)
        }
        let path = folder + "/generation_config.json"
        generation =
            access(path, F_OK) == 0 ? try WhisperGeneration(parsing: Self.read(path)) : WhisperGeneration()
        tokenizer = try WhisperTokenizer(vocabulary, isMultilingual: generation.isMultilingual)
        let configuration = model.configuration
        guard configuration.audioPositions * 2 == LogMelSpectrogram.windowFrames, configuration.textPositions >= 64
        else {
            throw RecognitionError(
                .modelInvalid,
                "config.json: max_source_positions must be 1500 (windows of 30 s) and max_target_positions at least 64."
            )
        }
        // Some vocabularies are padded; none may be too small for the tokens that will be fed.
        guard tokenizer.timestampBegin + WhisperTokenizer.timestampCount <= configuration.vocabulary,
            vocabulary.vocabularySize <= configuration.vocabulary
        else {
            throw RecognitionError(
                .modelInvalid, "The tokenizer has more tokens than the model: they do not belong together.")
        }
        let heads = (0..<configuration.decoderHeads)
        // Without better knowledge, the heads of the upper half (openai-whisper, model.py).
        let pairs =
            generation.alignmentHeads
            ?? (configuration.decoderLayers / 2..<configuration.decoderLayers).flatMap { layer in
                heads.map { [layer, $0] }
            }
        alignmentHeads = pairs.filter { $0[0] < configuration.decoderLayers && $0[1] < configuration.decoderHeads }
            .map { WhisperDecoder.Head(layer: $0[0], head: $0[1]) }
    }

    /// What may not be written.
    func rules(withTimestamps: Bool) -> LogitRules {
        LogitRules(
            tokenizer, suppressed: generation.suppressed, suppressedAtBegin: generation.suppressedAtBegin,
            withTimestamps: withTimestamps)
    }

    /// How many texts are followed at once, those of all passages together: as many as ``mostPassages`` may want, or as
    /// have their keys and values in 1 GiB. Memory is taken when a text needs it.
    var slots: Int {
        let configuration = model.configuration
        let bytes =
            2 * configuration.decoderLayers * configuration.textPositions * configuration.width
            * model.decoder.storePrecision.numberSize
        return max(Self.greatestWidth, min(Self.mostPassages * Self.greatestWidth, (1 << 30) / bytes))
    }

    /// How many passages are worked on at once if each follows as many texts as by default.
    var capacity: Int { min(Self.mostPassages, slots / WindowDecoding.width(SearchOptions())) }

    private static func read(_ path: String) throws(RecognitionError) -> [UInt8] {
        do throws(InferenceError) {
            return try WeightFiles.bytes(ofFile: path, limit: 16 << 20)
        } catch {
            throw RecognitionError(error)
        }
    }
}
