// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Glibc

/// The network an address belongs to: /24 for IPv4, /64 for IPv6. One household or classroom, not one device, and
/// little enough to be kept without knowing who was where.
struct NetworkPrefix: Sendable, Hashable, CustomStringConvertible {
    /// Such as `192.0.2.0/24` or `20010db8000000ff/64`; `unknown` for anything that is no address.
    let description: String

    /// Reads a numeric address. IPv4 in IPv6 (`::ffff:192.0.2.7`) counts as IPv4.
    init(address: String?) {
        description = address.flatMap(Self.prefix) ?? "unknown"
    }

    private static func prefix(of address: String) -> String? {
        let plain = String(address.prefix { $0 != "%" })
        var four = in_addr()
        if inet_pton(AF_INET, plain, &four) == 1 {
            return withUnsafeBytes(of: four) { prefix(ofFour: Array($0)) }
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, plain, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: six) { Array($0) }
        if bytes[..<12].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
            return prefix(ofFour: Array(bytes[12...]))
        }
        return Hexadecimal.encode(bytes[..<8]) + "/64"
    }

    private static func prefix(ofFour bytes: [UInt8]) -> String {
        "\(bytes[0]).\(bytes[1]).\(bytes[2]).0/24"
    }
}
