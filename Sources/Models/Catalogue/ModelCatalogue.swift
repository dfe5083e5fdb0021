// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The models that are known by name.
public enum ModelCatalogue {
    /// All entries: for each task the best first, which is also the order in which an installed model is chosen.
    ///
    /// For transcription that is the order of word error rates that the models' cards and papers report (Radford et al.
    /// 2022, table 8 and appendix D; Gandhi et al. 2023, table 5), with `large-v3-turbo` before `large-v3`: nearly as
    /// right with 4 decoder layers instead of 32. Where a model for English only and one for all languages are alike in
    /// size, the one for English comes first; it is passed over when other languages are asked for.
    public static let entries: [CatalogueEntry] = speech + text + activity

    /// The entry of a name, if there is one.
    public static func entry(named name: String) -> CatalogueEntry? { byName[name] }

    /// The place of a model in the order of preference: lower is better. Models outside the catalogue come last.
    public static func rank(of name: ModelName) -> Int {
        entries.firstIndex { $0.name == name } ?? entries.count
    }

    private static let byName: [String: CatalogueEntry] = Dictionary(
        uniqueKeysWithValues: entries.map { ($0.name.text, $0) })

    private static let speech: [CatalogueEntry] = [
        whisper("large-v3-turbo", 809, WhisperLanguages.all, "large-v3 with 4 decoder layers", licence: "mit"),
        whisper("large-v3", 1550, WhisperLanguages.all, "the most accurate, and the slowest"),
        whisper("large-v2", 1550, WhisperLanguages.original, "the large model before v3"),
        distilled("large-v3.5", 756, "English, distilled from large-v3 on more data"),
        distilled("large-v3", 756, "English, distilled from large-v3"),
        distilled("large-v2", 756, "English, distilled from large-v2"),
        whisper("medium.en", 769, ["en"], "English only"),
        whisper("medium", 769, WhisperLanguages.original, "slow without many cores"),
        distilled("medium.en", 394, "English, distilled from medium.en"),
        whisper("small.en", 244, ["en"], "English only"),
        whisper("small", 244, WhisperLanguages.original, "a good middle on a few cores"),
        distilled("small.en", 166, "English, distilled from small.en"),
        whisper("base.en", 74, ["en"], "English only"),
        whisper("base", 74, WhisperLanguages.original, "fast; what set-up pulls"),
        whisper("tiny.en", 39, ["en"], "English only"),
        whisper("tiny", 39, WhisperLanguages.original, "the fastest, and the least accurate"),
    ].compactMap { $0 }

    private static let text: [CatalogueEntry] = [
        hub(
            "all-MiniLM-L6-v2", .textEmbedding, "apache-2.0", ["en"], 22.7, "sentence-transformers/all-MiniLM-L6-v2",
            "sentences to vectors of 384 numbers"),
        hub(
            "all-mpnet-base-v2", .textEmbedding, "apache-2.0", ["en"], 109.5, "sentence-transformers/all-mpnet-base-v2",
            "what the larger model of entailment is made of; sentences to vectors of 768 numbers"),
    ].compactMap { $0 }

    private static let activity: [CatalogueEntry] = [
        (try? ModelName("silero-vad")).map { name in
            CatalogueEntry(
                name: name, task: .voiceActivity, licence: "mit", languages: [], millionParameters: 0.3,
                source: .elsewhere(
                    how:
                        "Its authors publish it as a Python package: pip download --no-deps silero-vad, unzip the wheel, "
                        + "then oracy models import silero_vad/data --name silero-vad."),
                summary: "finds speech among other sounds")
        }
    ].compactMap { $0 }

    private static func whisper(
        _ size: String, _ parameters: Double, _ languages: [String], _ summary: String, licence: String = "apache-2.0"
    ) -> CatalogueEntry? {
        hub("whisper-" + size, .transcription, licence, languages, parameters, "openai/whisper-" + size, summary)
    }

    private static func distilled(_ size: String, _ parameters: Double, _ summary: String) -> CatalogueEntry? {
        hub("distil-" + size, .transcription, "mit", ["en"], parameters, "distil-whisper/distil-" + size, summary)
    }

    /// nil only when a name or repository above were mistyped; a test counts the entries.
    private static func hub(
        _ name: String, _ task: ModelTask, _ licence: String, _ languages: [String], _ parameters: Double,
        _ repository: String, _ summary: String
    ) -> CatalogueEntry? {
        guard let name = try? ModelName(name), let repository = HubRepository(repository) else { return nil }
        return CatalogueEntry(
            name: name, task: task, licence: licence, languages: languages, millionParameters: parameters,
            source: .hub(repository), summary: summary)
    }
}
