// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The measures of the group `similarity`.
extension MeasureDescriptor {
    static let tfidfCosine = MeasureDescriptor(
        "tfidf_cosine", .similarity, "Wording similarity", unit: "1",
        "How much your choice of words overlaps with the expected answer, from 0 to 1; it is not a mark: "
            + "saying the opposite in the same words scores high, and a good answer in other words scores low.")
    static let embeddingCosine = MeasureDescriptor(
        "embedding_cosine", .similarity, "Similarity of meaning", unit: "1",
        "How close your answer's meaning is to that of the expected answer as a language model sees it, at most 1; it is "
            + "not a mark: the model hardly notices a \"not\" or another number.")
    static let rougeL = MeasureDescriptor(
        "rouge_l", .similarity, "Wording in order (ROUGE-L)", unit: "1",
        "The part of the expected answer's words that you said in the same order; it is not a mark.")
    static let rougeLF1 = MeasureDescriptor(
        "rouge_l_f1", .similarity, "Wording in order, both ways", unit: "1",
        "The overlap of words in the same order, seen from both answers; it falls when yours is much "
            + "longer or shorter, and is not a mark.")
}
