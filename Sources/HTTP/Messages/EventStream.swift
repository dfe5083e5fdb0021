// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Sends server-sent events (WHATWG HTML §9.2) for as long as the client listens.
///
/// ```swift
/// return .eventStream { events in
///     for await progress in job.progress { try await events.send(event: "stage", data: progress.json.text) }
/// }
/// ```
public struct EventStream: Sendable {
    private let writer: ResponseWriter

    init(_ writer: ResponseWriter) { self.writer = writer }

    /// Sends one event.
    ///
    /// - Parameters:
    ///   - event: The event's type; line breaks in it become spaces. Nil means `message`.
    ///   - data: The event's data; it may have several lines.
    ///   - id: What the client sends back as `Last-Event-ID` after a break; line breaks in it become spaces.
    /// - Throws: ``HTTPError/connectionClosed`` when the client has gone.
    public func send(event: String? = nil, data: String, id: String? = nil) async throws {
        try await writer.write(Self.format(event: event, data: data, id: id))
    }

    /// Sends a comment, which clients ignore.
    ///
    /// - Throws: ``HTTPError/connectionClosed`` when the client has gone.
    public func comment(_ text: String) async throws {
        var bytes: [UInt8] = []
        Self.append(": ", Self.oneLine(text), to: &bytes)
        bytes.append(ASCII.lineFeed)
        try await writer.write(bytes)
    }

    static func format(event: String?, data: String, id: String?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.utf8.count + 48)
        if let id { append("id: ", oneLine(id), to: &bytes) }
        if let event { append("event: ", oneLine(event), to: &bytes) }
        for line in lines(data) { append("data: ", line, to: &bytes) }
        bytes.append(ASCII.lineFeed)
        return bytes
    }

    private static func append(_ field: StaticString, _ value: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\(field)".utf8)
        bytes.append(contentsOf: value)
        bytes.append(ASCII.lineFeed)
    }

    private static func oneLine(_ text: String) -> [UInt8] {
        text.utf8.map { ASCII.isControl($0) ? ASCII.space : $0 }
    }

    /// The lines of a text; a line may end with CR LF, LF or CR, as the client will read it.
    private static func lines(_ text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == ASCII.lineFeed, previous == ASCII.carriageReturn {
            } else if byte == ASCII.lineFeed || byte == ASCII.carriageReturn {
                lines.append([])
            } else {
                lines[lines.count - 1].append(byte)
            }
            previous = byte
        }
        return lines
    }
}

extension HTTPResponse {
    /// A stream of server-sent events.
    ///
    /// The task is cancelled and `send` throws when the client goes away.
    ///
    /// - Parameters:
    ///   - heartbeat: After how long without an event a comment is sent.
    ///   - body: Sends the events; the stream ends when it returns.
    public static func eventStream(
        heartbeat: Duration = .seconds(15), _ body: @escaping @Sendable (EventStream) async throws -> Void
    ) -> HTTPResponse {
        let stream = ResponseStream(heartbeat: .init(interval: heartbeat, bytes: Array(":\n\n".utf8))) { writer in
            try await body(EventStream(writer))
        }
        return HTTPResponse(
            headers: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
            ], body: ResponseBody(content: .stream(stream)))
    }
}
