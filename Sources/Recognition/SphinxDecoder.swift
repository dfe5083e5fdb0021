// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CPocketSphinx

/// One PocketSphinx decoder, the only place that touches the library.
///
/// It remembers nothing from one recording to the next: the same samples give the same words.
///
/// - Note: `@unchecked Sendable`: a decoder may move between threads, and `PocketSphinxRecognizer` lends it to one call at
///   a time.
final class SphinxDecoder: @unchecked Sendable {
    private let decoder: OpaquePointer

    /// Frames a second of features and word times.
    static let frameRate = 100
    /// Samples of 16 kHz audio from one frame to the next.
    static let frameShift = 160

    /// Loads the model: blocks for about a second.
    init(_ model: PocketSphinxModel) throws(RecognitionError) {
        Self.silenceLog
        let arguments = oracy_sphinxArguments(model.acousticModel, model.languageModel, model.dictionary)
        defer { cmd_ln_free_r(arguments) }
        if arguments != nil { Self.set(arguments) }
        guard arguments != nil, let decoder = ps_init(arguments) else {
            throw RecognitionError(
                .modelInvalid,
                "PocketSphinx can't load its model from \(model.acousticModel). Install the package pocketsphinx-en-us "
                    + "again, or name the folder of a working model.")
        }
        self.decoder = decoder
        // The mean is taken over the recording by `Cepstra`. The model's feat.params asks for another one, and is read
        // after the arguments, so it is taken back here.
        ps_get_feat(decoder).pointee.cmn = CMN_NONE
    }

    /// How the search goes about it; measured in docs/recognition.md.
    private static func set(_ arguments: OpaquePointer?) {
        // Frame numbers are times only while silence is kept.
        cmd_ln_set_int_r(arguments, "-remove_silence", 0)
        // Posteriors of words come from the lattice that the third pass searches.
        cmd_ln_set_int_r(arguments, "-bestpath", 1)
        // The library's 1e-48 loses the right words in noise. Some of what the wider beams cost is won back by a limit on
        // the states of each frame (the library's is 30000).
        for beam in ["-beam", "-pbeam"] { cmd_ln_set_float_r(arguments, beam, 1e-60) }
        cmd_ln_set_float_r(arguments, "-lpbeam", 1e-50)
        cmd_ln_set_int_r(arguments, "-maxhmmpf", 6000)
    }

    deinit { ps_free(decoder) }

    private static let silenceLog: Void = oracy_sphinxSilenceLog()

    /// Mel cepstra of a whole recording.
    ///
    /// - Parameter samples: 16 kHz, full scale ±1.
    func cepstra(of samples: [Float]) throws(RecognitionError) -> Cepstra {
        guard samples.count >= 2 * Self.frameShift else { return Cepstra(values: [], width: 1) }
        let frontEnd = ps_get_fe(decoder)
        let width = Int(fe_get_output_size(frontEnd))
        let capacity = samples.count / Self.frameShift + 2
        let values = UnsafeMutablePointer<Float>.allocate(capacity: capacity * width)
        values.initialize(repeating: 0, count: capacity * width)
        defer { values.deallocate() }
        var rows: [UnsafeMutablePointer<Float>?] = (0..<capacity).map { values + $0 * width }
        let speech = samples.map { Int16(max(-32768, min(32767, ($0.isFinite ? $0 : 0) * 32768).rounded())) }

        // The stream's start clears the noise estimate of earlier recordings.
        guard ps_start_stream(decoder) == 0, fe_start_utt(frontEnd) == 0 else { throw failure() }
        var count = Int32(capacity - 1)
        var last: Int32 = 0
        let isDone = speech.withUnsafeBufferPointer { speech in
            var next = speech.baseAddress
            var left = speech.count
            return fe_process_frames(frontEnd, &next, &left, &rows, &count, nil) >= 0
                && fe_end_utt(frontEnd, rows[Int(count)], &last) >= 0
        }
        guard isDone else { throw failure() }
        let frames = Int(count) + Int(last)
        return Cepstra(values: Array(UnsafeBufferPointer(start: values, count: frames * width)), width: width)
    }

    /// Recognises one utterance.
    ///
    /// - Parameters:
    ///   - cepstra: Features whose mean has been taken away.
    ///   - frames: The utterance.
    ///   - block: Called with the number of frames done, before the first and after each second; may throw to stop.
    /// - Returns: What was heard, silence and noise included, with frames counted like those of `cepstra`.
    func recognise(
        _ cepstra: Cepstra, frames: Range<Int>, block: (Int) throws(RecognitionError) -> Void
    ) throws(RecognitionError) -> [SphinxToken] {
        guard ps_start_utt(decoder) == 0 else { throw failure() }
        do throws(RecognitionError) {
            var values = Array(cepstra.values[frames.lowerBound * cepstra.width..<frames.upperBound * cepstra.width])
            for start in stride(from: 0, to: frames.count, by: Self.frameRate) {
                try block(start)
                let count = min(Self.frameRate, frames.count - start)
                let isDone = values.withUnsafeMutableBufferPointer { values in
                    guard let base = values.baseAddress else { return false }
                    var rows: [UnsafeMutablePointer<Float>?] = (start..<start + count).map {
                        base + $0 * cepstra.width
                    }
                    return ps_process_cep(decoder, &rows, Int32(count), 0, 0) >= 0
                }
                guard isDone else { throw failure() }
            }
        } catch {
            ps_end_utt(decoder)
            throw error
        }
        guard ps_end_utt(decoder) == 0 else { throw failure() }
        return tokens(from: frames.lowerBound)
    }

    /// The words of the utterance that has just ended.
    private func tokens(from start: Int) -> [SphinxToken] {
        // Without a lattice there are no posteriors, and the library would report certainty.
        let hasPosteriors = ps_get_lattice(decoder) != nil
        let logarithms = ps_get_logmath(decoder)
        var tokens: [SphinxToken] = []
        var next = ps_seg_iter(decoder)
        while let segment = next {
            var first: Int32 = 0
            var last: Int32 = 0
            ps_seg_frames(segment, &first, &last)
            let posterior = hasPosteriors ? logmath_exp(logarithms, ps_seg_prob(segment, nil, nil, nil)) : nil
            if let name = ps_seg_word(segment), last >= first {
                tokens.append(
                    SphinxToken(
                        name: String(cString: name), frames: start + Int(first)..<start + Int(last) + 1,
                        posterior: posterior))
            }
            next = ps_seg_next(segment)
        }
        return tokens
    }

    private func failure() -> RecognitionError {
        RecognitionError(.engineFailed, "PocketSphinx could not process this recording. Try another recogniser.")
    }
}

/// An entry of the dictionary that was heard.
struct SphinxToken: Sendable, Hashable {
    /// The entry, such as `read(2)`, `<sil>` or `[NOISE]`.
    var name: String
    /// When, in frames of 10 ms.
    var frames: Range<Int>
    /// The posterior probability of the word in the lattice, 0...1; nil when there is none.
    var posterior: Double?
}
