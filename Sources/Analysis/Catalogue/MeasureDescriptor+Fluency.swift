// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The measures of the group `fluency`.
extension MeasureDescriptor {
    static let speechRate = MeasureDescriptor(
        "speech_rate_wpm", .fluency, "Speech rate", unit: "wpm",
        "Words per minute from your first word to your last, pauses included; fillers such as \"um\" are "
            + "not counted as words.")
    static let syllableRate = MeasureDescriptor(
        "speech_rate_sps", .fluency, "Syllable rate", unit: "syl/s",
        "Syllables per second from your first word to your last, pauses included.")
    static let characterRate = MeasureDescriptor(
        "characters_per_min", .fluency, "Characters per minute", unit: "/min",
        "Characters per minute from your first word to your last, pauses included, for writing whose words are not set "
            + "apart by spaces or whose signs are syllables.")
    static let articulationRate = MeasureDescriptor(
        "articulation_rate", .fluency, "Articulation rate", unit: "syl/s",
        "Syllables per second while you were speaking, with the pauses taken out.")
    static let phonationRatio = MeasureDescriptor(
        "phonation_ratio", .fluency, "Time speaking", unit: "1",
        "The part of the time between your first and last word in which you were speaking and not silent.")
    static let pauseCount = MeasureDescriptor(
        "pause_count", .fluency, "Pauses", unit: "1",
        "How many silences of a quarter of a second or more you made between words.")
    static let pauseRate = MeasureDescriptor(
        "pause_per_min", .fluency, "Pauses per minute", unit: "/min",
        "How many silences of a quarter of a second or more you made in a minute.")
    static let pauseMean = MeasureDescriptor(
        "pause_mean", .fluency, "Mean pause", unit: "s",
        "The average length of your pauses.")
    static let pauseMedian = MeasureDescriptor(
        "pause_median", .fluency, "Median pause", unit: "s",
        "The middle length of your pauses: half were shorter, half were longer.")
    static let pauseMax = MeasureDescriptor(
        "pause_max", .fluency, "Longest pause", unit: "s",
        "The longest silence between two of your words.")
    static let longPauses = MeasureDescriptor(
        "long_pause_count", .fluency, "Long pauses", unit: "1",
        "How many of your pauses lasted a second and a half or more.")
    static let pauseMidClause = MeasureDescriptor(
        "pause_mid_clause_ratio", .fluency, "Pauses inside a clause", unit: "1",
        "The part of your pauses that do not fall on a comma, a full stop or another mark; pauses inside "
            + "a clause are what listeners notice.")
    static let runLength = MeasureDescriptor(
        "mean_length_of_run", .fluency, "Syllables between pauses", unit: "syl",
        "How many syllables you say on average from one pause to the next.")
    static let runLengthWords = MeasureDescriptor(
        "mean_length_of_run_words", .fluency, "Words between pauses", unit: "words",
        "How many words you say on average from one pause to the next.")
    static let fillerRate = MeasureDescriptor(
        "filled_pause_per_min", .fluency, "Fillers per minute", unit: "/min",
        "How often in a minute you said \"um\", \"uh\" or the like.")
    static let fillersPerWords = MeasureDescriptor(
        "filled_pause_per_100w", .fluency, "Fillers per 100 words", unit: "/100 words",
        "How often you said \"um\", \"uh\" or the like for every hundred words.")
    static let repairRate = MeasureDescriptor(
        "repair_per_100w", .fluency, "Repetitions and false starts", unit: "/100 words",
        "How often you said the same words twice in a row or broke a word off, for every hundred words.")
    static let responseLatency = MeasureDescriptor(
        "response_latency", .fluency, "Time to first word", unit: "s",
        "How long after the start of the recording you began to speak.")
    static let trailingSilence = MeasureDescriptor(
        "trailing_silence", .fluency, "Silence at the end", unit: "s",
        "How long the recording went on after your last word.")
    static let timeUsed = MeasureDescriptor(
        "time_used", .fluency, "Time used", unit: "1",
        "The part of the allowed time from your first word to your last.")
}
