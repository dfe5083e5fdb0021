// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc
import JSON
import Recognition
import Server

/// `oracy transcribe`
enum TranscribeCommand {
    /// How transcripts are written.
    enum Format: String, Sendable, CaseIterable {
        case text, json, srt, vtt
        case verboseJSON = "verbose_json"
    }

    static let language = Option<String>(
        "language", short: "l", value: "LANGUAGE", help: "The spoken language, such as en; auto finds it.",
        default: "auto")
    static let format = Option<Format>(
        "format", short: "f", value: "FORMAT", help: "How to write transcripts.", default: .text)
    static let manifest = Option<String>(
        "manifest", short: "m", value: "LIST", help: "Transcribe the recordings of a list, one JSON object a line.",
        isPath: true)
    static let output = Option<String>(
        "output", short: "o", value: "FILE", help: "Where results go; standard output without it.", isPath: true)
    static let resume = Option<Bool>(
        flag: "resume", help: "With --manifest: go on with an output that an earlier run has left.")

    static let jobs = Option<Int>(
        "jobs", short: "j", value: "N", help: "How many recordings are worked on at once.",
        default: "one a processor; 16 for Whisper models, which write several together", in: 1...256)

    static let command = Command(
        name: "transcribe", summary: "write down what is said in recordings",
        discussion: """
            Recordings are wav, flac, mp3, m4a, mp4, ogg or webm files. Several ones with --format json give one JSON \
            object a line, with the file's name; - is the standard input; verbose_json adds tokens and what the search made of them. How to \
            search (--beam and the options after it) is for Whisper models; PocketSphinx goes its own way.

            A list (--manifest) has a line such as {"id": "p01", "audio": "p01.webm", "language": "en"} for each \
            recording; other members are copied to its result. Results come in the order of the list, a recording that \
            fails as {"id", "error"}. A run that was interrupted goes on with --resume and repeats nothing.

            Results go to the standard output, messages to the standard error. The exit status is 1 when a recording \
            failed.
            """,
        options: [
            language, LanguageOptions.expected, format, output, manifest, resume, jobs,
            BatchOptions.progress,
        ]
            + RecognitionFlags.all
            + ConfigurationOptions.only([
                "model", "precision", "threads", "short_windows", "voice_activity", "home", "decoder",
                "pocketsphinx_model",
            ]),
        operands: Command.Operands(name: "FILE"),
        examples: [
            Command.Example(line: "oracy transcribe answer.webm", meaning: "Print what is said."),
            Command.Example(
                line: "oracy transcribe --format vtt -o answer.vtt answer.webm", meaning: "Write subtitles."),
            Command.Example(
                line: "oracy transcribe --manifest list.jsonl --output results.jsonl --resume",
                meaning: "Transcribe a data set, and go on after an interruption."),
        ],
        run: run)

    @Sendable private static func run(_ arguments: Arguments) async throws -> ExitCode {
        try check(arguments)
        var options = RecognitionFlags.options(arguments)
        options.expectedLanguages = try LanguageOptions.expected(arguments, command: "oracy transcribe")
        let items = try items(arguments)
        Interruption.watch { interruptionMessage(arguments) }
        let loaded = try ConfigurationOptions.load(arguments)
        let sink = try TranscriptSink(arguments, of: items)
        let input = try StandardInput(ifAmong: arguments.has(manifest) ? [] : items.map(\.path), of: arguments.command)
        defer { input?.close() }
        let rest = items.filter { !sink.isDone($0) }
        if rest.count < items.count {
            Terminal.messages.note("oracy: \(items.count - rest.count) of \(items.count) were done already.")
        }
        guard !rest.isEmpty else { return .success }
        let processors = ConfigurationSurroundings.system.processors
        let pipeline = try pipeline(
            loaded.configuration, jobs: min(arguments[Self.jobs] ?? processors, rest.count))
        let together = pipeline.recordingsTogether(engine: arguments[RecognitionFlags.engine])
        let jobs = min(arguments[Self.jobs] ?? max(processors, together ?? 0), rest.count)
        let isSingle = rest.count == 1
        let reporter = ProgressReporter(
            arguments[BatchOptions.progress] ?? .auto, unit: isSingle ? "s of audio" : "recordings",
            total: isSingle ? 0 : rest.count)
        let transcriber = BatchTranscriber(
            pipeline, jobs: jobs, engine: arguments[RecognitionFlags.engine],
            options: options, standardInput: input?.path
        ) { seconds, total in
            if isSingle { reporter.set(done: Int(seconds), of: Int(total)) }
        }
        var notices: Set<String> = []
        if let notice = pipeline.notice { reporter.note("oracy: \(notice)") }
        var failed = 0
        do {
            try await transcriber.run(rest) { outcome in
                if case .failure(let failure) = outcome.result {
                    failed += 1
                    // The results of a list say why; a thousand lines on the terminal would hide what matters.
                    if failed <= 10 || !arguments.has(manifest) {
                        reporter.note("oracy: \(outcome.item.path): \(failure.message)")
                    }
                }
                if case .success(let transcription) = outcome.result {
                    let engine = transcription.engine
                    if let notice = engine.notice, notices.insert(engine.modelID).inserted {
                        reporter.note("oracy: \(engine.modelID): \(notice)")
                    }
                    for warning in transcription.warnings { reporter.note("oracy: \(outcome.item.path): \(warning)") }
                }
                if let doubt = Self.doubt(outcome.result) { reporter.note("oracy: \(outcome.item.path): \(doubt)") }
                try reporter.aside { try sink.write(outcome) }
                if !isSingle { reporter.advance(failed: (try? outcome.result.get()) == nil) }
            }
            try sink.finish()
        } catch {
            reporter.finish()
            throw error
        }
        reporter.finish()
        if failed > 0, items.count > 1 {
            Terminal.messages.note("oracy: \(failed) of \(rest.count) recordings failed.")
        }
        return failed == 0 ? .success : .failure
    }

    /// That the language was not recognised, for people: programs read it in the result.
    private static func doubt(_ result: Result<FileTranscription, TranscriptionFailure>) -> String? {
        guard case .success(let transcription) = result,
            transcription.transcript.language == Transcript.undetermined
        else { return nil }
        let heard = transcription.recognition.languages.filter { $0.probability != nil }
        guard let best = heard.max(by: { $0.probability ?? 0 < $1.probability ?? 0 }) else {
            return "language not recognised."
        }
        let percent = Int(((best.probability ?? 0) * 100).rounded())
        return "language not recognised; it sounds most like \(best.language) (\(percent) %)."
    }

    /// Refuses what does not go together.
    private static func check(_ arguments: Arguments) throws(UsageError) {
        func fault(_ message: String) -> UsageError { UsageError(message: message, command: "oracy transcribe") }
        let files = arguments.operands.count
        if arguments.has(manifest) {
            if files > 0 { throw fault("name recordings on the command line or in a list, not both.") }
            if let format = arguments[format], format != .json, format != .verboseJSON {
                throw fault("results of a list are JSON lines.")
            }
            if arguments[resume], !arguments.has(output) { throw fault("--resume needs the --output to go on with.") }
        } else {
            if files == 0 { throw fault("FILE is missing.") }
            if arguments[resume] { throw fault("--resume works with --manifest only.") }
            if files > 1, arguments[format] == .srt || arguments[format] == .vtt {
                throw fault("subtitles are written for one file at a time.")
            }
        }
    }

    private static func items(_ arguments: Arguments) throws -> [TranscriptionManifest.Item] {
        let chosen = try arguments[language].flatMap { $0 == "auto" ? nil : $0 }.map {
            try LanguageOptions.tag($0, option: "--language", command: "oracy transcribe")
        }
        guard let path = arguments[manifest] else {
            return arguments.operands.map { .init(id: .string($0), path: $0, language: chosen) }
        }
        return try TranscriptionManifest(path: path).items.map { item in
            .init(
                id: item.id, path: item.path,
                language: item.language.map { WhisperLanguage.tag(named: $0) ?? $0 } ?? chosen, extras: item.extras)
        }
    }

    /// The way from files to words; fails at once when a part of it is missing, not once for every recording.
    static func pipeline(_ configuration: ServerConfiguration, jobs: Int) throws(CommandFailure)
        -> SpeechPipeline
    {
        guard access(configuration.decoder, X_OK) == 0 else {
            throw CommandFailure(
                "there is no program \(configuration.decoder). Put oracy-decode beside oracy, or say where it is with --decoder."
            )
        }
        let pipeline = SpeechPipeline(configuration, concurrency: jobs)
        if let problem = pipeline.problem { throw CommandFailure(problem) }
        return pipeline
    }

    private static func interruptionMessage(_ arguments: Arguments) -> String {
        guard arguments.has(manifest), arguments.has(output) else { return "oracy: interrupted." }
        return "oracy: interrupted; the same command with --resume goes on."
    }
}
