// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Foundation
import TestPrograms
import TestRandom
import Testing

@Suite("AudioDecoder")
struct AudioDecoderTests {
    /// One way of storing a recording.
    struct Encoding: CustomTestStringConvertible {
        var name: String
        var options: [String]
        var format: String
        var rate: Int
        var channels = 1
        var isLive = false
        /// The least correlation with the source; lossy codecs change the wave form.
        var correlation: Double = 0.999
        var testDescription: String { name }
    }

    static let encodings: [Encoding] = [
        .init(name: "u8.wav", options: ["-c:a", "pcm_u8"], format: "wav/pcm_u8", rate: 22_050, correlation: 0.99),
        .init(name: "s16.wav", options: ["-c:a", "pcm_s16le"], format: "wav/pcm_s16le", rate: 22_050),
        .init(name: "s24.wav", options: ["-c:a", "pcm_s24le"], format: "wav/pcm_s24le", rate: 22_050),
        .init(name: "s32.wav", options: ["-c:a", "pcm_s32le"], format: "wav/pcm_s32le", rate: 22_050),
        .init(name: "f32.wav", options: ["-c:a", "pcm_f32le"], format: "wav/pcm_f32le", rate: 22_050),
        .init(name: "16k.wav", options: ["-ar", "16000"], format: "wav/pcm_s16le", rate: 16_000),
        .init(name: "44k.wav", options: ["-ar", "44100"], format: "wav/pcm_s16le", rate: 44_100),
        .init(name: "192k.wav", options: ["-ar", "192000"], format: "wav/pcm_s16le", rate: 192_000),
        .init(name: "2.wav", options: ["-ac", "2"], format: "wav/pcm_s16le", rate: 22_050, channels: 2),
        .init(
            name: "8.wav", options: ["-af", "pan=octagonal|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0"],
            format: "wav/pcm_s16le", rate: 22_050, channels: 8),
        .init(name: "s.flac", options: [], format: "flac/flac", rate: 22_050),
        .init(name: "s.mp3", options: ["-b:a", "128k"], format: "mp3/mp3", rate: 22_050, correlation: 0.99),
        .init(name: "s.m4a", options: ["-b:a", "128k"], format: "mp4/aac", rate: 22_050, correlation: 0.99),
        .init(name: "s.aac", options: ["-b:a", "128k"], format: "aac/aac", rate: 22_050, correlation: 0.9),
        .init(
            name: "alac.m4a", options: ["-c:a", "alac"], format: "mp4/alac", rate: 22_050),
        .init(name: "opus.mp4", options: ["-c:a", "libopus"], format: "mp4/opus", rate: 48_000, correlation: 0.95),
        .init(
            name: "fragmented.mp4", options: ["-c:a", "libopus", "-f", "mp4", "-movflags", "empty_moov+frag_keyframe"],
            format: "mp4/opus", rate: 48_000, isLive: true, correlation: 0.95),
        .init(name: "opus.ogg", options: ["-c:a", "libopus"], format: "ogg/opus", rate: 48_000, correlation: 0.95),
        .init(
            name: "vorbis.ogg", options: ["-c:a", "libvorbis"], format: "ogg/vorbis", rate: 22_050, correlation: 0.95),
        .init(name: "opus.webm", options: ["-c:a", "libopus"], format: "webm/opus", rate: 48_000, correlation: 0.95),
        .init(
            name: "live.webm", options: ["-c:a", "libopus", "-f", "webm", "-live", "1"], format: "webm/opus",
            rate: 48_000, isLive: true, correlation: 0.95),
    ]

    @Test(arguments: encodings)
    func `decodes every accepted format to the same speech`(encoding: Encoding) async throws {
        let path = try Fixtures.encode(encoding.name, encoding.options, isLive: encoding.isLive)
        let audio = try await Fixtures.decoder.decode(fileAt: path)

        #expect(audio.source.format == encoding.format)
        #expect(audio.source.sampleRate == encoding.rate)
        #expect(audio.source.channels == encoding.channels)
        #expect(!audio.isDamaged)
        let reference = Fixtures.speech
        // AAC files don't say exactly how much of the start and the end is padding.
        let padding = encoding.format.hasSuffix("aac") ? 0.1 : 0.02
        #expect(abs(audio.waveform.duration - reference.duration) < padding)
        #expect(audio.source.duration == audio.waveform.duration)
        let correlation = audio.waveform.bestCorrelation(
            with: reference, withinMilliseconds: encoding.format == "aac/aac" ? 60 : 10)
        #expect(correlation > encoding.correlation)
    }

    @Test func `keeps the samples of a recording at -60 dBFS exactly`() async throws {
        let quiet = Waveform(samples: Fixtures.speech.samples.map { $0 * 0.001 })
        let path = try Fixtures.write("quiet.wav", Self.floatFile(quiet.samples))
        let audio = try await Fixtures.decoder.decode(fileAt: path)
        #expect(audio.waveform == quiet)
    }

    @Test func `turns float samples that aren't numbers or exceed full scale into samples that do`() async throws {
        let path = try Fixtures.write(
            "wild.wav",
            Self.floatFile([.nan, .infinity, -.infinity, 3, -3, 0.5] + [Float](repeating: 0.25, count: 1000)))
        let audio = try await Fixtures.decoder.decode(fileAt: path)
        #expect(audio.waveform.samples.prefix(6) == [0, 1, -1, 1, -1, 0.5])
    }

    @Test func `mixes channels as their mean and leaves low-frequency effects out`() async throws {
        // 5.1: only the fourth channel, low-frequency effects, and the first carry a signal.
        let path = try Fixtures.encode(
            "effects.wav", ["-ar", "16000", "-af", "pan=5.1|FL=c0|LFE=0.5*c0", "-c:a", "pcm_f32le"])
        let audio = try await Fixtures.decoder.decode(fileAt: path)
        let expected = Fixtures.speech.samples.map { $0 / 5 }
        #expect(audio.source.channels == 6)
        #expect(zip(audio.waveform.samples, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test(arguments: ["webm", "mp4", "flac", "mp3"])
    func `decodes what there is of a truncated file and says that it is damaged`(kind: String) async throws {
        let options = [
            "webm": ["-c:a", "libopus", "-live", "1"], "flac": [], "mp3": ["-b:a", "64k"],
            "mp4": ["-c:a", "aac", "-movflags", "+faststart"],
        ]
        let whole = [UInt8](
            try Data(contentsOf: URL(filePath: Fixtures.encode("whole.\(kind)", options[kind] ?? []))))
        let path = try Fixtures.write("half.\(kind)", whole.prefix(whole.count / 2))
        let audio = try await Fixtures.decoder.decode(fileAt: path)
        #expect(audio.isDamaged)
        #expect((0.3...0.7).contains(audio.waveform.duration / Fixtures.speech.duration))
        #expect(audio.waveform.bestCorrelation(with: Fixtures.speech, withinMilliseconds: 10) > 0.9)
    }

    @Test func `accepts a recording of exactly the limit and refuses a longer one`() async throws {
        let seconds = Int(Fixtures.speech.duration)
        let exact = try Fixtures.encode("limit.wav", ["-af", "apad", "-t", "\(seconds)"])
        let over = try Fixtures.encode("over.wav", ["-af", "apad", "-t", "\(seconds).5"])
        let decoder = AudioDecoder(
            executable: BuiltProgram.decoder, limits: DecodingLimits(maximumSeconds: seconds))
        #expect(try await decoder.decode(fileAt: exact).waveform.samples.count == seconds * 16_000)
        await #expect(throws: AudioError.self) { try await decoder.decode(fileAt: over) }
        #expect(await code(of: over, with: decoder) == .tooLong)
    }

    @Test func `refuses a file that says it is short and isn't`() async throws {
        // The length of the data chunk, and so the duration, is a lie: 1 s.
        let path = try Fixtures.encode("bomb.flac", ["-af", "apad=whole_dur=40"])
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        // STREAMINFO: 36 bits of sample count at byte 21 (RFC 9639 §8.2).
        bytes[21] &= 0xF0
        bytes.replaceSubrange(22..<26, with: [0, 0, 0x56, 0x22])
        let bomb = try Fixtures.write("bomb2.flac", bytes)
        let decoder = AudioDecoder(executable: BuiltProgram.decoder, limits: DecodingLimits(maximumSeconds: 20))
        #expect(await code(of: bomb, with: decoder) == .tooLong)
    }

    /// Files that are refused, and why.
    static let refusals: [(name: String, code: AudioError.Code, make: @Sendable (String) throws -> String)] = [
        ("nothing.webm", .empty, { try Fixtures.write($0, []) }),
        ("header.wav", .empty, { try Fixtures.write($0, Waveform(samples: []).wav) }),
        (
            "random.mp3", .notAudio,
            { name in
                var generator = SplitMix(seed: 1)
                return try Fixtures.write(name, (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }
        ),
        ("text.wav", .notAudio, { try Fixtures.write($0, Array("The patient takes one tablet.\n".utf8)) }),
        (
            "playlist.wav", .notAudio,
            {
                let text = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
                return try Fixtures.write($0, Array(text.utf8))
            }
        ),
        ("concat.wav", .notAudio, { try Fixtures.write($0, Array("ffconcat version 1.0\nfile /etc/passwd\n".utf8)) }),
        (
            "picture.mp4", .noAudioTrack,
            { try Fixtures.encode($0, ["-t", "1"], input: "testsrc=d=1:s=64x64", format: "lavfi") }
        ),
        ("surround.mkv", .unsupportedCodec, { try Fixtures.encode($0, ["-c:a", "ac3"]) }),
        (
            "nine.wav", .tooManyChannels,
            { try Fixtures.write($0, floatFile([Float](repeating: 0.1, count: 90_000), channels: 9)) }
        ),
        ("slow.wav", .unsupportedRate, { try Fixtures.encode($0, ["-ar", "7999"]) }),
        ("fast.wav", .unsupportedRate, { try Fixtures.encode($0, ["-ar", "192001"]) }),
        (
            "headless.mp4", .damaged,
            {
                let whole = try Data(contentsOf: URL(filePath: Fixtures.encode("index-last.mp4", [])))
                return try Fixtures.write($0, whole.prefix(whole.count / 2))
            }
        ),
        ("not-there.wav", .unreadable, { Fixtures.folder.appending(path: $0).path }),
    ]

    @Test(arguments: refusals.indices)
    func `refuses what can't be decoded with a code of its own`(index: Int) async throws {
        let refusal = Self.refusals[index]
        let path = try refusal.make(refusal.name)
        let error = await #expect(throws: AudioError.self) { try await Fixtures.decoder.decode(fileAt: path) }
        #expect(error?.code == refusal.code, "\(refusal.name): \(error?.codeName ?? "decoded")")
        #expect(error?.message.isEmpty == false)
    }

    @Test func `shows that the sandbox refuses files, connections, programs and processes`() async throws {
        let results = try await Fixtures.decoder.selfTest()
        let errors = Dictionary(uniqueKeysWithValues: results.map { ($0.act, $0.result) })
        for act in ["socket", "local_socket", "open", "create", "unlink", "exec", "fork", "kill", "executable_memory"] {
            #expect(errors[act] == "EPERM", "\(act)")
        }
        #expect(errors["two_gibibytes"] == "ENOMEM")
    }

    @Test func `says what to do when the decoder isn't installed`() async throws {
        let decoder = AudioDecoder(executable: "/nowhere/oracy-decode")
        let error = await #expect(throws: AudioError.self) { try await decoder.decode(fileAt: Fixtures.speechFile) }
        #expect(error?.code == .decoderMissing)
        #expect(error?.message.contains("oracy-decode") == true)
    }

    @Test(arguments: ["s.wav", "s.flac", "s.mp3", "s.m4a", "s.ogg", "s.webm"])
    func `ends every decoding of a mutated file with samples or an error`(name: String) async throws {
        let whole = [UInt8](
            try Data(contentsOf: URL(filePath: Fixtures.encode("short-\(name)", ["-t", "1", "-ac", "1"]))))
        let acceptable: Set<AudioError.Code> = [
            .notAudio, .noAudioTrack, .empty, .damaged, .unsupportedCodec, .tooManyChannels, .unsupportedRate, .tooLong,
            .decoderCrashed, .decoderTimedOut,
        ]
        for seed in UInt64(0)..<36 {
            let path = try Fixtures.write("mutated-\(name)", mutate(whole, seed: seed))
            do {
                let audio = try await Fixtures.decoder.decode(fileAt: path)
                #expect(audio.waveform.samples.allSatisfy { (-1...1).contains($0) }, "seed \(seed)")
            } catch let error as AudioError {
                #expect(acceptable.contains(error.code), "seed \(seed): \(error.codeName)")
            }
        }
    }

    private func code(of path: String, with decoder: AudioDecoder) async -> AudioError.Code? {
        do {
            _ = try await decoder.decode(fileAt: path)
            return nil
        } catch {
            return (error as? AudioError)?.code
        }
    }

    /// Truncates, inserts, or changes bytes: everywhere, or in the header only.
    private func mutate(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
        var generator = SplitMix(seed: seed)
        var bytes = bytes
        switch seed % 4 {
        case 0: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
        case 1:
            let noise = (0..<Int.random(in: 1...64, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            bytes.insert(contentsOf: noise, at: Int.random(in: 0..<bytes.count, using: &generator))
        case 2:
            for _ in 0..<Int.random(in: 1...16, using: &generator) {
                bytes[Int.random(in: 0..<min(256, bytes.count), using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
        default:
            for _ in 0..<bytes.count / 100 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                    1 << UInt8.random(in: 0...7, using: &generator)
            }
        }
        return bytes
    }

    /// A 16 kHz WAV file of 32-bit floats.
    private static func floatFile(_ samples: [Float], channels: Int = 1) -> [UInt8] {
        var bytes = Waveform(samples: []).wav
        func set(_ value: some FixedWidthInteger, at offset: Int) {
            withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) }
        }
        set(UInt32(36 + samples.count * 4), at: 4)
        set(3 as UInt16, at: 20)  // IEEE float
        set(UInt16(channels), at: 22)
        set(UInt32(64_000 * channels), at: 28)
        set(UInt16(4 * channels), at: 32)
        set(32 as UInt16, at: 34)
        set(UInt32(samples.count * 4), at: 40)
        for sample in samples { withUnsafeBytes(of: sample.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }
}
