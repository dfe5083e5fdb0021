// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// All measures there are, in order of display.
public enum MeasureCatalogue {
    /// Every measure. Not every answer has each of them: some need a recording, an expected answer or a language.
    public static let all: [MeasureDescriptor] = [
        .snr, .clipping, .speechShare, .level, .meanConfidence, .lowConfidence,
        .speechRate, .characterRate, .syllableRate, .articulationRate, .phonationRatio, .pauseCount, .pauseRate,
        .pauseMean, .pauseMedian, .pauseMax, .longPauses, .pauseMidClause, .runLength, .runLengthWords, .fillerRate,
        .fillersPerWords, .repairRate, .responseLatency, .trailingSilence, .timeUsed,
        .languageProbability, .wordCount, .sentenceCount, .sentenceLength, .wordSyllables, .characterCount,
        .sentenceCharacters, .fleschReadingEase, .fleschKincaid, .gunningFog, .smog, .ari, .colemanLiau, .lix, .rix,
        .fernandezHuerta, .szigrisztPazos, .gutierrezPolini, .crawford, .kandelMoles, .amstad, .wiener1, .wiener2,
        .wiener3, .wiener4, .gulpease, .fleschVacca, .douma, .martins, .oborneva, .fleschHungarian, .osman,
        .typeTokenRatio, .guiraud, .mattr, .mtld, .hdd, .lexicalDensity, .wordLength, .connectives, .hedges, .certainty,
        .tfidfCosine, .embeddingCosine, .rougeL, .rougeLF1,
    ]

    private static let byKey: [String: MeasureDescriptor] = Dictionary(
        all.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })

    /// The measure with a key, or nil when there is none (any more).
    public static func descriptor(for key: String) -> MeasureDescriptor? { byKey[key] }

    /// The measures of one group, in the order they are given in.
    public static func measures(_ measures: [Measure], in group: MeasureDescriptor.Group) -> [Measure] {
        measures.filter { byKey[$0.key]?.group == group }
    }
}
