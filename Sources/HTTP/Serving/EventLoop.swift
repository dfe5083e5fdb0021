// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CLinux
import Glibc
import Synchronization
import Threads

/// A thread that waits for sockets with epoll and runs the tasks of their connections.
///
/// It is the executor of its connections and the preferred one of their tasks, so that child tasks and `@concurrent`
/// functions of handlers stay here, too: between the arrival of a request and its answer nothing changes threads, and
/// a cooperative pool that somebody blocks holds up no request. What runs on it must never block.
final class EventLoop: TaskExecutor, SerialExecutor, @unchecked Sendable {
    // Safe to share: what is not a constant or inside a Mutex or Atomic is touched on the loop's own thread only,
    // where the thread itself, the connections (isolated to this executor) and their tasks run.

    /// What other threads ask of the loop.
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var newcomers: [Newcomer] = []
        var isDraining = false
    }

    /// An accepted socket.
    struct Newcomer {
        let socket: Int32
        let address: String
    }

    private let epoll: Int32
    private let wakeUp: Int32
    private let inbox = Mutex(Inbox())
    /// Whether the inbox may have something; set after it was filled.
    private let hasMail = Atomic(false)
    /// Whether the thread sleeps or is about to; who clears it must wake the thread.
    private let isSleeping = Atomic(false)
    private let thread = Atomic<UInt>(0)
    private let site: HTTPSite

    /// Where sockets are read into; what must outlive the moment is copied out.
    let scratch: UnsafeMutableBufferPointer<UInt8>
    private let events: UnsafeMutableBufferPointer<epoll_event>
    private var jobs: [UnownedJob] = []
    private var runningJobs: [UnownedJob] = []
    private var numberState = UInt64.random(in: 0 ... .max)
    /// The connections by socket number; numbers are small.
    private var connections: [Connection?] = []
    private var connectionCount = 0
    private var withOutput: [Connection] = []
    private var acceptor: Acceptor?
    private var sweepInterval: UInt64
    private var nextSweep: UInt64 = 0
    private var cutTime: UInt64?
    private var onEnd: (@Sendable () -> Void)?

    /// Nanoseconds of the monotonic clock when the loop last woke.
    private(set) var now: UInt64 = 0
    /// The Date field's line for the present second.
    private(set) var dateLine = DateLine()

    static let scratchSize = 64 << 10
    private static let listenerTag: UInt64 = .max
    private static let wakeUpTag: UInt64 = .max - 1

    init(site: HTTPSite) throws(HTTPServerError) {
        self.site = site
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        scratch = .allocate(capacity: Self.scratchSize)
        events = .allocate(capacity: 256)
        sweepInterval = site.deadlines.sweepInterval
        guard epoll >= 0, wakeUp >= 0, watch(wakeUp, EPOLLIN.rawValue, tag: Self.wakeUpTag) else {
            throw HTTPServerError(.system, "no event loop can be made: \(HTTPServerError.reason(errno))")
        }
    }

    deinit {
        if epoll >= 0 { close(epoll) }
        if wakeUp >= 0 { close(wakeUp) }
        scratch.deallocate()
        events.deallocate()
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - acceptor: What accepts connections, for the one loop that does so.
    ///   - onEnd: Called on the thread when the loop has nothing left to serve after ``drain()``, or when the grace
    ///     period is over.
    func start(name: String, acceptor: Acceptor?, onEnd: @escaping @Sendable () -> Void) {
        Thread.start(name: name, stackSize: 4 << 20) { [self] in
            thread.store(UInt(pthread_self()), ordering: .relaxed)
            self.onEnd = onEnd
            self.acceptor = acceptor
            if let acceptor { _ = watch(acceptor.listener, EPOLLIN.rawValue, tag: Self.listenerTag) }
            run()
        }
    }

    /// Takes over a socket.
    func adopt(_ newcomer: Newcomer) {
        send { $0.newcomers.append(newcomer) }
    }

    /// Lets the connections finish what they do, and the loop end after them.
    func drain() {
        send { $0.isDraining = true }
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent { jobs.append(job) } else { send { $0.jobs.append(job) } }
    }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    func checkIsolated() { precondition(isCurrent, "a connection is used outside its event loop") }

    private var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    private func send(_ change: (inout Inbox) -> Void) {
        inbox.withLock { change(&$0) }
        // Sequentially consistent, as in sleepTime(): either this thread sees the loop asleep, or the loop sees the mail.
        hasMail.store(true, ordering: .sequentiallyConsistent)
        if isSleeping.exchange(false, ordering: .sequentiallyConsistent) { eventfd_write(wakeUp, 1) }
    }

    // MARK: For connections

    /// Has a connection's output sent before the loop sleeps, together with what is added until then.
    func flushLater(_ connection: Connection) { withOutput.append(connection) }

    /// A number for a request, unlike any other and not to be guessed from them in passing (SplitMix64, Steele et al. 2014).
    func nextNumber() -> UInt64 {
        numberState &+= 0x9E37_79B9_7F4A_7C15
        var z = numberState
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Makes sure that timers are looked at often enough for an interval.
    func observe(interval: UInt64) { sweepInterval = min(sweepInterval, max(interval / 4, 5_000_000)) }

    /// Forgets a connection that has closed its socket.
    func remove(_ connection: Connection) {
        connections[Int(connection.socket)] = nil
        connectionCount -= 1
        site.admission.leave(connection.peerAddress)
    }

    /// The monotonic clock, in nanoseconds.
    static func clock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    // MARK: The loop

    private func run() {
        now = Self.clock()
        dateLine.update()
        while true {
            let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), sleepTime())
            now = Self.clock()
            dateLine.update()
            for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
            takeInbox()
            runJobs()
            sendOutput()
            if now >= nextSweep { sweep() }
            if hasEnded() { return }
        }
    }

    /// How long to sleep, in milliseconds: not at all with work left, without end with nothing to watch over.
    private func sleepTime() -> Int32 {
        guard jobs.isEmpty else { return 0 }
        isSleeping.store(true, ordering: .sequentiallyConsistent)
        if hasMail.load(ordering: .sequentiallyConsistent) { return 0 }
        if connectionCount == 0, acceptor?.isPaused != true { return -1 }
        return nextSweep > now ? Int32(clamping: (nextSweep - now) / 1_000_000 + 1) : 0
    }

    private func watch(_ descriptor: Int32, _ interest: UInt32, tag: UInt64) -> Bool {
        var event = epoll_event(events: interest, data: epoll_data_t(u64: tag))
        return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0
    }

    private func dispatch(_ event: epoll_event) {
        switch event.data.u64 {
        case Self.wakeUpTag:
            var value: eventfd_t = 0
            eventfd_read(wakeUp, &value)
        case Self.listenerTag: accept()
        case let tag:
            // A socket's number may have passed to a new connection since the event was made: compare the serial too.
            let socket = Int(tag & 0xFFFF_FFFF)
            guard socket < connections.count, let connection = connections[socket],
                connection.serial == UInt32(truncatingIfNeeded: tag >> 32)
            else { return }
            connection.assumeIsolated { $0.handle(event.events) }
        }
    }

    private func takeInbox() {
        isSleeping.store(false, ordering: .relaxed)
        guard hasMail.exchange(false, ordering: .sequentiallyConsistent) else { return }
        var newcomers: [Newcomer] = []
        let mustDrain = inbox.withLock { inbox in
            jobs.append(contentsOf: inbox.jobs)
            inbox.jobs.removeAll(keepingCapacity: true)
            swap(&newcomers, &inbox.newcomers)
            return inbox.isDraining && cutTime == nil
        }
        for newcomer in newcomers { serve(newcomer) }
        if mustDrain { beginDraining() }
    }

    /// Runs what is ready. What becomes ready meanwhile waits for the next round, after the sockets.
    private func runJobs() {
        guard !jobs.isEmpty else { return }
        swap(&runningJobs, &jobs)
        let serial = asUnownedSerialExecutor()
        let tasks = asUnownedTaskExecutor()
        for index in runningJobs.indices {
            runningJobs[index].runSynchronously(isolatedTo: serial, taskExecutor: tasks)
        }
        runningJobs.removeAll(keepingCapacity: true)
    }

    private func sendOutput() {
        guard !withOutput.isEmpty else { return }
        for connection in withOutput { connection.assumeIsolated { $0.flushNow() } }
        withOutput.removeAll(keepingCapacity: true)
    }

    /// Looks at the deadlines of all connections.
    private func sweep() {
        nextSweep = now + sweepInterval
        for case let connection? in connections { connection.assumeIsolated { $0.checkDeadlines() } }
        if let acceptor, acceptor.isPaused {
            acceptor.isPaused = !watch(acceptor.listener, EPOLLIN.rawValue, tag: Self.listenerTag)
        }
    }

    // MARK: Connections

    private var serials: UInt32 = 0

    private func serve(_ newcomer: Newcomer) {
        guard cutTime == nil else {
            close(newcomer.socket)
            site.admission.leave(newcomer.address)
            return
        }
        serials &+= 1
        let connection = Connection(
            socket: newcomer.socket, serial: serials, peerAddress: newcomer.address, loop: self, site: site)
        let tag = UInt64(serials) << 32 | UInt64(UInt32(bitPattern: newcomer.socket))
        let interest = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        guard watch(newcomer.socket, interest, tag: tag) else {
            close(newcomer.socket)
            site.admission.leave(newcomer.address)
            return
        }
        let place = Int(newcomer.socket)
        while connections.count <= place { connections.append(nil) }
        connections[place] = connection
        connectionCount += 1
        connection.assumeIsolated { $0.start() }
    }

    private func accept() {
        guard let acceptor else { return }
        for _ in 0..<64 {
            switch acceptor.accept() {
            case .connection(let newcomer):
                let loop = acceptor.nextLoop()
                if loop === self { serve(newcomer) } else { loop.adopt(newcomer) }
            case .refused: continue
            case .none: return
            case .exhausted:
                // No descriptors left: the listener would stay ready, so look away until the next sweep.
                epoll_ctl(epoll, EPOLL_CTL_DEL, acceptor.listener, nil)
                acceptor.isPaused = true
                return
            }
        }
    }

    // MARK: The end

    private func beginDraining() {
        if let acceptor {
            epoll_ctl(epoll, EPOLL_CTL_DEL, acceptor.listener, nil)
            acceptor.close()
            self.acceptor = nil
            // Only now: nobody hands the other loops a connection any more.
            for loop in acceptor.loops where loop !== self { loop.drain() }
        }
        cutTime = now + site.configuration.shutdownGrace.nanoseconds
        for case let connection? in connections { connection.assumeIsolated { $0.drain() } }
        observe(interval: site.configuration.shutdownGrace.nanoseconds)
    }

    /// Whether the loop is done. Past the grace period connections are cut and the end is reported, though the thread
    /// stays for handlers that have not returned.
    private func hasEnded() -> Bool {
        guard let cutTime else { return false }
        if connectionCount == 0 {
            onEnd?()
            onEnd = nil
            return jobs.isEmpty
        }
        if now >= cutTime, onEnd != nil {
            for case let connection? in connections { connection.assumeIsolated { $0.cut() } }
            onEnd?()
            onEnd = nil
        }
        return false
    }
}
