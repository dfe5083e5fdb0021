// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage

/// How long sessions last.
public struct SessionLimits: Sendable, Hashable {
    /// The longest time without use and the longest time in all.
    public struct Limit: Sendable, Hashable {
        /// The longest time without use.
        public var idle: Duration
        /// The longest time since the login.
        public var absolute: Duration

        /// Creates a limit.
        public init(idle: Duration, absolute: Duration) {
            self.idle = idle
            self.absolute = absolute
        }
    }

    /// Browsers of educators and administrators, who see other people's answers (NIST SP 800-63B §4.2.3, AAL2).
    public var staffBrowser = Limit(idle: .seconds(30 * 60), absolute: .seconds(12 * 3600))
    /// Browsers of students; long enough for any examination (AAL1).
    public var studentBrowser = Limit(idle: .seconds(12 * 3600), absolute: .seconds(30 * 86_400))
    /// Programs, counted from the last refresh or request.
    public var program = Limit(idle: .seconds(30 * 86_400), absolute: .seconds(90 * 86_400))

    /// Creates the default limits.
    public init() {}

    /// Whether a session of a user with this role may still be used. A change of role acts at once.
    func isAlive(_ session: Session, role: Role, at now: Timestamp) -> Bool {
        let limit =
            switch (session.kind, role) {
            case (.api, _): program
            case (.browser, .student): studentBrowser
            case (.browser, .educator), (.browser, .admin): staffBrowser
            }
        return now < session.lastUsedAt + limit.idle && now < session.createdAt + limit.absolute
    }
}
