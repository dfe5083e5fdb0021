// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Foundation
import HTTP

/// A server on a free loopback port, for one test.
struct TestServer {
    let port: Int
    let server: HTTPServer

    /// Serves while `body` runs, then shuts down and waits for the end.
    static func run<Value>(
        limits: HTTPLimits = HTTPLimits(), address: String = "127.0.0.1", loops: Int = 1,
        proxies: Set<String> = [], grace: Duration = .seconds(5),
        observer: (@Sendable (HTTPExchange) -> Void)? = nil,
        handler: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse,
        _ body: (TestServer) async throws -> Value
    ) async throws -> Value {
        let configuration = HTTPServerConfiguration(
            address: address, port: 0, eventLoops: loops, limits: limits, trustedProxies: proxies, shutdownGrace: grace)
        let server = try HTTPServer(configuration: configuration, observer: observer) { request in
            do { return try await handler(request) } catch { return .problem(error, requestID: request.id) }
        }
        server.start()
        let result: Result<Value, any Error>
        do { result = .success(try await body(TestServer(port: server.port, server: server))) } catch {
            result = .failure(error)
        }
        server.shutdown()
        await server.run()
        return try result.get()
    }

    /// Runs blocking client code on a thread of its own.
    func client<Value: Sendable>(_ body: @escaping @Sendable (Client) throws -> Value) async throws -> Value {
        let port = port
        return try await offPool {
            let client = try Client(port: port, address: server.address)
            defer { client.close() }
            return try body(client)
        }
    }
}

/// Runs blocking code on a thread of its own, so that it never holds a thread of the cooperative pool.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}

struct ClientError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A raw client that sends exactly the bytes it is told to.
final class Client {
    struct Response {
        var status: Int
        var headers: [(name: String, value: String)]
        var body: [UInt8]

        subscript(name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let socket: Int32
    private var buffer: [UInt8] = []

    init(port: Int, address: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws {
        let isV6 = address.contains(":")
        socket = Glibc.socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var receiveBuffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        // A hang is a failure: nothing in these tests may take this long.
        var time = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let result: Int32
        if isV6 {
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = in_port_t(UInt16(port).bigEndian)
            inet_pton(AF_INET6, address, &name.sin6_addr)
            result = withUnsafePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = in_port_t(UInt16(port).bigEndian)
            inet_pton(AF_INET, address, &name.sin_addr)
            result = withUnsafePointer(to: &name) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        guard result == 0 else { throw ClientError("connect: \(errno)") }
    }

    private var isOpen = true

    func close() {
        if isOpen { Glibc.close(socket) }
        isOpen = false
    }

    /// Closes with a reset instead of a proper end.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ClientError("send: \(errno)") }
            start += count
        }
    }

    /// Sends a little again and again until the server answers.
    func trickle(_ text: String) throws -> Response {
        for character in repeatElement(text, count: 2000).joined() {
            try send(String(character))
            var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            if Glibc.poll(&poll, 1, 2) > 0 { return try readResponse() }
        }
        throw ClientError("the server never answers")
    }

    /// Sends until neither kernel takes more at once.
    func sendUntilFull(limit: Int) throws -> Int {
        let block = [UInt8](repeating: 1, count: 64 << 10)
        var sent = 0
        while sent < limit {
            let count = Glibc.send(
                socket, block, min(block.count, limit - sent), Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count < 0, errno == EAGAIN {
                var poll = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
                if Glibc.poll(&poll, 1, 100) == 0 { return sent }
                continue
            }
            guard count > 0 else { throw ClientError("send: \(errno)") }
            sent += count
        }
        return sent
    }

    /// Reads on; false at the end of the connection.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &chunk, chunk.count, 0)
        if count < 0, errno == EAGAIN { throw ClientError("the server hangs") }
        guard count >= 0 else { throw ClientError("receive: \(errno)") }
        buffer += chunk[..<count]
        return count > 0
    }

    func readLine() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 1)
                return line.hasSuffix("\r") ? String(line.dropLast()) : line
            }
            guard try fill() else { throw ClientError("the connection ended within a line") }
        }
    }

    func read(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try fill() else { throw ClientError("the connection ended within the body") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { buffer = [] }
        return buffer
    }

    /// Whether the server closes the connection without sending more.
    func isClosed() throws -> Bool {
        if !buffer.isEmpty { return false }
        do { return try !fill() } catch let error as ClientError { return error.description.hasPrefix("receive: 104") }
    }

    func readHead() throws -> Response {
        let line = try readLine()
        guard line.hasPrefix("HTTP/1.1 "), let status = Int(line.dropFirst(9).prefix(3)) else {
            throw ClientError("no status line: \(line)")
        }
        var response = Response(status: status, headers: [], body: [])
        while true {
            let line = try readLine()
            if line.isEmpty { return response }
            guard let colon = line.firstIndex(of: ":") else { throw ClientError("no field: \(line)") }
            response.headers.append(
                (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " })))
        }
    }

    func readChunk() throws -> [UInt8] {
        guard let size = Int(try readLine(), radix: 16) else { throw ClientError("no chunk size") }
        let bytes = try read(size)
        _ = try readLine()
        return bytes
    }

    func readResponse(toHead: Bool = false) throws -> Response {
        var response = try readHead()
        if toHead || response.status == 204 || response.status == 304 || response.status < 200 { return response }
        if let length = response["content-length"].flatMap({ Int($0) }) {
            response.body = try read(length)
        } else if response["transfer-encoding"] == "chunked" {
            while true {
                let chunk = try readChunk()
                if chunk.isEmpty { break }
                response.body += chunk
            }
        } else {
            response.body = try readToEnd()
        }
        return response
    }

    func get(_ path: String, _ fields: String = "") throws -> Response {
        try send("GET \(path) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n")
        return try readResponse()
    }
}
