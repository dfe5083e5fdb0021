// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Server

/// Where `oracy transcribe` puts its results, and in which form.
final class TranscriptSink {
    private enum Target {
        case stream
        case file(ResultFile)
        case document(path: String)
    }

    private let target: Target
    private let format: TranscribeCommand.Format
    private let isList: Bool
    private let isSingle: Bool
    private var document = ""

    init(_ arguments: Arguments, of items: [TranscriptionManifest.Item]) throws {
        isList = arguments.has(TranscribeCommand.manifest)
        isSingle = items.count == 1
        format = arguments[TranscribeCommand.format] ?? .text
        if let path = arguments[TranscribeCommand.output] {
            let file = isList ? try ResultFile(path: path, resumes: arguments[TranscribeCommand.resume]) : nil
            // That the place can be written to is known before the work begins, not after it.
            if file == nil { try WholeFile.checkWritable(path) }
            target = file.map(Target.file) ?? .document(path: path)
        } else {
            target = .stream
        }
    }

    /// Whether an earlier run has written the result of an item.
    func isDone(_ item: TranscriptionManifest.Item) -> Bool {
        if case .file(let file) = target { file.ids.contains(item.id) } else { false }
    }

    /// Takes what became of one item.
    func write(_ outcome: BatchTranscriber.Outcome) throws {
        if isList {
            let line = outcome.item.json(outcome.result, isVerbose: format == .verboseJSON)
            if case .file(let file) = target { try file.append(line) } else { try emit(line.text) }
        } else if case .success(let transcription) = outcome.result {
            try emit(text(of: transcription, path: outcome.item.path))
        } else if format == .json || format == .verboseJSON, case .failure(let failure) = outcome.result {
            let line: JSONObject = ["file": .string(outcome.item.path), "error": failure.json]
            try emit(isSingle ? JSONValue.object(line).prettyText : JSONValue.object(line).text)
        }
    }

    /// Brings everything to its place.
    func finish() throws {
        switch target {
        case .stream: break
        case .file(let file): try file.synchronize()
        case .document(let path): if !document.isEmpty { try WholeFile.write(document, to: path) }
        }
    }

    private func emit(_ text: String) throws {
        let line = text.hasSuffix("\n") ? text : text + "\n"
        if case .document = target { document += line } else { try Terminal.output.write(line) }
    }

    private func text(of transcription: FileTranscription, path: String) -> String {
        switch format {
        case .text where isSingle: return transcription.transcript.text
        case .text: return "\(path): \(transcription.transcript.text)"
        case .srt: return transcription.transcript.subRip
        case .vtt: return transcription.transcript.webVTT
        case .json where isSingle: return JSONValue.object(transcription.json).prettyText
        case .verboseJSON where isSingle: return JSONValue.object(transcription.verboseJSON).prettyText
        case .json, .verboseJSON:
            var line: JSONObject = ["file": .string(path)]
            let members = format == .json ? transcription.json : transcription.verboseJSON
            for member in members.members { line[member.key] = member.value }
            return JSONValue.object(line).text
        }
    }
}
