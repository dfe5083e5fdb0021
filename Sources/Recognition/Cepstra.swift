// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Mel cepstral coefficients of a recording, a frame every 10 ms.
struct Cepstra: Sendable {
    /// `[frame][coefficient]`; coefficient 0 is the log energy.
    var values: [Float]
    /// Coefficients of a frame.
    let width: Int

    var frameCount: Int { values.count / width }

    /// The log energy of a frame.
    func energy(_ frame: Int) -> Float { values[frame * width] }

    /// Takes away the mean over the given frames: the microphone's and the speaker's constant colour.
    ///
    /// One mean for the whole recording is steadier than one for each utterance. Frames without energy say nothing
    /// about the microphone and don't count, as in the model's training.
    mutating func subtractMean(over ranges: [Range<Int>]) {
        var sum = [Double](repeating: 0, count: width)
        var count = 0.0
        for range in ranges {
            for frame in range where energy(frame) >= 0 {
                count += 1
                for index in 0..<width { sum[index] += Double(values[frame * width + index]) }
            }
        }
        guard count > 0 else { return }
        let mean = sum.map { Float($0 / count) }
        for frame in 0..<frameCount {
            for index in 0..<width { values[frame * width + index] -= mean[index] }
        }
    }
}
