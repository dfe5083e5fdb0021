// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Who is behind a proxy, if the proxy is to be believed.
enum Forwarding {
    /// The client's address and whether its connection is encrypted.
    ///
    /// Of `X-Forwarded-For` the last address counts that is not a trusted proxy's: what stands before it was sent by
    /// the client itself and may be invented.
    static func origin(
        _ headers: HTTPHeaders, peer: String, proxies: Set<String>
    ) -> (address: String, isSecure: Bool) {
        guard !proxies.isEmpty, proxies.contains(peer) else { return (peer, false) }
        let isSecure = headers.all("X-Forwarded-Proto").last == "https"
        let hops = headers.all("X-Forwarded-For").flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
        for hop in hops.reversed() {
            let address = String(decoding: hop.filter { $0 != ASCII.space && $0 != ASCII.tab }, as: UTF8.self)
            let isAddress = address.utf8.allSatisfy {
                ASCII.hexadecimal($0) != nil || $0 == ASCII.colon || $0 == UInt8(ascii: ".")
            }
            guard isAddress, (2...45).contains(address.utf8.count) else { break }
            if !proxies.contains(address) { return (address, isSecure) }
        }
        return (peer, isSecure)
    }
}
