// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// An http or https address, as much of it as matters for where requests and tokens may go.
public struct WebAddress: Sendable, Hashable, CustomStringConvertible {
    /// The whole address.
    public let text: String
    /// Whether the connection is encrypted.
    public let isSecure: Bool
    /// The host in lower case, without port; IPv6 in brackets.
    public let host: String
    /// The host with its port, if one is written.
    let authority: String

    init(text: String, isSecure: Bool, host: String, authority: String) {
        self.text = text
        self.isSecure = isSecure
        self.host = host
        self.authority = authority
    }

    /// Reads an address; nil for other schemes, for user names in it, and for what no address has.
    public init?(_ text: String) {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }),
            text.utf8.count <= 16 << 10, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x5C })
        else { return nil }
        let authority = lower.dropFirst(scheme.count).prefix { !["/", "?", "#"].contains($0) }
        var host = authority
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard let port = UInt16(authority[authority.index(after: colon)...]), port > 0 else { return nil }
            host = authority[..<colon]
        }
        let isSound = host.utf8.allSatisfy {
            $0.isASCIILetterOrDigit || [0x2D, 0x2E, 0x3A, 0x5B, 0x5D, 0x5F].contains($0)
        }
        guard !host.isEmpty, isSound, host.hasPrefix("[") == host.hasSuffix("]"),
            host.hasPrefix("[") || !host.contains(":")
        else { return nil }
        self.text = text
        isSecure = scheme == "https://"
        self.host = String(host)
        self.authority = String(authority)
    }

    /// Whether it is this machine.
    public var isLoopback: Bool { host == "localhost" || host == "[::1]" || host.hasPrefix("127.") }

    /// Whether a token for one may be sent to the other: same scheme, host and port.
    func hasSameOrigin(as other: WebAddress) -> Bool { isSecure == other.isSecure && authority == other.authority }

    /// The address without its query, which may hold a signature.
    public var description: String { String(text.prefix { $0 != "?" && $0 != "#" }).printable }
}

/// The address of a hub: Hugging Face's own, or a mirror with the same paths.
public struct HubAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address without a final slash.
    public let address: WebAddress

    /// https://huggingface.co
    public static let huggingFace: HubAddress = HubAddress(
        address: WebAddress(
            text: "https://huggingface.co", isSecure: true, host: "huggingface.co", authority: "huggingface.co"))

    private init(address: WebAddress) { self.address = address }

    /// Reads an address such as `https://mirror.example.org/hub`; nil for anything with a query, fragment or user name.
    public init?(_ text: String) {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        guard !text.contains("?"), !text.contains("#"), let address = WebAddress(text) else { return nil }
        self.address = address
    }

    /// The address below which everything is.
    public var description: String { address.text }

    func appending(_ path: String) -> WebAddress? { WebAddress(address.text + path) }
}
