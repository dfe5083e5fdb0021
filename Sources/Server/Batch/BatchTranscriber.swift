// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// Transcribes many recordings at once; a recording that fails does not stop the others.
public struct BatchTranscriber: Sendable {
    /// What became of one item.
    public typealias Outcome = (
        item: TranscriptionManifest.Item, result: Result<FileTranscription, TranscriptionFailure>
    )

    private let jobs: Int
    private let transcribe:
        @Sendable (TranscriptionManifest.Item) async throws(TranscriptionFailure) -> FileTranscription

    /// Creates a transcriber that does at most `jobs` recordings at once.
    public init(
        jobs: Int,
        transcribe:
            @escaping @Sendable (TranscriptionManifest.Item) async throws(TranscriptionFailure)
            -> FileTranscription
    ) {
        precondition(jobs > 0)
        self.jobs = jobs
        self.transcribe = transcribe
    }

    /// Transcribes the items and hands over what became of each, in their order.
    ///
    /// - Throws: What `deliver` throws; the rest is left undone then.
    public func run(_ items: [TranscriptionManifest.Item], deliver: (Outcome) throws -> Void) async throws {
        var rest = items.makeIterator()
        let transcribe = transcribe
        try await OrderedWork.run(atOnce: jobs, window: 4 * jobs) {
            rest.next()
        } work: { item -> Outcome in
            do throws(TranscriptionFailure) {
                return (item, .success(try await transcribe(item)))
            } catch {
                return (item, .failure(error))
            }
        } deliver: {
            try deliver($0)
        }
    }
}

extension TranscriptionManifest.Item {
    /// The line of results: the id, the item's other members, then the result's or `error`.
    ///
    /// A member of the item with the name of a result's member, such as a reference `text`, becomes `input_text`.
    ///
    /// - Parameter isVerbose: Whether to add how the engine came to each segment.
    public func json(
        _ result: Result<FileTranscription, TranscriptionFailure>, isVerbose: Bool = false
    ) -> JSONValue {
        let members: JSONObject =
            switch result {
            case .success(let transcription): isVerbose ? transcription.verboseJSON : transcription.json
            case .failure(let failure): ["error": failure.json]
            }
        var line: JSONObject = ["id": id]
        for extra in extras.members {
            line[Self.reserved.contains(extra.key) ? "input_\(extra.key)" : extra.key] = extra.value
        }
        for member in members.members { line[member.key] = member.value }
        return .object(line)
    }

    private static let reserved: Set<String> = [
        "text", "language_probability", "languages", "duration", "quality", "engine", "model", "model_hash",
        "precision", "voice_activity", "segments", "notice", "warnings", "alternatives", "error",
    ]
}
