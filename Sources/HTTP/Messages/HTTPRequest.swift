// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// A request as a handler sees it: the header is complete and checked, the body is still arriving.
///
/// ```swift
/// router.add(.get, "/api/v1/responses/{id}") { request in
///     guard let id = request.parameters["id"] else { throw HTTPError.notFound() }
///     return .json(try await responses.find(id).json)
/// }
/// ```
public struct HTTPRequest: Sendable {
    /// What never changes is shared, so that passing a request on costs a reference.
    let head: RequestHead

    /// The content, read once, in chunks, as fast as the handler takes them.
    public var body: RequestBody
    /// What the braces of the route's pattern stand for, percent-decoded; set by the router.
    public var parameters: PathParameters
    /// The client's address without a port, for example `127.0.0.1`; that behind a trusted proxy if there is one.
    public var remoteAddress: String
    /// Whether the client's connection is encrypted, as far as the server or a trusted proxy knows.
    public var isSecure: Bool
    private let idNumber: UInt64
    /// Where it came from; nil for a request without a connection.
    private let exchange: Exchange?

    /// The method.
    public var method: HTTPMethod { head.method }
    /// The target as it was sent.
    public var target: String { head.target.rawValue }
    /// The target's path, percent-decoded once; it never has `..` segments, encoded slashes or control characters.
    public var path: String { head.target.path }
    /// The parameters of the target's query.
    public var query: QueryParameters { head.target.query }
    /// The header's fields.
    public var headers: HTTPHeaders { head.headers }

    /// The request's id for logs and error messages: `X-Request-Id` if it is sane (1-64 of `A-Za-z0-9._-`), else a
    /// new one.
    public var id: String {
        if let given = headers["X-Request-Id"], Self.isSane(given) { return given }
        return Base32.text(idNumber)
    }

    init(
        head: RequestHead, body: RequestBody, remoteAddress: String, isSecure: Bool, idNumber: UInt64,
        exchange: Exchange? = nil
    ) {
        self.head = head
        self.body = body
        self.parameters = PathParameters()
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
        self.idNumber = idNumber
        self.exchange = exchange
    }

    /// Creates a request without a connection, for calling a router directly.
    ///
    /// - Throws: ``HTTPError`` with status 400 when the target is not one that a server accepts.
    public init(
        method: HTTPMethod, target: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        remoteAddress: String = "127.0.0.1"
    ) throws(HTTPError) {
        self.init(
            head: RequestHead(method: method, target: try RequestTarget(target), headers: headers),
            body: RequestBody(body), remoteAddress: remoteAddress, isSecure: false, idNumber: .random(in: 1 ... .max))
    }

    /// The value of a cookie (RFC 6265 §5.4), or nil when it is not there.
    public func cookie(_ name: String) -> String? {
        for line in headers.all("Cookie") {
            for pair in line.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == ASCII.space }
                guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
                if pair[..<equals].elementsEqual(name.utf8) {
                    return String(Substring(pair[pair.index(after: equals)...]))
                }
            }
        }
        return nil
    }

    /// The content's media type in lower case and without parameters, for example `application/json`.
    public var mediaType: String? {
        guard let value = headers["Content-Type"] else { return nil }
        let essence = value.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != ASCII.space && $0 != ASCII.tab }
        return String(decoding: essence.map(ASCII.lowercased), as: UTF8.self)
    }

    /// Reads the whole body as a JSON document.
    ///
    /// - Throws: ``HTTPError``: 415 when it is declared as something else, 413 when it is larger than the limits, 400
    ///   (`invalid_json`) with the position of the fault when it is not JSON.
    public func json(limits: JSONLimits = JSONLimits()) async throws -> JSONValue {
        guard let mediaType, mediaType == "application/json" || mediaType.hasSuffix("+json") else {
            throw HTTPError.unsupportedMediaType("Send JSON with Content-Type: application/json.")
        }
        let bytes = try await body.collect(upTo: limits.bytes)
        do {
            return try JSONValue(parsing: bytes, limits: limits)
        } catch {
            throw HTTPError(.badRequest, code: "invalid_json", detail: "The body is not valid JSON: \(error).")
        }
    }

    /// Does work that is of use only to the client of this request: its task is cancelled as soon as the client has gone.
    ///
    /// For long computations. A client that has ended its side of the connection is taken to have gone, as by proxies:
    /// the two can't be told apart. So read the body first.
    ///
    /// ```swift
    /// let transcript = try await request.whileClientWaits { try await recognizer.transcribe(waveform) }
    /// ```
    ///
    /// - Throws: What `work` throws; ``HTTPError/connectionClosed`` when that is because the client has gone.
    public func whileClientWaits<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let exchange else { return try await work() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await exchange.connection.waitForDeparture(during: exchange.number)
                return nil
            }
            var hasGone = false
            do {
                while let outcome = try await group.next() {
                    group.cancelAll()
                    if let value = outcome { return value }
                    hasGone = true
                }
            } catch {
                group.cancelAll()
                // A broken connection cancels this task, too.
                throw hasGone || Task.isCancelled ? HTTPError.connectionClosed : error
            }
            throw HTTPError.connectionClosed
        }
    }

    private static func isSane(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                ASCII.isDigit(byte) || ASCII.lowercased(byte) &- 0x61 < 26 || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            }
    }
}

/// What the braces of a route's pattern stand for in one request.
public struct PathParameters: Sendable, Hashable {
    private var values: [(name: String, value: String)] = []

    /// The value of `{name}`, or nil when the pattern has no such parameter.
    public subscript(name: String) -> String? { values.first { $0.name == name }?.value }

    init() {}

    init(names: [String], values: [String]) {
        self.values = Array(zip(names, values))
    }

    /// Whether names and values are the same, in order.
    public static func == (first: PathParameters, second: PathParameters) -> Bool {
        first.values.elementsEqual(second.values) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Feeds names and values to the hasher.
    public func hash(into hasher: inout Hasher) {
        for pair in values {
            hasher.combine(pair.name)
            hasher.combine(pair.value)
        }
    }
}

/// Short names for numbers.
enum Base32 {
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// Thirteen characters (Crockford's alphabet in lower case); a string this short needs no allocation.
    static func text(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 13) { buffer in
            for index in 0..<13 {
                buffer[index] = digits[Int(number &>> UInt64(60 - 5 * index) & 31)]
            }
            return 13
        }
    }
}
