// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON

/// A spoken answer that is tried: its recording, which is not kept, and what is to be tried of the question.
struct TrialForm: Sendable {
    /// The recording in the store.
    let stored: RecordingStore.Stored
    /// The fields as a JSON body has them.
    let fields: FieldReader

    /// Fields that are text; the others are JSON.
    private static let texts: Set<String> = ["language", "expected_answer"]
    private static let documents: Set<String> = [
        "expected_answers", "key_points", "partial_credit", "contradicted_credit", "vocabulary", "languages",
        "time_limit",
    ]

    /// Reads the form; the recording goes to disk as it arrives. When anything is wrong, no file is left behind.
    ///
    /// - Throws: ``HTTPError``, or ``RecordingStoreError`` when the disk fails.
    static func receive(_ request: HTTPRequest, services: Services) async throws -> TrialForm {
        let limits = services.configuration.limits
        try request.refuseForm(largerThan: limits.audioBytes + 14 * limits.transcriptBytes)
        let reader = try MultipartReader(request)
        var stored: RecordingStore.Stored?
        var object = JSONObject()
        do {
            while let part = try await reader.next() {
                if ["audio", "file"].contains(part.name) {
                    guard stored == nil else { throw HTTPError.invalidField("audio", "was sent more than once") }
                    stored = try await services.recordings.receive(part, limit: limits.audioBytes, isKept: false)
                } else if texts.contains(part.name) {
                    object[part.name] = .string(try await part.text(upTo: limits.transcriptBytes))
                } else if documents.contains(part.name) {
                    object[part.name] = try document(
                        try await part.collect(upTo: 14 * limits.transcriptBytes), part.name)
                }
            }
            guard let stored else { throw HTTPError.missingField("audio") }
            return TrialForm(stored: stored, fields: try FieldReader(.object(object)))
        } catch {
            if let stored { await services.recordings.remove(stored.path) }
            throw error
        }
    }

    private static func document(_ bytes: [UInt8], _ name: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: bytes, limits: JSONLimits(bytes: max(1, bytes.count)))
        } catch {
            throw HTTPError.invalidField(name, "must be JSON, as in the body of a typed answer: \(error)")
        }
    }
}
