// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON

extension HTTPRequest {
    /// The fields of a JSON body of at most `limit` bytes.
    ///
    /// - Throws: ``HTTPError`` with 415, 413 or 400.
    func fields(limit: Int = 1 << 20) async throws -> FieldReader {
        try FieldReader(try await json(limits: JSONLimits(bytes: limit)))
    }

    /// An id from the path. Anything else than an id is like the id of something that does not exist.
    func identifier<Entity>(_ name: String = "id") throws -> Identifier<Entity> {
        guard let text = parameters[name], let id = Identifier<Entity>(text) else { throw HTTPError.notFound() }
        return id
    }

    /// An id from the query; nil when absent.
    func queryIdentifier<Entity>(_ name: String) throws -> Identifier<Entity>? {
        guard let text = query[name] else { return nil }
        guard let id = Identifier<Entity>(text) else { throw HTTPError.invalidField(name, "must be an id") }
        return id
    }

    /// A whole number from the query; nil when absent.
    func queryInteger(_ name: String, in bounds: ClosedRange<Int>) throws -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), bounds.contains(number) else {
            throw HTTPError.invalidField(name, "must be an integer from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    /// How many items a page may have: `limit`, 50 unless given, at most 200.
    func pageSize() throws -> Int { try queryInteger("limit", in: 1...200) ?? 50 }
}
