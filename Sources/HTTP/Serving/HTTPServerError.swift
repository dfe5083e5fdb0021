// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Why a server can't start.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: Sendable, Hashable {
        private enum Kind { case address, addressInUse, permission, system }
        private let kind: Kind

        /// The address is not a numeric one of this machine.
        public static let address: Code = Code(kind: .address)
        /// Another program listens there already.
        public static let addressInUse: Code = Code(kind: .addressInUse)
        /// The port is reserved for privileged programs.
        public static let permission: Code = Code(kind: .permission)
        /// The operating system refuses for another reason.
        public static let system: Code = Code(kind: .system)
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do, for the operator.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }

    static func listening(on address: String, port: Int, _ error: Int32) -> HTTPServerError {
        switch error {
        case EADDRINUSE:
            HTTPServerError(.addressInUse, "port \(port) of \(address) is in use; choose another port")
        case EACCES: HTTPServerError(.permission, "port \(port) needs privileges; choose one above 1023")
        case EINVAL, EADDRNOTAVAIL, EAFNOSUPPORT:
            HTTPServerError(.address, "\(address) is not a numeric IPv4 or IPv6 address of this machine")
        default: HTTPServerError(.system, "port \(port) of \(address) can't be opened: \(reason(error))")
        }
    }

    /// The system's name for an error number.
    static func reason(_ error: Int32) -> String { String(cString: strerror(error)) }
}
