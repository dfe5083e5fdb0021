// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
import Testing

@Suite("The router")
struct RouterTests {
    static let router: Router = {
        var router = Router()
        func name(_ text: String) -> HTTPHandler {
            { request in .text("\(text) \(request.parameters["id"] ?? "-") \(request.parameters["n"] ?? "-")") }
        }
        router.add(.get, "/", name("root"))
        router.add(.get, "/responses", name("list"))
        router.add(.post, "/responses", name("create"))
        router.add(.get, "/responses/{id}", name("one"))
        router.add(.get, "/responses/new", name("new"))
        router.add(.get, "/responses/{id}/parts/{n}", name("part"))
        router.add(.put, "/responses/{id}/parts/{n}", name("put"))
        router.add(.get, "/responses/new/drafts", name("drafts"))
        router.add(.delete, "/trailing/", name("trailing"))
        router.add(.get, "/broken") { _ in throw HTTPError.notFound("gone") }
        return router
    }()

    func answer(_ method: HTTPMethod, _ path: String) async throws -> HTTPResponse {
        await Self.router.respond(to: try HTTPRequest(method: method, target: path))
    }

    @Test(arguments: [
        ("/", "root - -"), ("/responses", "list - -"), ("/responses/7", "one 7 -"), ("/responses/new", "new - -"),
        ("/responses/a%20b", "one a b -"), ("/responses/7/parts/3", "part 7 3"),
        ("/responses/new/parts/3", "part new 3"), ("/responses/new/drafts", "drafts - -"),
    ])
    func `finds the route`(path: String, expected: String) async throws {
        let response = try await answer(.get, path)
        #expect(String(decoding: try await response.body.collect(), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        "/x", "/responses/", "/responses/7/", "/responses//parts/3", "//", "/trailing", "/responses/7/parts",
    ])
    func `has nothing elsewhere`(path: String) async throws {
        let response = try await answer(.get, path)
        #expect(response.status == .notFound)
        #expect(response.route == nil)
        #expect(response.headers["Content-Type"] == "application/problem+json")
    }

    @Test func `answers other methods with what is allowed`() async throws {
        let refused = try await answer(.delete, "/responses")
        #expect(refused.status == .methodNotAllowed)
        #expect(refused.headers["Allow"] == "GET, HEAD, POST, OPTIONS")
        let unknown = try await answer(HTTPMethod("TRACE"), "/responses/7/parts/1")
        #expect(unknown.status == .methodNotAllowed)
        #expect(unknown.headers["Allow"] == "GET, HEAD, PUT, OPTIONS")
        let options = try await answer(.options, "/trailing/")
        #expect(options.status == .noContent)
        #expect(options.headers["Allow"] == "DELETE, OPTIONS")
        #expect(try await answer(.options, "*").status == .noContent)
        #expect(try await answer(.head, "/trailing/").status == .methodNotAllowed)
        #expect(try await answer(.head, "/responses").status == .ok)
    }

    @Test func `names the pattern that answered`() async throws {
        #expect(try await answer(.get, "/responses/7/parts/3").route == "/responses/{id}/parts/{n}")
        let broken = try await answer(.get, "/broken")
        #expect(broken.route == "/broken")
        #expect(broken.status == .notFound)
        #expect(Self.router.routes.count == 10)
        #expect(Self.router.routes[3].method == .get)
        #expect(Self.router.routes[3].pattern == "/responses/{id}")
    }

    @Test func `lets its owner word the errors`() async throws {
        var router = Router { error, request in .text("\(request.path): \((error as? HTTPError)?.code ?? "other")") }
        router.add(.get, "/broken") { _ in throw CancellationError() }
        for (path, text) in [("/broken", "/broken: other"), ("/x", "/x: not_found")] {
            let response = await router.respond(to: try HTTPRequest(method: .get, target: path))
            #expect(String(decoding: try await response.body.collect(), as: UTF8.self) == text)
        }
    }
}
