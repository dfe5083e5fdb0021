// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The measures of the group `audio`.
extension MeasureDescriptor {
    static let snr = MeasureDescriptor(
        "snr_db", .audio, "Signal to noise", unit: "dB",
        "How much louder your voice is than the background; above about 20 dB is comfortable to listen "
            + "to.")
    static let clipping = MeasureDescriptor(
        "clip_pct", .audio, "Clipping", unit: "%",
        "The share of the recording that was too loud for the microphone and is distorted.")
    static let speechShare = MeasureDescriptor(
        "speech_pct", .audio, "Speech", unit: "%",
        "The share of the recording in which somebody speaks.")
    static let level = MeasureDescriptor(
        "level_dbfs", .audio, "Level", unit: "dBFS",
        "How loud the speech was recorded; 0 is the loudest possible, and normal speech lies between -30 "
            + "and -15.")
    static let meanConfidence = MeasureDescriptor(
        "mean_conf", .audio, "Recogniser confidence", unit: "1",
        "How sure the recogniser is of the words it wrote, from 0 to 1; where it is low, the other "
            + "numbers are less certain too.")
    static let lowConfidence = MeasureDescriptor(
        "low_conf_pct", .audio, "Doubtful words", unit: "%",
        "The share of words that the recogniser was not sure of; listen to them and correct them if need "
            + "be.")
}
