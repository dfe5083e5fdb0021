// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// A network address and port to listen on, such as `127.0.0.1:8080` or `[::1]:8080`.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address in text form, without brackets.
    public let host: String
    /// The TCP port; 0 lets the system choose.
    public let port: Int

    /// Creates an address.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `ADDRESS:PORT`, `[IPv6]:PORT`, `localhost:PORT` or `:PORT` (loopback).
    ///
    /// Other host names are refused, as what they resolve to may change: nil.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), port <= 65535
        else { return nil }
        var host = String(text[..<colon])
        if host.isEmpty || host == "localhost" { host = "127.0.0.1" }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = String(host.dropFirst().dropLast()) }
        guard Self.isAddress(host, family: isBracketed ? AF_INET6 : AF_INET) else { return nil }
        self.init(host: host, port: port)
    }

    /// Whether only programs on this machine can reach the address.
    public var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    /// Whether it stands for every interface of the machine.
    public var isEveryInterface: Bool { host == "0.0.0.0" || host == "::" }

    /// The host as it stands in a URL: IPv6 in brackets.
    public var urlHost: String { host.contains(":") ? "[\(host)]" : host }

    /// The form that ``init(_:)`` reads.
    public var description: String { "\(urlHost):\(port)" }

    private static func isAddress(_ text: String, family: Int32) -> Bool {
        var storage = in6_addr()
        return inet_pton(family, text, &storage) == 1
    }
}

/// Network addresses in the form in which the system reports them, such as `127.0.0.1` and `fd00::1`.
public struct AddressList: Sendable, Hashable, CustomStringConvertible {
    /// The addresses, without brackets.
    public let addresses: Set<String>

    /// An empty list.
    public init() { addresses = [] }

    /// Reads addresses separated by commas; names and networks are refused: nil.
    public init?(_ text: String) {
        var addresses: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            guard let address = Self.canonical(part, AF_INET) ?? Self.canonical(part, AF_INET6) else { return nil }
            addresses.insert(address)
        }
        self.addresses = addresses
    }

    /// Whether there are none.
    public var isEmpty: Bool { addresses.isEmpty }

    /// The form that ``init(_:)`` reads.
    public var description: String { addresses.sorted().joined(separator: ", ") }

    private static func canonical(_ text: String, _ family: Int32) -> String? {
        var storage = in6_addr()
        guard inet_pton(family, text, &storage) == 1 else { return nil }
        var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, &storage, &name, socklen_t(name.count)) != nil else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// What browsers have in the address bar: scheme, host and port, without a path (RFC 6454).
public struct PublicOrigin: Sendable, Hashable {
    /// The origin in lower case, such as `https://oracy.example.org`.
    public let text: String

    /// Reads `http://HOST[:PORT]` or `https://HOST[:PORT]`, with or without a closing slash; nil for anything else.
    public init?(_ text: String) {
        var rest = text.lowercased()
        if rest.hasSuffix("/") { rest.removeLast() }
        guard let scheme = ["https://", "http://"].first(where: { rest.hasPrefix($0) }) else { return nil }
        let authority = rest.dropFirst(scheme.count)
        var host = authority
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let port = UInt16(authority[authority.index(after: colon)...]), port > 0 else { return nil }
            host = authority[..<colon]
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 4
        let allowed: (UInt8) -> Bool = { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".") || isBracketed && [0x3A, 0x5B, 0x5D].contains(byte)
        }
        guard !host.isEmpty, host.utf8.allSatisfy(allowed) else { return nil }
        self.text = rest
    }
}
