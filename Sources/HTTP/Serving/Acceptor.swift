// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import Synchronization

/// Accepts connections on the event loop that owns it, and deals them out to all loops in turn.
final class Acceptor: @unchecked Sendable {
    // Safe to share: made before the loop's thread starts, used on that thread only.

    enum Outcome {
        case connection(EventLoop.Newcomer)
        /// Over a limit, answered and closed.
        case refused
        /// Nobody is waiting.
        case none
        /// The process has no descriptors left.
        case exhausted
    }

    let listener: Int32
    /// Whether the loop looks away because the process had no descriptors left.
    var isPaused = false
    private let admission: Admission
    let loops: [EventLoop]
    private var turn = 0

    init(listener: Int32, admission: Admission, loops: [EventLoop]) {
        self.listener = listener
        self.admission = admission
        self.loops = loops
    }

    func accept() -> Outcome {
        let (socket, address) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(ORACY_ADDRESS_SIZE)) {
            buffer -> (Int32, String) in
            guard let base = buffer.baseAddress else { return (-1, "") }
            let socket = oracy_acceptPeer(listener, base)
            return (socket, socket >= 0 ? String(cString: base) : "")
        }
        guard socket >= 0 else {
            switch errno {
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
            case EINTR, ECONNABORTED: return .refused
            default: return .none
            }
        }
        guard admission.enter(address) else {
            refuse(socket)
            return .refused
        }
        return .connection(.init(socket: socket, address: address))
    }

    func nextLoop() -> EventLoop {
        turn = (turn + 1) % loops.count
        return loops[turn]
    }

    func close() { Glibc.close(listener) }

    /// Says "try again" as far as the socket takes it at once, and closes.
    private func refuse(_ socket: Int32) {
        let answer =
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        answer.utf8.withContiguousStorageIfAvailable { bytes in
            _ = send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        shutdown(socket, Int32(SHUT_WR))
        Glibc.close(socket)
    }
}

/// Counts connections, in all and for each client address.
final class Admission: Sendable {
    private struct Count {
        var total = 0
        var byAddress: [String: Int] = [:]
    }

    private let limits: HTTPLimits
    private let exempt: Set<String>
    private let count = Mutex(Count())

    /// - Parameter exempt: Proxies, whose connections belong to many clients.
    init(limits: HTTPLimits, exempt: Set<String>) {
        self.limits = limits
        self.exempt = exempt
    }

    /// Counts a connection in, unless a limit is reached.
    func enter(_ address: String) -> Bool {
        count.withLock { count in
            let here = count.byAddress[address, default: 0]
            guard count.total < limits.connections,
                here < limits.connectionsPerAddress || exempt.contains(address)
            else { return false }
            count.total += 1
            count.byAddress[address] = here + 1
            return true
        }
    }

    /// Counts a connection out.
    func leave(_ address: String) {
        count.withLock { count in
            count.total -= 1
            let here = count.byAddress[address, default: 1]
            count.byAddress[address] = here > 1 ? here - 1 : nil
        }
    }

    /// How many connections are open.
    var total: Int { count.withLock { $0.total } }
}
