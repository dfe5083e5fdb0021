// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Lets threads of our own sleep until something may have changed.
///
/// Waiting blocks the thread: never wait on the cooperative pool.
public final class Condition: @unchecked Sendable {
    // Safe to share: the two pthread objects live at fixed addresses from init to deinit and are made for sharing.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// Creates a condition nobody waits for.
    public init() {
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        defer { pthread_condattr_destroy(&attributes) }
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Blocks the thread until `attempt` gives a value. It is tried at once and after every notification.
    @discardableResult
    public func wait<Value>(until attempt: () -> Value?) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let value = attempt() { return value }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// Blocks the thread until `attempt` gives a value, or nil when it has not within the time. It is tried at once,
    /// after every notification and at the end.
    public func wait<Value>(upTo limit: Duration, until attempt: () -> Value?) -> Value? {
        var end = timespec()
        clock_gettime(CLOCK_MONOTONIC, &end)
        let (seconds, attoseconds) = max(limit, .zero).components
        let nanoseconds = end.tv_nsec + Int(attoseconds / 1_000_000_000)
        // A wait for longer than a century is a wait without end.
        end.tv_sec += Int(min(seconds, 100 * 365 * 86400)) + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let value = attempt() { return value }
            if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return attempt() }
        }
    }

    /// Wakes one waiting thread. Call it after the change.
    public func notifyOne() {
        pthread_mutex_lock(mutex)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Wakes all waiting threads. Call it after the change.
    public func notifyAll() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }
}
