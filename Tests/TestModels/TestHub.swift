// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import HTTP
public import JSON
import Synchronization

/// A hub of models on a loopback port: the API's revisions and lists, `resolve` with its fields, and a second path that
/// stands for the network of copies that large files are fetched from.
public final class TestHub: Sendable {
    /// What goes wrong with one request; each fault happens once.
    public enum Fault: Sendable {
        /// The status, with a field such as `Retry-After: 7`.
        case status(Int, field: (String, String)? = nil)
        /// The connection breaks after so many bytes.
        case breakOff(after: Int)
        /// Something else is sent, with status 200.
        case answer([UInt8], type: String = "text/html")
        /// A redirection.
        case redirect(String)
        /// Nothing, until the hub is closed.
        case silence
    }

    /// A repository with one commit.
    public struct Repository: Sendable {
        /// The commit.
        public var commit: String = "0123456789abcdef0123456789abcdef01234567"
        /// The licence that the card states.
        public var licence: String?
        /// The files by path.
        public var files: [String: [UInt8]]
        /// Files that are listed with their SHA-256 and fetched from the network of copies.
        public var large: Set<String>
        /// Entries of the list that are not as the files are.
        public var listing: [String: JSONValue] = [:]
        /// Fields of the answer for a file that are not as they should be.
        public var fields: [String: [(String, String)]] = [:]

        /// Describes a repository with one commit.
        public init(licence: String? = "apache-2.0", files: [String: [UInt8]], large: Set<String> = []) {
            self.licence = licence
            self.files = files
            self.large = large
        }
    }

    private struct State: Sendable {
        var repositories: [String: Repository] = [:]
        var faults: [String: [Fault]] = [:]
        var requests: [(path: String, headers: HTTPHeaders)] = []
        var generation = 1
        var pageSize = Int.max
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    public let address: String
    private let server: HTTPServer
    private let state: StateBox

    private final class StateBox: Sendable {
        let value = Mutex(State())
        let gate = Gate()
    }

    /// Starts a hub without repositories.
    public init() throws {
        let state = StateBox()
        self.state = state
        var limits = HTTPLimits()
        limits.minimumRate = 0
        server = try HTTPServer(
            configuration: HTTPServerConfiguration(
                port: 0, eventLoops: 1, limits: limits, shutdownGrace: .milliseconds(100))
        ) { request in
            await Self.answer(request, state)
        }
        address = "http://\(server.localAddress)"
        server.start()
    }

    deinit {
        state.gate.open()
        server.shutdown()
    }

    /// Every request so far: the path with its query.
    public var paths: [String] { state.value.withLock { $0.requests.map(\.path) } }

    /// The values of a field in all requests whose path has a part.
    public func values(of field: String, where part: String) -> [String?] {
        state.value.withLock { state in
            state.requests.filter { $0.path.contains(part) }.map { $0.headers[field] }
        }
    }

    /// Forgets the requests so far.
    public func forget() { state.value.withLock { $0.requests = [] } }

    /// Adds or replaces a repository.
    public func set(_ name: String, _ repository: Repository) {
        state.value.withLock { $0.repositories[name] = repository }
    }

    /// Changes a repository.
    public func change(_ name: String, _ body: (inout Repository) -> Void) {
        state.value.withLock { state in
            guard var repository = state.repositories[name] else { return }
            body(&repository)
            state.repositories[name] = repository
        }
    }

    /// Queues faults for requests whose path has that part.
    public func fail(_ part: String, _ faults: Fault...) {
        state.value.withLock { $0.faults[part, default: []] += faults }
    }

    /// Gives every file another entity tag.
    public func renewTags() { state.value.withLock { $0.generation += 1 } }

    /// Splits lists of files into pages.
    public func setPageSize(_ size: Int) { state.value.withLock { $0.pageSize = size } }

    // MARK: Answers

    private static func answer(_ request: HTTPRequest, _ box: StateBox) async -> HTTPResponse {
        let (state, fault) = box.value.withLock { state -> (State, Fault?) in
            state.requests.append((request.target, request.headers))
            for (part, faults) in state.faults where request.target.contains(part) && !faults.isEmpty {
                state.faults[part] = Array(faults.dropFirst())
                return (state, faults[0])
            }
            return (state, nil)
        }
        switch fault {
        case .status(let code, let field):
            var response = HTTPResponse(status: HTTPStatus(code), body: .text("no"))
            if let field { response.headers.set(field.0, field.1) }
            return response
        case .answer(let bytes, let type): return .bytes(bytes, contentType: type)
        case .redirect(let place): return .redirect(to: place, status: .found)
        case .silence:
            await box.gate.wait()
            return HTTPResponse(status: HTTPStatus(503))
        case .breakOff, nil: break
        }
        let parts = request.path.split(separator: "/").map(String.init)
        if parts.count >= 5, parts[0] == "api", parts[1] == "models",
            let repository = state.repositories["\(parts[2])/\(parts[3])"]
        {
            return parts[4] == "revision" ? revision(parts, repository) : tree(request, repository, state)
        }
        var limit: Int?
        if case .breakOff(let count) = fault { limit = count }
        if parts.count >= 5, parts[2] == "resolve", let repository = state.repositories["\(parts[0])/\(parts[1])"] {
            return resolve(request, parts, repository, state, limit)
        }
        if parts.first == "copies", let repository = state.repositories["\(parts[1])/\(parts[2])"] {
            return content(request, repository.files[parts.dropFirst(3).joined(separator: "/")], state, limit)
        }
        return HTTPResponse(status: .notFound, body: .text("Repository not found"))
    }

    private static func revision(_ parts: [String], _ repository: Repository) -> HTTPResponse {
        guard parts.count == 6, ["main", repository.commit].contains(parts[5]) else {
            return HTTPResponse(status: .notFound)
        }
        var json: JSONObject = ["id": .string("\(parts[2])/\(parts[3])"), "sha": .string(repository.commit)]
        json["cardData"] = ["license": .optional(repository.licence), "language": ["en"]]
        json["gated"] = false
        return .json(.object(json))
    }

    private static func tree(_ request: HTTPRequest, _ repository: Repository, _ state: State) -> HTTPResponse {
        var entries: [JSONValue] = [["type": "directory", "oid": "0", "size": 0, "path": "onnx"]]
        for (name, bytes) in repository.files.sorted(by: { $0.key < $1.key }) {
            if let entry = repository.listing[name] {
                entries.append(entry)
                continue
            }
            var entry: JSONObject = [
                "type": "file", "path": .string(name), "size": .integer(Int64(bytes.count)),
                "oid": .string(TestFiles.gitBlob(bytes)),
            ]
            if repository.large.contains(name) {
                entry["oid"] = .string(TestFiles.gitBlob(Array("pointer".utf8)))
                entry["lfs"] = [
                    "oid": .string(TestFiles.sha256(bytes)), "size": .integer(Int64(bytes.count)), "pointerSize": 135,
                ]
            }
            entries.append(.object(entry))
        }
        entries += repository.listing.filter { repository.files[$0.key] == nil }.map(\.value)
        let start = request.query["cursor"].flatMap { Int($0) } ?? 0
        let page = entries.dropFirst(start).prefix(state.pageSize)
        var response = HTTPResponse.json(.array(Array(page)))
        if start + page.count < entries.count {
            // The real hub names itself, also through a mirror.
            response.headers.set(
                "Link", "<https://hub.invalid\(request.path)?recursive=true&cursor=\(start + page.count)>; rel=\"next\""
            )
        }
        return response
    }

    private static func resolve(
        _ request: HTTPRequest, _ parts: [String], _ repository: Repository, _ state: State, _ limit: Int?
    ) -> HTTPResponse {
        let name = parts.dropFirst(4).joined(separator: "/")
        guard parts[3] == repository.commit, let bytes = repository.files[name] else {
            return HTTPResponse(status: .notFound)
        }
        var response: HTTPResponse
        if repository.large.contains(name) {
            response = .redirect(to: "/copies/\(parts[0])/\(parts[1])/\(name)?signature=secret", status: .found)
            response.headers.set("X-Linked-Etag", "\"\(TestFiles.sha256(bytes))\"")
            response.headers.set("X-Linked-Size", "\(bytes.count)")
        } else {
            response = content(request, bytes, state, limit)
        }
        response.headers.set("X-Repo-Commit", repository.commit)
        for (field, value) in repository.fields[name] ?? [] { response.headers.set(field, value) }
        return response
    }

    /// A file, or a range of it; cut after `limit` bytes.
    private static func content(
        _ request: HTTPRequest, _ bytes: [UInt8]?, _ state: State, _ limit: Int?
    ) -> HTTPResponse {
        guard let bytes else { return HTTPResponse(status: .notFound) }
        let tag = "\"\(TestFiles.sha256(bytes).prefix(16))-\(state.generation)\""
        var start = 0
        var response = HTTPResponse(status: .ok)
        if let range = request.headers["Range"], request.headers["If-Range"] ?? tag == tag {
            start = Int(range.dropFirst("bytes=".count).dropLast()) ?? 0
            guard start < bytes.count else { return HTTPResponse(status: HTTPStatus(416)) }
            response.status = .partialContent
            response.headers.set("Content-Range", "bytes \(start)-\(bytes.count - 1)/\(bytes.count)")
        }
        response.headers.set("ETag", tag)
        let rest = Array(bytes[start...])
        if let limit {
            response.body = .stream { writer in
                try await writer.write(Array(rest.prefix(limit)))
                throw Break()
            }
        } else {
            response.body = .bytes(rest)
        }
        return response
    }

    private struct Break: Error {}
}

/// Holds tasks until it is opened.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
