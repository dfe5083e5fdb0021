// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON
import Synchronization

/// Tells those who watch a response that something has happened to it.
///
/// Events within one process arrive at once. What another process does (a worker on its own) is found by reading the
/// database at every ``Event/tick``.
final class ResponseEvents: Sendable {
    /// What watchers are told.
    enum Event: Sendable {
        /// A stage has come this far, 0...1.
        case progress(Response.Stage, Double)
        /// A segment of the transcript is there.
        case segment(Segment)
        /// Something stored has changed.
        case changed
        /// Time has passed.
        case tick
    }

    private struct Watchers {
        var next = 0
        var streams: [Identifier<Response>: [Int: AsyncStream<Event>.Continuation]] = [:]
    }

    private let watchers = Mutex(Watchers())

    /// The events of one response from now on. A slow watcher loses the oldest ones, never memory.
    func watch(_ id: Identifier<Response>) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(256))
        let key = watchers.withLock { watchers in
            watchers.next += 1
            watchers.streams[id, default: [:]][watchers.next] = continuation
            return watchers.next
        }
        continuation.onTermination = { [weak self] _ in self?.forget(id, key) }
        return stream
    }

    /// Tells everybody who watches `id`.
    func publish(_ event: Event, of id: Identifier<Response>) {
        let continuations = watchers.withLock { $0.streams[id].map { Array($0.values) } ?? [] }
        for continuation in continuations { continuation.yield(event) }
    }

    /// Tells every watcher at regular intervals that time has passed, until cancelled.
    func run(every interval: Duration = .seconds(5)) async throws {
        while true {
            try await Task.sleep(for: interval)
            let continuations = watchers.withLock { $0.streams.values.flatMap(\.values) }
            for continuation in continuations { continuation.yield(.tick) }
        }
    }

    /// Ends all streams: the server is shutting down.
    func close() {
        let continuations = watchers.withLock { watchers in
            defer { watchers.streams = [:] }
            return watchers.streams.values.flatMap(\.values)
        }
        for continuation in continuations { continuation.finish() }
    }

    private func forget(_ id: Identifier<Response>, _ key: Int) {
        watchers.withLock { watchers in
            watchers.streams[id]?[key] = nil
            if watchers.streams[id]?.isEmpty ?? false { watchers.streams[id] = nil }
        }
    }
}
