// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import Synchronization

/// How many transcriptions run at once for clients that wait for them; further ones are told to come back.
final class TranscriptionAdmission: Sendable {
    /// Held while a transcription runs.
    final class Ticket: Sendable {
        private let admission: TranscriptionAdmission
        fileprivate init(_ admission: TranscriptionAdmission) { self.admission = admission }
        deinit { admission.running.withLock { $0 -= 1 } }
    }

    private let limit: Int
    private let running = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// - Throws: ``HTTPError`` 429 when too many run.
    func enter() throws -> Ticket {
        let isAdmitted = running.withLock { running in
            guard running < limit else { return false }
            running += 1
            return true
        }
        guard isAdmitted else { throw Self.refusal }
        return Ticket(self)
    }

    /// Refuses, before the recording is read, what would be refused after it.
    ///
    /// - Throws: ``HTTPError`` 429 when too many run.
    func check() throws {
        guard running.withLock({ $0 < limit }) else { throw Self.refusal }
    }

    private static let refusal = HTTPError(
        .tooManyRequests, code: "too_many_requests",
        detail: "Too many transcriptions are running. Try again in some seconds.", headers: ["Retry-After": "5"])
}
