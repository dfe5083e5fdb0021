// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How accounts, sessions and tokens behave; the defaults are those of a public server.
public struct AuthConfiguration: Sendable, Hashable {
    /// Who issues the tokens (`iss`).
    public var issuer = "oracy"
    /// Whom the tokens are for (`aud`).
    public var audience = "oracy-api"
    /// How long an access token is valid; whole seconds.
    public var accessTokenLifetime: Duration = .seconds(600)
    /// By how much clocks may differ; whole seconds.
    public var clockLeeway: Duration = .seconds(30)
    /// How long a refresh token may be used again because its answer was lost on the way.
    public var refreshGrace: Duration = .seconds(10)
    /// How long a signing key signs.
    public var keyRotation: Duration = .seconds(90 * 86_400)
    /// How long the first-run set-up link is valid.
    public var setupTokenLifetime: Duration = .seconds(3600)
    /// How long sessions last.
    public var sessionLimits = SessionLimits()
    /// The greatest number of sessions of one user; the ones unused longest make room.
    public var sessionsPerUser = 50
    /// The greatest number of lasting tokens of one user.
    public var apiTokensPerUser = 50
    /// How often a session's last use is written down.
    public var lastUseResolution: Duration = .seconds(60)
    /// How fast passwords may be tried.
    public var throttle = LoginThrottle()
    /// What passwords must be.
    public var minimumPasswordLength = 12
    /// What a new password hash costs.
    public var passwordCost = PasswordCost.standard
    /// How many password hashes are computed at once; nil for one a core.
    public var hashingThreads: Int?
    /// How many password hashes may wait.
    public var hashingQueueLimit = 64
    /// The product's name, which passwords must not be made of.
    public var productName = "Oracy"

    /// Creates the default configuration.
    public init() {}
}
