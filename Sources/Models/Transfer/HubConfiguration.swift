// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Where models are pulled from, and what a transfer may take.
public struct HubConfiguration: Sendable {
    /// The hub or mirror.
    public var hub: HubAddress
    /// The token for gated repositories; only ever sent to the hub itself, and only encrypted or on this machine.
    public var token: String?
    /// How long a connection may take to be made.
    public var connectTime: Duration = .seconds(10)
    /// How long a transfer may stand still; at least a second.
    public var stallTime: Duration = .seconds(30)
    /// How often a request without any progress is repeated.
    public var retries: Int = 4
    /// The longest wait before a request is repeated; a hub that asks for more ends the pull.
    public var longestWait: Duration = .seconds(120)
    /// The largest file, in bytes.
    public var fileBytes: Int = 32 << 30
    /// The largest model, in bytes.
    public var modelBytes: Int = 64 << 30
    /// Blocks for a while before a request is repeated; tests take note instead.
    var pause: @Sendable (Duration, PullCancellation) -> Void = { $1.wait($0) }

    /// Creates a configuration.
    public init(hub: HubAddress, token: String? = nil) {
        self.hub = hub
        self.token = token
    }
}

extension HubConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
    /// The hub, without the token.
    public var description: String { "hub \(hub)" }
    /// The hub, without the token.
    public var debugDescription: String { description }
}
