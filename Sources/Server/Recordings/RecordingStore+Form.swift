// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP

extension RecordingStore {
    /// Writes the file of a form as it arrives; it is never held in memory as a whole.
    ///
    /// - Parameters:
    ///   - part: The file.
    ///   - id: Names the stored file.
    ///   - limit: The largest file, in bytes.
    ///   - isKept: As for ``receive(_:isKept:next:)``.
    /// - Throws: ``HTTPError`` 413 for a larger file, ``RecordingStoreError`` when the disk fails, and what reading throws.
    func receive(
        _ part: MultipartPart, as id: Identifier<Recording> = Identifier(), limit: Int, isKept: Bool = true
    ) async throws -> Stored {
        var count = 0
        var chunks = part.makeAsyncIterator()
        return try await receive(id, isKept: isKept) {
            guard let chunk = try await chunks.next() else { return nil }
            count += chunk.count
            guard count <= limit else { throw HTTPError.contentTooLarge(limit: limit) }
            return chunk
        }
    }
}

extension HTTPRequest {
    /// Refuses a form at once that says itself that it is larger than a file of `limit` bytes with some fields.
    ///
    /// - Throws: ``HTTPError`` 413.
    func refuseForm(largerThan limit: Int) throws {
        if let declared = body.declaredLength, declared > limit + (64 << 10) {
            throw HTTPError.contentTooLarge(limit: limit)
        }
    }
}
