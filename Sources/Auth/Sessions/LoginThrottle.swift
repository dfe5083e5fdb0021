// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage
import Synchronization

/// How fast passwords may be tried.
///
/// Nobody is ever locked out by somebody else: delays hold for one account from one network, and even when an account
/// has used up its failures, networks that its owner has logged in from before still work.
public struct LoginThrottle: Sendable, Hashable {
    /// Failures on one account from one network that cost nothing.
    public var freeFailures: Int64 = 5
    /// The longest delay; it begins at one second and doubles with every failure.
    public var longestDelay: Duration = .seconds(15 * 60)
    /// Failures on one account in a row, from all networks together (NIST SP 800-63B §5.2.2: at most 100).
    public var greatestRun: Int64 = 100
    /// After this time without a failure an account's delay on a network begins anew.
    public var memory: Duration = .seconds(86_400)
    /// For how long a network that somebody logged in from counts as theirs.
    public var familiarity: Duration = .seconds(90 * 86_400)
    /// Failures from one network a minute, on all accounts together.
    public var failuresPerMinute: Double = 30

    /// Creates the default throttle.
    public init() {}

    /// What is to be done with an attempt.
    enum Verdict: Sendable, Hashable {
        case admitted
        case delayed(Duration)
        case exhausted
    }

    /// How long to wait after this many failures: 0 while they are free, then 1, 2, 4 … seconds.
    func delay(afterFailures failures: Int64) -> Duration {
        guard failures >= freeFailures else { return .zero }
        let doublings = min(failures - freeFailures, 40)
        return min(.seconds(Int64(1) << doublings), longestDelay)
    }

    /// Judges an attempt from what is known of the account.
    func judge(_ record: LoginRecord, at now: Timestamp) -> Verdict {
        if record.accountFailures >= greatestRun {
            guard let success = record.networkSuccessAt, now < success + familiarity else { return .exhausted }
        }
        guard let last = record.networkFailureAt, now < last + memory else { return .admitted }
        let ready = last + delay(afterFailures: record.networkFailures)
        return now < ready ? .delayed(ready - now) : .admitted
    }
}

/// Limits the failures from each network, in memory: at most so many a minute on average.
///
/// Only failures are charged, so a class behind one address can log in at once. Attempts that overlap may overdraw
/// the account; the debt is paid off before the next one is admitted.
final class NetworkBudget: Sendable {
    private struct Balance {
        var failuresLeft: Double
        var updatedAt: Timestamp
    }

    private let perMinute: Double
    private let capacity = 16_384
    private let balances = Mutex<[NetworkPrefix: Balance]>([:])

    init(perMinute: Double) { self.perMinute = perMinute }

    /// How many networks are remembered.
    var count: Int { balances.withLock { $0.count } }

    /// How long this network must wait before the next attempt; zero when it may try now.
    func wait(for network: NetworkPrefix, at now: Timestamp) -> Duration {
        let left = balances.withLock { balance(of: network, in: $0, at: now).failuresLeft }
        return left >= 1 ? .zero : .milliseconds(Int64(((1 - left) * 60_000 / perMinute).rounded(.up)))
    }

    /// Charges a failure.
    func charge(_ network: NetworkPrefix, at now: Timestamp) {
        balances.withLock { balances in
            var balance = balance(of: network, in: balances, at: now)
            balance.failuresLeft -= 1
            if balances.count >= capacity { makeRoom(&balances, at: now) }
            balances[network] = balance
        }
    }

    private func balance(of network: NetworkPrefix, in balances: [NetworkPrefix: Balance], at now: Timestamp) -> Balance
    {
        guard let old = balances[network] else { return Balance(failuresLeft: perMinute, updatedAt: now) }
        let minutes = max(0, (now - old.updatedAt).seconds / 60)
        return Balance(failuresLeft: min(perMinute, old.failuresLeft + minutes * perMinute), updatedAt: now)
    }

    /// Forgets networks that have paid everything off; failing that, the half that owes least.
    private func makeRoom(_ balances: inout [NetworkPrefix: Balance], at now: Timestamp) {
        balances = balances.filter { balance(of: $0.key, in: balances, at: now).failuresLeft < perMinute }
        guard balances.count >= capacity else { return }
        let kept = balances.sorted { $0.value.failuresLeft < $1.value.failuresLeft }.prefix(capacity / 2)
        balances = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
