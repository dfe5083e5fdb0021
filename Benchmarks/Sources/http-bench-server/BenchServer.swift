// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import HTTP
import JSON

/// The smallest server that `Benchmarks/bench_http.py` can measure: a JSON reply, and an upload written to disk.
///
/// usage: http-bench-server PORT LOOPS UPLOAD-FILE
@main
enum BenchServer {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let port = Int(arguments[1]), let loops = Int(arguments[2]) else {
            print("usage: http-bench-server PORT LOOPS UPLOAD-FILE")
            exit(64)
        }
        let path = arguments[3]
        var limits = HTTPLimits()
        // All load comes from one address, on connections that stay open.
        limits.connectionsPerAddress = 4096
        limits.keepAliveRequests = .max
        var router = Router()
        // Serialised for every request, as FastAPI does.
        let reply: JSONValue = ["id": "0190a1b2-0000-7000-8000-000000000000", "status": "transcribed", "words": 120]
        router.add(.get, "/json") { _ in .json(reply) }
        router.add(.post, "/upload") { request in
            let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw HTTPError.serviceUnavailable("no file", retryAfter: 1) }
            defer { close(file) }
            var size = 0
            for try await chunk in request.body {
                // Blocking, and on the loop's thread: it is the only client here.
                guard write(file, chunk, chunk.count) == chunk.count else {
                    throw HTTPError.serviceUnavailable("disk full", retryAfter: 1)
                }
                size += chunk.count
            }
            return .json(["size": .integer(Int64(size))], status: .created)
        }
        let routes = router
        let server = try HTTPServer(
            configuration: .init(port: port, eventLoops: loops, limits: limits)
        ) { await routes.respond(to: $0) }
        await server.run()
    }
}
