// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain

/// Why something about accounts, sessions or tokens was refused.
///
/// The message is for the person in front of the screen and holds nothing they or anyone else typed.
public struct AuthError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of refusal it is; may grow.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case wrongCredentials = "wrong_credentials"
            case delayed
            case attemptsExhausted = "attempts_exhausted"
            case accountDisabled = "account_disabled"
            case invalidToken = "invalid_token"
            case expired
            case weakPassword = "weak_password"
            case invalidEmail = "invalid_email"
            case invalidName = "invalid_name"
            case emailTaken = "email_taken"
            case setupDone = "setup_done"
            case wrongSetupToken = "wrong_setup_token"
            case unknownUser = "unknown_user"
            case lastAdministrator = "last_administrator"
            case loginRequired = "login_required"
            case tooManyTokens = "too_many_tokens"
            case overloaded
        }
        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        /// The address or the password is wrong; which one is not told (HTTP 401).
        public static let wrongCredentials = Code(.wrongCredentials)
        /// Too many failures of late; ``AuthError/retryAfter`` says how long to wait (429).
        public static let delayed = Code(.delayed)
        /// The account had the greatest number of failures in a row; an administrator must reset the password (429).
        public static let attemptsExhausted = Code(.attemptsExhausted)
        /// The password is right but the account has been disabled (403).
        public static let accountDisabled = Code(.accountDisabled)
        /// The token or cookie is not one of ours, or its session has ended (401).
        public static let invalidToken = Code(.invalidToken)
        /// The token was ours and its time is over; refreshing or logging in again helps (401).
        public static let expired = Code(.expired)
        /// The new password is too short, too long or too easily guessed (400, field `password`).
        public static let weakPassword = Code(.weakPassword)
        /// The text is no e-mail address (400, field `email`).
        public static let invalidEmail = Code(.invalidEmail)
        /// The name is empty, too long or has control characters (400, field `name`).
        public static let invalidName = Code(.invalidName)
        /// Another account has the address (409).
        public static let emailTaken = Code(.emailTaken)
        /// The first administrator exists already (409).
        public static let setupDone = Code(.setupDone)
        /// The set-up token is wrong or older than its lifetime (401).
        public static let wrongSetupToken = Code(.wrongSetupToken)
        /// There is no such user (404).
        public static let unknownUser = Code(.unknownUser)
        /// It would leave the installation without an administrator (409).
        public static let lastAdministrator = Code(.lastAdministrator)
        /// Only somebody who has logged in may do this, no program with a lasting token (403).
        public static let loginRequired = Code(.loginRequired)
        /// The user has as many lasting tokens as are allowed (409).
        public static let tooManyTokens = Code(.tooManyTokens)
        /// Too many passwords wait to be checked (503).
        public static let overloaded = Code(.overloaded)

        /// A short name for logs and metrics.
        public var description: String { kind.rawValue }
    }

    /// What kind of refusal it is.
    public let code: Code
    /// What happened and what to do, for a person.
    public let message: String
    /// How long to wait before trying again, where that helps.
    public let retryAfter: Duration?

    init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// The message.
    public var description: String { message }
}

extension AuthError {
    static let wrongCredentials = AuthError(.wrongCredentials, "The e-mail address or the password is wrong.")
    static let attemptsExhausted = AuthError(
        .attemptsExhausted,
        "Too many wrong passwords in a row for this account. Log in from a network you have used before, "
            + "or ask an administrator to reset the password.")
    static let accountDisabled = AuthError(
        .accountDisabled, "This account has been disabled. Ask an administrator to enable it.")
    static let invalidToken = AuthError(.invalidToken, "You are not logged in, or the session has ended. Log in again.")
    static let expired = AuthError(.expired, "The session's time is over. Refresh the token or log in again.")
    static let invalidEmail = AuthError(
        .invalidEmail, "This is not an e-mail address: write it like name@school.example.")
    static let invalidName = AuthError(
        .invalidName, "Give a name of 1 to 200 characters, without line breaks or control characters.")
    static let emailTaken = AuthError(.emailTaken, "Another account has this e-mail address.")
    static let setupDone = AuthError(.setupDone, "The first administrator has been created already. Log in instead.")
    static let wrongSetupToken = AuthError(
        .wrongSetupToken, "The set-up link is wrong or too old. Restart the server to print a new one.")
    static let unknownUser = AuthError(.unknownUser, "There is no such user.")
    static let lastAdministrator = AuthError(
        .lastAdministrator, "This is the last administrator who can log in. Make another one first.")
    static let loginRequired = AuthError(
        .loginRequired, "A program with an API token can't do this. Log in with the e-mail address and password.")
    static let tooManyTokens = AuthError(
        .tooManyTokens, "You have as many API tokens as are allowed. End one that is no longer used first.")
    static let overloaded = AuthError(
        .overloaded, "Too many people are logging in at this moment. Try again shortly.", retryAfter: .seconds(2))

    static func delayed(_ wait: Duration) -> AuthError {
        let seconds = max(1, Int64(wait.seconds.rounded(.up)))
        let time = seconds < 120 ? (seconds == 1 ? "1 second" : "\(seconds) seconds") : "\((seconds + 59) / 60) minutes"
        return AuthError(
            .delayed, "Too many failed attempts. Try again in \(time).", retryAfter: .seconds(seconds))
    }

    static func weakPassword(_ weakness: PasswordPolicy.Weakness) -> AuthError {
        AuthError(.weakPassword, weakness.message)
    }
}
