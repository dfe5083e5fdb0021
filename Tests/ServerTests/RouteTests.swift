// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Foundation
import HTTP
import JSON
import TestSupport
import Testing

@testable import Server

@Suite("Routes")
struct RouteTests {
    /// Everything the router answers, except the pages and their files.
    private func apiRoutes(_ server: TestServer) -> [Route] {
        server.application.routeTable.filter { route in
            !PageRoutes.pages.contains(route.pattern) && !route.pattern.hasPrefix("/assets/")
                && route.pattern != "/openapi.json"
        }
    }

    @Test func `are described in the OpenAPI document, each with its method, and nothing else is`() async throws {
        let server = try await TestServer()
        let document = try await server.send(.get, "/openapi.json").json
        var described: Set<String> = []
        for path in document["paths"]?.object?.members ?? [] {
            for operation in path.value.object?.keys ?? [] where operation != "parameters" {
                described.insert("\(operation.uppercased()) \(path.key)")
            }
        }
        let known = Set(apiRoutes(server).map { "\($0.method) \($0.pattern)" })
        #expect(described.subtracting(known).sorted() == ["GET /docs", "GET /openapi.json"])
        #expect(known.subtracting(described).sorted() == [])
    }

    @Test func `that need an account refuse strangers, forged tokens and tokens of ended sessions`() async throws {
        let school = try await TestSchool()
        let routes = apiRoutes(school.server).filter { $0.access != .anyone }
        #expect(routes.count > 30)
        _ = try await school.server.send(.post, "/api/v1/auth/logout_all", as: school.otherStudent)
        for route in routes {
            let path = filled(route.pattern)
            for token in [nil, "x.y.z", school.otherStudent] {
                let reply = try await school.server.send(route.method, path, as: token)
                #expect(reply.status == 401, "\(route.method) \(path)")
                // Below /v1 clients expect OpenAI's errors.
                let type = path.hasPrefix("/v1/") ? "application/json" : "application/problem+json"
                #expect(reply.headers["Content-Type"] == type, "\(path)")
            }
        }
    }

    @Test func `for some roles refuse the others`() async throws {
        let school = try await TestSchool()
        for route in apiRoutes(school.server) {
            guard case .roles(let roles) = route.access else { continue }
            for (role, token) in [(Role.student, school.student), (.educator, school.educator)]
            where !roles.contains(role) {
                let reply = try await school.server.send(route.method, filled(route.pattern), as: token)
                #expect(reply.status == 403, "\(route.method) \(route.pattern) as \(role)")
            }
        }
    }

    @Test func `look the same for foreign and for missing objects`() async throws {
        let school = try await TestSchool()
        let missing = Identifier<Course>().text
        for (pattern, foreign) in [
            ("/api/v1/courses/{id}", school.course), ("/api/v1/questions/{id}", school.question),
        ] {
            for token in [school.otherStudent, school.otherEducator] {
                let one = try await school.server.send(
                    .get, pattern.replacingOccurrences(of: "{id}", with: foreign), as: token)
                let other = try await school.server.send(
                    .get, pattern.replacingOccurrences(of: "{id}", with: missing), as: token)
                #expect(one.status == 404 && other.status == 404)
                #expect(withoutRequestID(one) == withoutRequestID(other))
            }
        }
    }

    @Test func `show the expected answer to those who teach and to nobody else`() async throws {
        let school = try await TestSchool()
        let path = "/api/v1/questions/\(school.question)"
        for token in [school.educator, school.admin] {
            #expect(try await school.server.send(.get, path, as: token).json["expected_answer"]?.string != nil)
        }
        let seen = try await school.server.send(.get, path, as: school.student)
        #expect(seen.status == 200)
        #expect(!seen.text.contains("warfarin"))
        #expect(try await school.server.send(.get, "\(path)/versions", as: school.student).status == 403)
    }

    @Test func `take no field that nobody may set`() async throws {
        let school = try await TestSchool()
        let reply = try await school.server.send(
            .patch, "/api/v1/me", as: school.student,
            json: ["name": "Sam", "role": "admin", "tenant": "other", "disabled": true, "id": "1", "email": "x@y.zz"])
        #expect(reply.status == 200)
        #expect(reply.json["name"]?.string == "Sam")
        #expect(reply.json["role"]?.string == "student")
        #expect(reply.json["email"]?.string == "student@school.example")
        #expect(reply.json["disabled"]?.bool == false)
    }

    @Test func `are open to a program with an API token, as its owner and no further`() async throws {
        let school = try await TestSchool()
        let made = try await school.server.send(
            .post, "/api/v1/me/tokens", as: school.student, json: ["name": "Script", "days": 1])
        #expect(made.status == 201)
        let token = try #require(made.json["token"]?.string)
        let listed = try await school.server.send(.get, "/api/v1/me/tokens", as: school.student)
        #expect(!listed.text.contains(token) && listed.json["items"]?.array?.count == 1)
        #expect(
            try await school.server.send(.get, "/api/v1/me", as: token).json["email"]?.string?.hasPrefix("student")
                == true)
        #expect(try await school.server.send(.get, "/api/v1/users", as: token).status == 403)
        let more = try await school.server.send(.post, "/api/v1/me/tokens", as: token, json: ["name": "Another"])
        #expect(more.status == 403 && more.code == "login_required")
        for days in [JSONValue.integer(0), 1.5, "7"] {
            let refused = try await school.server.send(
                .post, "/api/v1/me/tokens", as: school.student, json: ["name": "x", "days": days])
            #expect(refused.status == 422 || refused.status == 400, "\(refused.text)")
        }
        let id = try #require(made.json["id"]?.string)
        #expect(try await school.server.send(.delete, "/api/v1/me/tokens/\(id)", as: school.educator).status == 404)
        #expect(try await school.server.send(.delete, "/api/v1/me/tokens/\(id)", as: school.student).status == 204)
        #expect(try await school.server.send(.get, "/api/v1/me", as: token).status == 401)
    }

    @Test func `refuse requests that ride on a browser's cookie from another site`() async throws {
        let school = try await TestSchool()
        let login: JSONValue = [
            "email": "student@school.example", "password": .string(TestSchool.password), "cookie": true,
        ]
        let own: HTTPHeaders = ["Origin": "http://localhost:8080", "Host": "localhost:8080"]
        let foreign = try await school.server.send(
            .post, "/api/v1/auth/login", headers: ["Origin": "http://evil.example", "Host": "localhost:8080"],
            json: login)
        #expect(foreign.status == 403)
        let reply = try await school.server.send(.post, "/api/v1/auth/login", headers: own, json: login)
        #expect(reply.status == 200)
        #expect(reply.json["access_token"] == nil)
        let cookie = try #require(reply.headers["Set-Cookie"])
        for attribute in ["__Host-oracy=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
            #expect(cookie.contains(attribute))
        }
        let pair = String(cookie.prefix { $0 != ";" })
        #expect(try await school.server.send(.get, "/api/v1/me", headers: ["Cookie": pair]).status == 200)
        let change: JSONValue = ["name": "New name"]
        for headers: HTTPHeaders in [
            ["Cookie": pair], ["Cookie": pair, "Origin": "null"],
            ["Cookie": pair, "Origin": "http://evil.example", "Host": "localhost:8080"],
            ["Cookie": pair, "Sec-Fetch-Site": "cross-site"],
        ] {
            #expect(try await school.server.send(.patch, "/api/v1/me", headers: headers, json: change).status == 403)
        }
        let allowed: HTTPHeaders = ["Cookie": pair, "Origin": "http://localhost:8080", "Host": "localhost:8080"]
        #expect(try await school.server.send(.patch, "/api/v1/me", headers: allowed, json: change).status == 200)
    }

    @Test func `answer bad bodies with every fault at once`() async throws {
        let school = try await TestSchool()
        let reply = try await school.server.send(
            .post, "/api/v1/questions", as: school.educator,
            json: ["course_id": "nope", "title": 7, "prompt": "a\u{0}b", "time_limit": 100_000])
        #expect(reply.status == 422)
        let fields = reply.json["errors"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(Set(fields) == ["course_id", "title", "prompt", "expected_answer", "time_limit"])
        for body in ["", "{", "[]", "{\"a\":1,\"a\":2}", "\u{FEFF}{}"] {
            let reply = try await school.server.send(
                .post, "/api/v1/courses", as: school.educator, headers: ["Content-Type": "application/json"],
                body: Array(body.utf8))
            #expect(reply.status == 400 && reply.code == "invalid_json", "\(body)")
        }
        let form = try await school.server.send(
            .post, "/api/v1/courses", as: school.educator,
            headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array("name=x".utf8))
        #expect(form.status == 415)
    }

    @Test func `keep the languages that answers may be given in, and refuse what are none`() async throws {
        let school = try await TestSchool()
        let weighted: JSONValue = [["language": "en", "weight": 1], ["language": "de", "weight": 2.5]]
        func question(_ languages: JSONValue?) async throws -> TestServer.Reply {
            var body: JSONObject = [
                "course_id": .string(school.course), "title": "A", "prompt": "B", "expected_answer": "C",
            ]
            body["languages"] = languages
            return try await school.server.send(
                .post, "/api/v1/questions", as: school.educator, json: .object(body))
        }
        let made = try await question(["en", ["language": "de", "weight": 2.5]])
        #expect(made.status == 201 && made.json["languages"] == weighted, "\(made.text)")
        let path = "/api/v1/questions/\(made.json["id"]?.string ?? "")"
        #expect(try await school.server.send(.get, path, as: school.student).json["languages"] == weighted)
        #expect(try await question(nil).json["languages"] == [])

        // The course's are those of questions that say nothing.
        let course = "/api/v1/courses/\(school.course)"
        let changed = try await school.server.send(
            .patch, course, as: school.educator, json: ["languages": ["de", "fr"]])
        #expect(changed.json["languages"]?.array?.map { $0["language"]?.string } == ["de", "fr"], "\(changed.text)")
        #expect(try await question(nil).json["languages"] == changed.json["languages"])
        #expect(try await question([]).json["languages"] == [])
        let renamed = try await school.server.send(.patch, course, as: school.educator, json: ["name": "New"])
        #expect(renamed.json["languages"] == changed.json["languages"])

        let wrong: [JSONValue] = [
            "en", ["e"], [7], [["language": "en", "weight": 0]], [["language": "en", "weight": "much"]],
            [["weight": 2]], ["en", "EN"], .array(Array(repeating: "en", count: 21)),
        ]
        for languages in wrong {
            let reply = try await question(languages)
            #expect(reply.status == 422, "\(languages.text): \(reply.text)")
            #expect(reply.json["errors"]?.array?.first?["field"]?.string == "languages")
        }
    }

    @Test func `keep whether a course reads the tone, which it does unless told otherwise`() async throws {
        let school = try await TestSchool()
        let course = "/api/v1/courses/\(school.course)"
        #expect(try await school.server.send(.get, course, as: school.student).json["tone"]?.bool == true)
        let off = try await school.server.send(.patch, course, as: school.educator, json: ["tone": false])
        #expect(off.status == 200 && off.json["tone"]?.bool == false, "\(off.text)")
        let renamed = try await school.server.send(.patch, course, as: school.educator, json: ["name": "New"])
        #expect(renamed.json["tone"]?.bool == false)
        #expect(try await school.server.send(.get, course, as: school.student).json["tone"]?.bool == false)
        let wrong = try await school.server.send(.patch, course, as: school.educator, json: ["tone": "off"])
        #expect(wrong.json["errors"]?.array?.first?["field"]?.string == "tone", "\(wrong.text)")
        #expect(try await school.server.send(.patch, course, as: school.student, json: ["tone": true]).status == 403)
        let made = try await school.server.send(
            .post, "/api/v1/courses", as: school.educator, json: ["name": "Quiet", "tone": false])
        #expect(made.status == 201 && made.json["tone"]?.bool == false, "\(made.text)")
    }

    @Test(
        arguments: [
            ("", "en"), (".", nil), ("Ja, das ist gut.", "de"), ("Я 病人 وقال «hello» 👩‍⚕️ \u{200D}\u{FEFF}", nil),
            ("A.\u{0301}", "tlh"), (String(repeating: "a", count: 5_000), "en"),
            (String(repeating: "Take 5 mg of ibuprofen twice a day. ", count: 2_000), "en"),
        ] as [(String, String?)])
    func `measure any text, and name the engine and why there is no tone`(text: String, language: String?) async throws
    {
        let school = try await TestSchool()
        let reply = try await school.server.send(
            .post, "/api/v1/analyze", as: school.educator,
            json: ["text": .string(text), "language": .optional(language)])
        #expect(reply.status == 200, "\(reply.text.prefix(200))")
        #expect(reply.json["engine"]?.string?.hasPrefix("oracy-analysis/") == true)
        #expect(reply.json["engine"]?.string?.contains(" oracy-findings/") == true)
        #expect(reply.json["sentiment"]?["label"] == "na" && reply.json["sentiment"]?["reason"]?.string != nil)
        let doses = reply.json["entity_counts"]?["DOSE"]?.integer
        #expect(doses == (text.hasPrefix("Take") ? 2_000 : nil))
        for evidence in reply.json["measures"]?.array?.flatMap({ $0["evidence"]?.array ?? [] }) ?? [] {
            #expect(evidence["text"]?.string?.isEmpty == false && evidence["start"]?.integer != nil)
            #expect(evidence.object?["start_s"] == nil)
        }
    }

    @Test(arguments: ["klingon", "xq", "English", "e"])
    func `refuse what is no code of a language`(language: String) async throws {
        let school = try await TestSchool()
        let reply = try await school.server.send(
            .post, "/api/v1/analyze", as: school.educator, json: ["text": "Yes.", "language": .string(language)])
        #expect(reply.status == 422 && reply.text.contains("code"), "\(reply.text)")
    }

    @Test func `page through lists without gaps or repetitions`() async throws {
        let school = try await TestSchool()
        for number in 0..<7 {
            _ = try await school.server.send(
                .post, "/api/v1/courses", as: school.educator, json: ["name": .string("Course \(number)")])
        }
        var names: [String] = []
        var path = "/api/v1/courses?limit=3"
        while true {
            let page = try await school.server.send(.get, path, as: school.educator).json
            names += page["items"]?.array?.compactMap { $0["name"]?.string } ?? []
            guard let next = page["next"]?.string else { break }
            path =
                "/api/v1/courses?limit=3&after=\(next.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }
        #expect(names.count == 8 && Set(names).count == 8)
        #expect(try await school.server.send(.get, "/api/v1/courses?limit=0", as: school.educator).status == 422)
        #expect(try await school.server.send(.get, "/api/v1/courses?limit=201", as: school.educator).status == 422)
    }

    @Test func `serve pages and assets with their policy, and nothing else below assets`() async throws {
        let server = try await TestServer()
        let page = try await server.send(.get, "/courses/\(Identifier<Course>())")
        #expect(page.status == 200 && page.text.contains("<!doctype html>"))
        let asset = try #require(page.text.firstMatch(of: /"(\/assets\/[^"]+\.js)"/)?.output.1)
        let script = try await server.send(.get, String(asset))
        #expect(script.status == 200)
        #expect(script.headers["Cache-Control"] == "public, max-age=31536000, immutable")
        let tag = try #require(script.headers["ETag"])
        #expect(try await server.send(.get, String(asset), headers: ["If-None-Match": tag]).status == 304)
        #expect(try await server.send(.get, "/assets/x/app.js").status == 404)
    }

    private func filled(_ pattern: String) -> String {
        pattern.replacing(/\{[a-z_]+\}/) { _ in Identifier<User>().text }
    }

    private func withoutRequestID(_ reply: TestServer.Reply) -> JSONValue? {
        var object = reply.json.object
        object?["request_id"] = nil
        return object.map(JSONValue.object)
    }
}
