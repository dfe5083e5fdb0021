// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON

/// Reads an audio file from descriptor 0 and writes 16 kHz mono samples to descriptor 1.
///
/// The program locks itself in before it reads the first byte (``Sandbox``), so that a file which takes over one of
/// FFmpeg's parsers holds a process that can do nothing but compute. docs/audio.md describes the streams and the
/// exit statuses.
@main
enum Decode {
    static func main() {
        exit(run(Array(CommandLine.arguments.dropFirst())))
    }

    private static func run(_ arguments: [String]) -> Int32 {
        do {
            switch try Command(parsing: arguments) {
            case .help:
                Descriptor.output.write(line: Command.usage)
            case .selfTest:
                try Sandbox.enter(outputLimit: 64 << 10)
                let result = Sandbox.attemptForbiddenActs()
                Descriptor.output.write(line: result.json.text)
                return result.isTight ? 0 : DecodeFailure.Code.sandbox.exitStatus
            case .decode(let maximumSeconds):
                try Sandbox.enter(outputLimit: SampleWriter.byteLimit(seconds: maximumSeconds))
                let report = try decodeInput(maximumSeconds: maximumSeconds)
                Descriptor.errors.write(line: report.json.text)
            }
            return 0
        } catch {
            Descriptor.errors.write(line: "\(error.code.rawValue): \(error.message)")
            return error.code.exitStatus
        }
    }

    private static func decodeInput(maximumSeconds: Int) throws(DecodeFailure) -> Report {
        LibraryLog.capture()
        let input = InputFile()
        let file = try MediaFile(reading: input)
        let decoder = try StreamDecoder(file: file)
        let output = SampleWriter(maximumSeconds: maximumSeconds)
        let resampler = SpeechResampler()
        var format: SourceFormat?
        var damage = Damage()

        try decoder.decodeAll(damage: &damage) { (frame) throws(DecodeFailure) in
            let found = try SourceFormat(frame)
            if format == nil { format = found }
            try resampler.convert(frame, format: found, into: output)
        }
        try resampler.finish(into: output)
        try output.flush()
        damage.errorsLogged = LibraryLog.errorCount

        guard let format, output.sampleCount > 0 else {
            throw damage.isPresent
                ? DecodeFailure(.corrupt, "nothing in the file can be decoded")
                : DecodeFailure(.empty, "the file contains no sound")
        }
        let duration = Double(output.sampleCount) / Double(SampleWriter.sampleRate)
        damage.missing = file.declaredDuration.map { $0 - duration }
        guard !damage.isOverwhelming else {
            throw DecodeFailure(.corrupt, "most of the file can't be decoded")
        }
        return Report(
            container: file.container, codec: decoder.codec, sampleRate: format.sampleRate, channels: format.channels,
            samples: output.sampleCount, duration: duration, isDamaged: damage.isPresent)
    }
}
