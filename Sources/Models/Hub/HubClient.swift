// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc
import JSON

/// Speaks with a hub: revisions, lists of files, files. Blocks; used by one thread.
struct HubClient {
    let configuration: HubConfiguration
    let cancellation: PullCancellation
    /// Told when a request has to be repeated.
    let onRetry: (_ reason: String, _ pause: Duration) -> Void
    private let handle: CurlHandle
    /// Whether the hub has answered anything yet: then a connection that can't be made is worth another try.
    private let contact = Contact()

    private final class Contact { var hasAnswered = false }

    init(
        _ configuration: HubConfiguration, cancellation: PullCancellation,
        onRetry: @escaping (_ reason: String, _ pause: Duration) -> Void
    ) throws(ModelError) {
        self.configuration = configuration
        self.cancellation = cancellation
        self.onRetry = onRetry
        handle = try CurlHandle(cancellation: cancellation)
        guard configuration.token?.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) ?? true else {
            throw ModelError(.invalidMirror, "the token of ORACY_MODELS_TOKEN has characters that no token has.")
        }
        if configuration.token != nil, !configuration.hub.address.isSecure, !configuration.hub.address.isLoopback {
            throw ModelError(
                .invalidMirror,
                "a token is not sent to \(configuration.hub) without encryption. Use its https address, or unset "
                    + "ORACY_MODELS_TOKEN.")
        }
    }

    // MARK: What the hub tells

    /// Describes a branch, tag or commit.
    func revision(of repository: HubRepository, _ revision: String) throws(ModelError) -> HubRevision {
        let path = "/api/models/\(repository)/revision/\(revision.percentEncoded())"
        return try HubRevision(try document(path, of: repository).json)
    }

    /// Lists the files of a commit.
    func files(of repository: HubRepository, commit: String) throws(ModelError) -> [HubFile] {
        let path = "/api/models/\(repository)/tree/\(commit)"
        var files: [HubFile] = []
        var query = "?recursive=true"
        for _ in 0..<100 {
            let (json, head) = try document(path + query, of: repository)
            files += try HubListing.files(json)
            guard files.count <= HubListing.longest else { break }
            guard let next = head["link"].flatMap(Self.nextQuery), next != query else {
                guard Set(files.map(\.path)).count == files.count else {
                    throw ModelError(.unexpectedAnswer, "the hub lists a file of \(repository) twice.")
                }
                return files
            }
            query = next
        }
        throw ModelError(.tooLarge, "\(repository) has more than \(HubListing.longest) files; no model has.")
    }

    /// The query of the next page (RFC 8288); only that, as a mirror may name the original hub there.
    private static func nextQuery(_ link: String) -> String? {
        for part in link.split(separator: ",") where part.contains("rel=\"next\"") {
            guard let start = part.firstIndex(of: "<"), let end = part.firstIndex(of: ">"), start < end,
                let mark = part[start..<end].firstIndex(of: "?")
            else { continue }
            return String(part[mark..<end])
        }
        return nil
    }

    private func document(
        _ path: String, of repository: HubRepository
    ) throws(ModelError) -> (json: JSONValue, head: TransferHead) {
        let body = Collected(limit: 16 << 20)
        let head = try repeating(what: "\(repository)") { () throws -> TransferHead in
            body.bytes = []
            return try follow(path, fields: ["Accept: application/json"]) { (head) throws(ModelError) in
                head.status == 200
            } take: { (bytes) throws(ModelError) in
                try body.take(bytes)
            }
        }
        do {
            let limits = JSONLimits(bytes: body.limit, depth: 64, stringBytes: 4 << 20)
            return (try JSONValue(parsing: body.bytes, limits: limits), head)
        } catch {
            throw ModelError(
                .unexpectedAnswer,
                "\(configuration.hub) does not answer like a hub of models: its answer is not JSON. Is it the right "
                    + "address, and is there a login page in between?")
        }
    }

    private final class Collected {
        let limit: Int
        var bytes: [UInt8] = []
        init(limit: Int) { self.limit = limit }
        func take(_ more: UnsafeRawBufferPointer) throws(ModelError) {
            guard bytes.count + more.count <= limit else {
                throw ModelError(.tooLarge, "the hub's answer is larger than \(limit >> 20) MiB.")
            }
            bytes.append(contentsOf: more)
        }
    }

    // MARK: Requests

    /// A response that may come out better another time.
    struct Unready: Error {
        let reason: String
        /// How long the hub asks to wait.
        let pause: Duration?
        /// Whether the hub has nothing from where a range starts (416).
        var isRefusedRange = false
        /// What to say when there is no other time.
        let final: ModelError
    }

    /// Gets something of the hub, through its redirections.
    ///
    /// - Parameters:
    ///   - path: The path below the hub's address, with its query.
    ///   - fields: Field lines.
    ///   - onHead: Gets the head of every response, redirections included.
    ///   - wants: Says whether the body of the last response is of use.
    ///   - take: Gets that body.
    /// - Throws: ``TransferFailure``, `Unready`, or a ``ModelError`` that no repetition changes.
    func follow(
        _ path: String, fields: [String], onHead: (TransferHead) throws(ModelError) -> Void = { _ in },
        wants: @escaping (TransferHead) throws(ModelError) -> Bool,
        take: @escaping (UnsafeRawBufferPointer) throws(ModelError) -> Void
    ) throws -> TransferHead {
        guard var address = configuration.hub.appending(path) else {
            throw ModelError(.invalidMirror, "\(configuration.hub) is no address that can be used.")
        }
        for _ in 0..<8 {
            var fields = fields
            if let token = configuration.token, address.hasSameOrigin(as: configuration.hub.address) {
                fields.append("Authorization: Bearer \(token)")
            }
            let request = TransferRequest(
                address: address, fields: fields, connectTime: configuration.connectTime,
                stallTime: configuration.stallTime)
            let (head, redirect) = try handle.get(
                request, wants: { (head) throws(ModelError) in head.isRedirection ? false : try wants(head) },
                take: take)
            contact.hasAnswered = true
            try onHead(head)
            guard head.isRedirection else {
                if let problem = problem(head, path) { throw problem }
                return head
            }
            address = try Self.redirection(of: configuration.hub, from: address, to: redirect)
        }
        throw ModelError(.unexpectedAnswer, "\(configuration.hub) redirects in circles.")
    }

    /// Where a redirection may lead: to https, or to http when the hub itself has no encryption to lose.
    static func redirection(
        of hub: HubAddress, from address: WebAddress, to redirect: String?
    ) throws(ModelError) -> WebAddress {
        guard let redirect, let next = WebAddress(redirect) else {
            throw ModelError(.unexpectedAnswer, "\(address.host) redirects to something that is no web address.")
        }
        guard next.isSecure || !hub.address.isSecure else {
            throw ModelError(
                .unexpectedAnswer, "\(address.host) redirects to \(next.host) without encryption, which is refused.")
        }
        return next
    }

    /// What is wrong with a final response; nil for 200 and 206.
    private func problem(_ head: TransferHead, _ path: String) -> (any Error)? {
        let host = configuration.hub.address.host
        switch head.status {
        case 200, 206: return nil
        case 401, 403:
            let advice =
                configuration.token == nil
                ? "If it is gated, accept its terms on the hub and put your token into ORACY_MODELS_TOKEN."
                : "Check that the token of ORACY_MODELS_TOKEN is valid, and that its owner accepted the model's terms."
            return ModelError(
                .unauthorized,
                "\(host) gives access to \(Self.subject(path)) only to some (\(head.status)), or has no such repository. "
                    + advice)
        case 404, 410:
            return ModelError(
                .missing, "\(host) has no \(Self.subject(path)) (\(head.status)). Check its name and revision.")
        case 416:
            return Unready(
                reason: "status 416", pause: .zero, isRefusedRange: true, final: failed(head, path))
        case 408, 425, 429, 500...599:
            return Unready(reason: "status \(head.status)", pause: head.retryAfter, final: failed(head, path))
        default:
            return ModelError(
                .unexpectedAnswer,
                "\(host) answers \(Self.subject(path)) with status \(head.status), which no hub does.")
        }
    }

    private func failed(_ head: TransferHead, _ path: String) -> ModelError {
        let host = configuration.hub.address.host
        let what = head.status == 429 ? "has too much to do" : "fails"
        return ModelError(
            .serverFailed,
            "\(host) \(what) (\(head.status)) for \(Self.subject(path)). The same command goes on later where it stopped."
        )
    }

    /// What a path is about, without its query.
    private static func subject(_ path: String) -> String {
        let path = path.prefix { $0 != "?" }
        return String(path.hasPrefix("/api/models/") ? path.dropFirst("/api/models/".count) : path.dropFirst())
            .printable
    }

    // MARK: Repetition

    /// Does something until it succeeds, fails for good, or has failed too often without any progress.
    ///
    /// - Parameters:
    ///   - what: What is done, for messages.
    ///   - progress: Grows with whatever is gained; a gain makes up for earlier failures.
    ///   - body: One try.
    func repeating<Value>(
        what: String, progress: () -> Int = { 0 }, _ body: () throws -> Value
    ) throws(ModelError) -> Value {
        var failures = 0
        var total = 0
        var gained = progress()
        while true {
            try cancellation.check()
            let reason: String
            let final: ModelError
            var pause: Duration?
            do {
                return try body()
            } catch let error as ModelError {
                throw error
            } catch let unready as Unready {
                (reason, pause, final) = (unready.reason, unready.pause, unready.final)
            } catch let failure as TransferFailure {
                final = explain(failure, what)
                guard failure.kind == .broken || failure.kind == .unreachable && contact.hasAnswered else {
                    throw final
                }
                reason = failure.reason
            } catch {
                throw ModelError(.unexpectedAnswer, "\(error)")
            }
            if progress() > gained { failures = 0 }
            gained = progress()
            failures += 1
            total += 1
            guard failures <= configuration.retries, total <= 1000 else { throw final }
            let wait = pause ?? .seconds(min(1 << (failures - 1), 30))
            guard wait <= configuration.longestWait else { throw final }
            onRetry(reason, wait)
            configuration.pause(wait, cancellation)
        }
    }

    private func explain(_ failure: TransferFailure, _ what: String) -> ModelError {
        let host = configuration.hub.address.host
        switch failure.kind {
        case .unreachable:
            return ModelError(
                .unreachable,
                """
                can't reach \(host): \(failure.reason). Without a network, copy the model's folder from another machine \
                and import it: oracy models import FOLDER. Another hub or a mirror is set with ORACY_MODELS_MIRROR, a \
                proxy with https_proxy.
                """)
        case .untrusted:
            return ModelError(
                .unreachable, "\(host) can't prove that it is \(host): \(failure.reason). Nothing was pulled.")
        case .broken:
            return ModelError(
                .unreachable,
                "the connection to \(host) breaks while \(what) is pulled: \(failure.reason). The same command goes on "
                    + "later where it stopped.")
        case .other: return ModelError(.unreachable, "\(what) can't be pulled from \(host): \(failure.reason).")
        }
    }
}

extension TransferHead {
    fileprivate var isRedirection: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// RFC 9110 §10.2.3; a date instead of seconds is ignored.
    fileprivate var retryAfter: Duration? {
        self["retry-after"].flatMap { Int($0) }.flatMap { $0 >= 0 ? .seconds(min($0, 1 << 30)) : nil }
    }
}
