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
        pthread_cond_init(condition, nil)
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
