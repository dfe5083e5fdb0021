// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CCurl
import Glibc

/// What a request says besides its address.
struct TransferRequest {
    var address: WebAddress
    /// Field lines such as `Accept: application/json`.
    var fields: [String] = []
    var connectTime: Duration
    var stallTime: Duration
}

/// The status and fields of a response.
struct TransferHead: Sendable {
    var status = 0
    private var fields: [(name: String, value: String)] = []

    subscript(name: String) -> String? { fields.last { $0.name == name.lowercased() }?.value }

    /// Takes a status line or a field line.
    mutating func take(_ line: String) {
        if line.hasPrefix("HTTP/") {
            let parts = line.split(separator: " ")
            self = TransferHead()
            status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        } else if let colon = line.firstIndex(of: ":"), fields.count < 200 {
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append((line[..<colon].lowercased(), String(value)))
        }
    }
}

/// Why a transfer has no response, or not all of it.
struct TransferFailure: Error {
    enum Kind {
        /// The host's name leads nowhere, or nobody answers there.
        case unreachable
        /// The connection ended or stood still before the response did.
        case broken
        /// The connection can't be trusted.
        case untrusted
        /// Something that another try won't change.
        case other
    }

    let kind: Kind
    let reason: String
}

/// One libcurl handle, which keeps connections between transfers. Used by one thread at a time.
final class CurlHandle {
    /// libcurl's own state, made once: its start is not safe while other threads use it.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let handle: UnsafeMutableRawPointer
    private let reason: UnsafeMutablePointer<CChar>
    private let cancellation: PullCancellation

    init(cancellation: PullCancellation) throws(ModelError) {
        guard Self.isReady, let handle = curl_easy_init() else {
            throw ModelError(.unreachable, "libcurl can't be used: there is no memory or no source of random numbers.")
        }
        self.handle = handle
        self.cancellation = cancellation
        reason = .allocate(capacity: Int(CURL_ERROR_SIZE))
        reason.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(handle)
        reason.deallocate()
    }

    /// What libcurl's callbacks get; alive as long as a transfer runs.
    private final class Reception {
        let cancellation: PullCancellation
        let wants: (TransferHead) throws(ModelError) -> Bool
        let take: (UnsafeRawBufferPointer) throws(ModelError) -> Void
        var head = TransferHead()
        var isWanted: Bool?
        var ignored = 0
        var hasIgnoredEnough = false
        var error: ModelError?

        init(
            _ cancellation: PullCancellation, wants: @escaping (TransferHead) throws(ModelError) -> Bool,
            take: @escaping (UnsafeRawBufferPointer) throws(ModelError) -> Void
        ) {
            self.cancellation = cancellation
            self.wants = wants
            self.take = take
        }

        /// Whether the transfer goes on.
        func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
            do throws(ModelError) {
                let isWanted = try decide()
                if isWanted {
                    try take(bytes)
                } else {
                    ignored += bytes.count
                    hasIgnoredEnough = ignored > 256 << 10
                }
            } catch {
                self.error = error
            }
            return error == nil && !hasIgnoredEnough
        }

        func decide() throws(ModelError) -> Bool {
            if let isWanted { return isWanted }
            let isWanted = try wants(head)
            self.isWanted = isWanted
            return isWanted
        }
    }

    /// Sends a request and receives its response; redirections are not followed.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - wants: Says, once the head is there, whether the body is of use.
    ///   - take: Gets the body, piece by piece.
    /// - Returns: The head, and where a redirection leads.
    /// - Throws: ``TransferFailure``, or the ``ModelError`` of `wants`, `take` or the cancellation.
    func get(
        _ request: TransferRequest, wants: @escaping (TransferHead) throws(ModelError) -> Bool,
        take: @escaping (UnsafeRawBufferPointer) throws(ModelError) -> Void
    ) throws -> (head: TransferHead, redirect: String?) {
        try cancellation.check()
        curl_easy_reset(handle)
        reason.pointee = 0
        let reception = Reception(cancellation, wants: wants, take: take)
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for field in request.fields { list = curl_slist_append(list, field) ?? list }
        try prepare(request, list, reception)
        let code = withExtendedLifetime(reception) { curl_easy_perform(handle) }
        if let error = reception.error { throw error }
        if cancellation.isCancelled { throw ModelError.cancelled }
        guard code == CURLE_OK || reception.hasIgnoredEnough else { throw failure(code, request) }
        // A response without a body has not been decided on yet.
        if reception.isWanted == nil { _ = try reception.decide() }
        return (reception.head, oracy_curlRedirect(handle).map { String(cString: $0) })
    }

    private func prepare(
        _ request: TransferRequest, _ fields: UnsafeMutablePointer<curl_slist>?, _ reception: Reception
    ) throws {
        let stall = max(1, Int(request.stallTime.components.seconds))
        let connect = max(1, Int(request.connectTime / .milliseconds(1)))
        var codes = [
            oracy_curlSetErrorBuffer(handle, reason),
            oracy_curlSetText(handle, CURLOPT_URL, request.address.text),
            oracy_curlSetText(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            oracy_curlSetText(handle, CURLOPT_USERAGENT, "oracy"),
            oracy_curlSetHeaders(handle, fields),
            oracy_curlSetNumber(handle, CURLOPT_FOLLOWLOCATION, 0),
            oracy_curlSetNumber(handle, CURLOPT_NOSIGNAL, 1),
            oracy_curlSetNumber(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            oracy_curlSetNumber(handle, CURLOPT_CONNECTTIMEOUT_MS, connect),
            // A trickle is no progress: at this rate the smallest model would take weeks.
            oracy_curlSetNumber(handle, CURLOPT_LOW_SPEED_LIMIT, 100),
            oracy_curlSetNumber(handle, CURLOPT_LOW_SPEED_TIME, stall),
            oracy_curlSetNumber(handle, CURLOPT_BUFFERSIZE, 256 << 10),
        ]
        // A proxy on another machine would look for our loopback address on itself.
        if request.address.isLoopback { codes.append(oracy_curlSetText(handle, CURLOPT_PROXY, "")) }
        codes.append(
            oracy_curlSetCallbacks(
                handle,
                { bytes, one, count, context in
                    guard let bytes, let context else { return 0 }
                    let reception = Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
                    let size = one * count
                    return reception.receive(UnsafeRawBufferPointer(start: bytes, count: size)) ? size : size &+ 1
                },
                { bytes, one, count, context in
                    guard let bytes, let context else { return 0 }
                    let reception = Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
                    let line = UnsafeRawBufferPointer(start: bytes, count: one * count)
                    var text = String(decoding: line, as: UTF8.self)
                    while text.last?.isNewline == true { text.removeLast() }
                    // What follows the body are trailers, which nothing here needs.
                    if reception.isWanted == nil { reception.head.take(text) }
                    return one * count
                },
                { context, _, _, _, _ in
                    guard let context else { return 0 }
                    let reception = Unmanaged<Reception>.fromOpaque(context).takeUnretainedValue()
                    return reception.cancellation.isCancelled ? 1 : 0
                }, Unmanaged.passUnretained(reception).toOpaque()))
        guard codes.allSatisfy({ $0 == CURLE_OK }) else {
            throw TransferFailure(kind: .other, reason: "libcurl does not know an option that is needed")
        }
    }

    private func failure(_ code: CURLcode, _ request: TransferRequest) -> TransferFailure {
        let kind: TransferFailure.Kind =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .unreachable
            case CURLE_OPERATION_TIMEDOUT:
                // Without a connection no request was sent.
                isConnected ? .broken : .unreachable
            case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2,
                CURLE_HTTP2_STREAM:
                .broken
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR:
                .untrusted
            default: .other
            }
        let text = String(cString: reason)
        let reason = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
        return TransferFailure(kind: kind, reason: reason.printable)
    }

    private var isConnected: Bool { oracy_curlWasConnected(handle) != 0 }
}
