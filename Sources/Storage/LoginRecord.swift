// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain

/// What is remembered of the failed logins on one account, in all and from one network.
public struct LoginRecord: Sendable, Hashable {
    /// Failures in a row on the account, from all networks.
    public var accountFailures: Int64
    /// Failures since the last success on the account from this network.
    public var networkFailures: Int64
    /// When the last of them was.
    public var networkFailureAt: Timestamp?
    /// When somebody last logged in to the account from this network.
    public var networkSuccessAt: Timestamp?

    /// Creates a record; nothing has happened yet by default.
    public init(
        accountFailures: Int64 = 0, networkFailures: Int64 = 0, networkFailureAt: Timestamp? = nil,
        networkSuccessAt: Timestamp? = nil
    ) {
        self.accountFailures = accountFailures
        self.networkFailures = networkFailures
        self.networkFailureAt = networkFailureAt
        self.networkSuccessAt = networkSuccessAt
    }
}
