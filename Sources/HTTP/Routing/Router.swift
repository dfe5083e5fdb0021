// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What answers the requests of a route.
///
/// Handlers run on the event loop of their connection. Write them without a capture list: Swift 6.3 takes a closure
/// with one for `@concurrent`, and every request would travel to the cooperative pool and back.
public typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// Finds the handler for a method and a path.
///
/// A pattern is a path in which a whole segment may be a name in braces. Where a segment and a name both fit, the
/// segment wins. GET routes answer HEAD, OPTIONS is answered with what is allowed, a known path with another method
/// with 405, and whatever handlers throw becomes problem details.
///
/// ```swift
/// var router = Router()
/// router.add(.get, "/api/v1/responses/{id}/transcript") { request in
///     .json(["id": .optional(request.parameters["id"])])
/// }
/// let response = await router.respond(to: request)
/// ```
public struct Router: Sendable {
    /// A method and a pattern.
    public struct Route: Sendable, Hashable {
        /// The method.
        public let method: HTTPMethod
        /// The pattern as it was added.
        public let pattern: String
    }

    /// What a method and a path lead to.
    public enum Match: Sendable {
        /// A handler, with the path's parameters and the pattern it was added for.
        case handler(HTTPHandler, parameters: PathParameters, pattern: String)
        /// The path is known, the method is not; these are.
        case methodNotAllowed(allowed: [HTTPMethod], pattern: String)
        /// No pattern fits the path.
        case notFound
    }

    /// All routes in the order they were added.
    public private(set) var routes: [Route] = []
    private var root = Node()
    /// The patterns without parameters, for finding them at once.
    private var plain: [String: Node] = [:]
    private let errorResponse: @Sendable (any Error, HTTPRequest) -> HTTPResponse

    /// Creates a router without routes.
    ///
    /// - Parameter errorResponse: Turns what a handler threw into a response, and logs it where that is called for;
    ///   ``HTTPResponse/problem(_:requestID:)`` unless given.
    public init(
        errorResponse: @escaping @Sendable (any Error, HTTPRequest) -> HTTPResponse = {
            .problem($0, requestID: $1.id)
        }
    ) {
        self.errorResponse = errorResponse
    }

    /// Adds a route.
    ///
    /// - Precondition: The pattern starts with a slash and the route is not there yet.
    public mutating func add(_ method: HTTPMethod, _ pattern: String, _ handler: @escaping HTTPHandler) {
        precondition(pattern.hasPrefix("/"), "the pattern \(pattern) does not start with a slash")
        var names: [String] = []
        let segments = Self.segments(pattern).map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return Segment.text(segment) }
            names.append(String(segment.dropFirst().dropLast()))
            return .parameter
        }
        let endpoint = Endpoint(handler: handler, names: names, pattern: pattern)
        let isNew = root.insert(endpoint, for: method, at: segments[...])
        precondition(isNew, "the route \(method) \(pattern) was added twice")
        if names.isEmpty { plain[pattern, default: Node()].endpoints[method] = endpoint }
        routes.append(Route(method: method, pattern: pattern))
    }

    /// Finds what answers a method and a path.
    public func match(_ method: HTTPMethod, path: String) -> Match {
        var values: [String] = []
        let node =
            plain[path] ?? (path.utf8.first == ASCII.slash ? root.find(Self.segments(path)[...], &values) : nil)
        guard let node else { return .notFound }
        let endpoint = node.endpoints[method] ?? (method == .head ? node.endpoints[.get] : nil)
        guard let endpoint else {
            let pattern = node.endpoints.values.map(\.pattern).min() ?? ""
            return .methodNotAllowed(allowed: node.allowed, pattern: pattern)
        }
        return .handler(
            endpoint.handler, parameters: PathParameters(names: endpoint.names, values: values),
            pattern: endpoint.pattern)
    }

    /// Answers a request, whatever happens.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        var response: HTTPResponse
        switch match(request.method, path: request.path) {
        case .handler(let handler, let parameters, let pattern):
            var request = request
            request.parameters = parameters
            do {
                response = try await handler(request)
            } catch {
                response = errorResponse(error, request)
            }
            response.route = pattern
        case .methodNotAllowed(let allowed, let pattern):
            let allow: HTTPHeaders = ["Allow": allowed.map(\.rawValue).joined(separator: ", ")]
            if request.method == .options {
                response = HTTPResponse(status: .noContent, headers: allow)
            } else {
                let error = HTTPError(
                    .methodNotAllowed, code: "method_not_allowed",
                    detail: "This address answers other methods: see the Allow field.", headers: allow)
                response = errorResponse(error, request)
            }
            response.route = pattern
        case .notFound:
            if request.method == .options, request.path == "*" { return .noContent }
            response = errorResponse(HTTPError.notFound("There is nothing at this address."), request)
        }
        return response
    }

    private static func segments(_ path: String) -> [String] {
        path.utf8.dropFirst().split(separator: ASCII.slash, omittingEmptySubsequences: false).map {
            String(Substring($0))
        }
    }
}

private enum Segment {
    case text(String)
    case parameter
}

private struct Endpoint: Sendable {
    let handler: HTTPHandler
    let names: [String]
    let pattern: String
}

/// A place in the tree of patterns: what may follow, and what is here.
private struct Node: Sendable {
    var texts: [String: Node] = [:]
    /// At most one node, in an array because a struct can't contain itself.
    var parameter: [Node] = []
    var endpoints: [HTTPMethod: Endpoint] = [:]

    /// The methods that are answered here, as `Allow` lists them.
    var allowed: [HTTPMethod] {
        HTTPMethod.known.filter { method in
            endpoints[method] != nil || method == .options || method == .head && endpoints[.get] != nil
        }
    }

    mutating func insert(_ endpoint: Endpoint, for method: HTTPMethod, at path: ArraySlice<Segment>) -> Bool {
        switch path.first {
        case nil:
            guard endpoints[method] == nil else { return false }
            endpoints[method] = endpoint
            return true
        case .text(let text):
            return texts[text, default: Node()].insert(endpoint, for: method, at: path.dropFirst())
        case .parameter:
            if parameter.isEmpty { parameter.append(Node()) }
            return parameter[0].insert(endpoint, for: method, at: path.dropFirst())
        }
    }

    /// The node for a path, and what its parameters stand for. An empty segment is no parameter.
    func find(_ path: ArraySlice<String>, _ values: inout [String]) -> Node? {
        guard let segment = path.first else { return endpoints.isEmpty ? nil : self }
        if let node = texts[segment]?.find(path.dropFirst(), &values) { return node }
        guard let next = parameter.first, !segment.isEmpty else { return nil }
        values.append(segment)
        if let node = next.find(path.dropFirst(), &values) { return node }
        values.removeLast()
        return nil
    }
}
