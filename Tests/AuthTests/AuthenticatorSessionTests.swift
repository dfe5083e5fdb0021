// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import JSON
import Storage
import Synchronization
import Testing

@testable import Auth

@Suite("Sessions")
struct AuthenticatorSessionTests {
    @Test func `a login gives tokens to programs and a cookie to browsers`() async throws {
        try await TestInstallation.use { installation in
            let ann = try await installation.addUser("ann", role: .educator)
            let program = try await installation.login("ann")
            #expect(program.cookie == nil && program.expiresIn == .seconds(600))
            let byToken = try await installation.authenticator.authenticate(accessToken: program.access)
            #expect(byToken.user == ann && byToken.session?.id == program.session.id)
            let browser = try await installation.login("ann", kind: .browser)
            #expect(browser.accessToken == nil && browser.refreshToken == nil)
            let byCookie = try await installation.authenticator.authenticate(cookie: browser.cookieValue)
            #expect(byCookie.user == ann && byCookie.session?.kind == .browser)
            #expect(try await installation.audited().suffix(2) == ["login", "login"])
        }
    }

    @Test func `the database holds no cookie, only its digest`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let cookie = try await installation.login("ann", kind: .browser).cookieValue
            let raw = Base64URL.decode(cookie) ?? []
            let found = try await installation.database.read { transaction in
                try (
                    transaction.sessions.find(cookieHash: SHA256.hash(cookie.utf8)) != nil,
                    transaction.sessions.find(cookieHash: Array(cookie.utf8)) != nil,
                    transaction.sessions.find(cookieHash: raw) != nil
                )
            }
            #expect(found == (true, false, false))
        }
    }

    @Test func `descriptions of a login show no secrets`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let signedIn = try await installation.login("ann")
            var dumped = ""
            dump(signedIn, to: &dumped)
            for text in ["\(signedIn)", String(reflecting: signedIn), dumped] {
                #expect(try !text.contains(signedIn.access) && !text.contains(signedIn.refresh))
            }
        }
    }

    @Test(arguments: ["", "x", String(repeating: "A", count: 43), String(repeating: "A", count: 42) + "B", "é"])
    func `cookies that are none of ours are refused`(cookie: String) async throws {
        try await TestInstallation.use { installation async throws in
            #expect(
                try await code { try await installation.authenticator.authenticate(cookie: cookie) } == .invalidToken)
        }
    }

    @Test func `an access token ends after ten minutes and half a minute of leeway`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let token = try await installation.login("ann").access
            installation.clock.advance(by: .seconds(629))
            _ = try await installation.authenticator.authenticate(accessToken: token)
            installation.clock.advance(by: .seconds(1))
            #expect(
                try await code { try await installation.authenticator.authenticate(accessToken: token) } == .expired)
        }
    }

    @Test func `a token of another installation is refused`() async throws {
        try await TestInstallation.use { one in
            _ = try await one.addUser("ann")
            let token = try await one.login("ann").access
            try await TestInstallation.use { other async throws in
                #expect(
                    try await code { try await other.authenticator.authenticate(accessToken: token) } == .invalidToken)
            }
        }
    }

    @Test func `a token whose user is not the session's is refused`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let bob = try await installation.addUser("bob")
            var session = try await installation.login("ann").session
            session.user = bob.id
            let forged = try await installation.authenticator.accessToken(
                for: session, now: installation.clock.wall.now())
            #expect(
                try await code { try await installation.authenticator.authenticate(accessToken: forged) }
                    == .invalidToken)
        }
    }

    @Test func `logout acts at once on access token, refresh token and cookie`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let program = try await installation.login("ann")
            let browser = try await installation.login("ann", kind: .browser)
            try await authenticator.logout(try await authenticator.authenticate(accessToken: program.access))
            #expect(
                try await code { try await authenticator.authenticate(accessToken: program.access) } == .invalidToken)
            #expect(try await code { try await authenticator.refresh(token: program.refresh) } == .invalidToken)
            let actor = try await authenticator.authenticate(cookie: browser.cookieValue)
            try await authenticator.logout(actor)
            #expect(
                try await code { try await authenticator.authenticate(cookie: browser.cookieValue) } == .invalidToken)
        }
    }

    @Test func `no request that starts after a logout succeeds, however many run`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let signedIn = try await installation.login("ann")
            let token = try signedIn.access
            let actor = try await authenticator.authenticate(accessToken: token)
            let late = try await withThrowingTaskGroup(of: Int.self) { group in
                let ended = Flag()
                for _ in 0..<20 {
                    group.addTask {
                        var successes = 0
                        for _ in 0..<20 {
                            let startedLate = ended.isSet
                            let refused = try await code { try await authenticator.authenticate(accessToken: token) }
                            if startedLate && refused == nil { successes += 1 }
                        }
                        return successes
                    }
                }
                group.addTask {
                    try await authenticator.logout(actor)
                    ended.set()
                    return 0
                }
                return try await group.reduce(0, +)
            }
            #expect(late == 0)
            #expect(try await code { try await authenticator.authenticate(accessToken: token) } == .invalidToken)
        }
    }

    @Test func `logging out everywhere ends all sessions of the user and nobody else's`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            _ = try await installation.addUser("ann")
            _ = try await installation.addUser("bob")
            let first = try await installation.login("ann")
            let second = try await installation.login("ann", kind: .browser)
            let other = try await installation.login("bob")
            try await authenticator.logoutAll(try await authenticator.authenticate(accessToken: first.access))
            #expect(try await code { try await authenticator.authenticate(accessToken: first.access) } == .invalidToken)
            #expect(
                try await code { try await authenticator.authenticate(cookie: second.cookieValue) } == .invalidToken)
            _ = try await authenticator.authenticate(accessToken: other.access)
        }
    }

    @Test func `sessions are listed and ended one by one, only one's own`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            _ = try await installation.addUser("ann")
            _ = try await installation.addUser("bob")
            let first = try await installation.login("ann")
            installation.clock.advance(by: .seconds(5))
            let second = try await installation.login("ann", kind: .browser)
            let ann = try await authenticator.authenticate(accessToken: first.access)
            let bob = try await authenticator.authenticate(
                accessToken: try await installation.login("bob").access)
            let sessions = try await authenticator.sessions(of: ann)
            #expect(sessions.map(\.id) == [second.session.id, first.session.id])
            #expect(sessions.map(\.userAgent) == ["Test/1", "Test/1"])
            #expect(try await !authenticator.endSession(second.session.id, of: bob))
            #expect(try await authenticator.endSession(second.session.id, of: ann))
            #expect(try await !authenticator.endSession(second.session.id, of: ann))
            #expect(try await authenticator.sessions(of: ann).map(\.id) == [first.session.id])
        }
    }

    @Test func `a role is read on each request, never from the token`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            let ann = try await installation.addUser("ann", role: .educator)
            let token = try await installation.login("ann").access
            _ = try await authenticator.updateUser(ann.id) { $0.role = .student }
            #expect(try await authenticator.authenticate(accessToken: token).role == .student)
        }
    }

    @Test func `the last use is written down at most once a minute`() async throws {
        try await TestInstallation.use { installation in
            let authenticator = installation.authenticator
            _ = try await installation.addUser("ann")
            let cookie = try await installation.login("ann", kind: .browser).cookieValue
            func lastUse() async throws -> Duration {
                // The actor shows the use before this request.
                try #require(await authenticator.authenticate(cookie: cookie).session).lastUsedAt - TestClock.start
            }
            installation.clock.advance(by: .seconds(59))
            #expect(try await lastUse() == .zero)
            #expect(try await lastUse() == .zero)
            installation.clock.advance(by: .seconds(1))
            #expect(try await lastUse() == .zero)
            #expect(try await lastUse() == .seconds(60))
        }
    }

    @Test(arguments: [
        (Role.student, Session.Kind.browser, 12 * 3600, 30 * 86_400), (.educator, .browser, 1800, 12 * 3600),
        (.admin, .browser, 1800, 12 * 3600), (.student, .api, 30 * 86_400, 90 * 86_400),
        (.admin, .api, 30 * 86_400, 90 * 86_400),
    ])
    func `sessions end when unused and when old`(role: Role, kind: Session.Kind, idle: Int, absolute: Int) {
        let limits = SessionLimits()
        let start = TestClock.start
        var session = Session(
            id: Identifier(at: start), user: Identifier(at: start), kind: kind, createdAt: start, lastUsedAt: start)
        let almost = Duration.milliseconds(idle * 1000 - 1)
        #expect(limits.isAlive(session, role: role, at: start + almost))
        #expect(!limits.isAlive(session, role: role, at: start + .seconds(idle)))
        session.lastUsedAt = start + .seconds(absolute) - .seconds(1)
        #expect(limits.isAlive(session, role: role, at: start + .seconds(absolute) - .milliseconds(1)))
        #expect(!limits.isAlive(session, role: role, at: start + .seconds(absolute)))
    }

    @Test func `an unused browser session is refused, a used one goes on`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann", role: .educator)
            let cookie = try await installation.login("ann", kind: .browser).cookieValue
            for _ in 0..<3 {
                installation.clock.advance(by: .seconds(29 * 60))
                _ = try await installation.authenticator.authenticate(cookie: cookie)
            }
            installation.clock.advance(by: .seconds(30 * 60))
            #expect(
                try await code { try await installation.authenticator.authenticate(cookie: cookie) } == .invalidToken)
        }
    }

    @Test func `a new login drops dead sessions and, beyond the limit, the one unused longest`() async throws {
        try await TestInstallation.use({ $0.sessionsPerUser = 3 }) { installation in
            _ = try await installation.addUser("ann")
            var logins: [SignedIn] = []
            for _ in 0..<4 {
                installation.clock.advance(by: .seconds(1))
                logins.append(try await installation.login("ann"))
            }
            let authenticator = installation.authenticator
            let first = logins[0]
            #expect(try await code { try await authenticator.refresh(token: first.refresh) } == .invalidToken)
            for login in logins.dropFirst() { _ = try await authenticator.authenticate(accessToken: login.access) }
            installation.clock.advance(by: .seconds(31 * 86_400))
            let last = try await installation.login("ann")
            let kept = try await installation.database.read { try $0.sessions.list(of: last.user.id) }
            #expect(kept.map(\.id) == [last.session.id])
        }
    }
}

@Suite("Refresh tokens")
struct RefreshTokenTests {
    @Test func `each refresh gives a working pair, for ninety days at most`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            var signedIn = try await installation.login("ann")
            var days = 0
            while days < 87 {
                installation.clock.advance(by: .seconds(29 * 86_400))
                days += 29
                let next = try await authenticator.refresh(token: signedIn.refresh)
                #expect(try next.refresh != signedIn.refresh && next.session.id == signedIn.session.id)
                _ = try await authenticator.authenticate(accessToken: next.access)
                signedIn = next
            }
            installation.clock.advance(by: .seconds(3 * 86_400))
            #expect(try await code { try await authenticator.refresh(token: signedIn.refresh) } == .invalidToken)
        }
    }

    @Test func `an unused refresh token ends after thirty days`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let signedIn = try await installation.login("ann")
            installation.clock.advance(by: .seconds(30 * 86_400))
            #expect(
                try await code { try await installation.authenticator.refresh(token: signedIn.refresh) }
                    == .invalidToken)
        }
    }

    @Test func `fifty refreshes at once give one successor`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let token = try await installation.login("ann").refresh
            let successors = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await authenticator.refresh(token: token).refresh } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(successors.count == 1)
            let successor = try #require(successors.first)
            #expect(successor != token)
            _ = try await authenticator.refresh(token: successor)
        }
    }

    @Test func `a lost answer is given again within ten seconds`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let token = try await installation.login("ann").refresh
            let lost = try await authenticator.refresh(token: token)
            installation.clock.advance(by: .seconds(10))
            let again = try await authenticator.refresh(token: token)
            #expect(try again.refresh == lost.refresh)
            _ = try await authenticator.authenticate(accessToken: again.access)
            _ = try await authenticator.refresh(token: again.refresh)
        }
    }

    @Test func `a token used again after ten seconds ends the session for everyone`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let stolen = try await installation.login("ann").refresh
            let next = try await authenticator.refresh(token: stolen)
            installation.clock.advance(by: .milliseconds(10_001))
            #expect(try await code { try await authenticator.refresh(token: stolen) } == .invalidToken)
            #expect(try await code { try await authenticator.refresh(token: next.refresh) } == .invalidToken)
            #expect(try await code { try await authenticator.authenticate(accessToken: next.access) } == .invalidToken)
            #expect(try await installation.audited().last == "session.replay")
        }
    }

    @Test func `a token two steps old ends the session even at once`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let first = try await installation.login("ann").refresh
            let second = try await authenticator.refresh(token: first).refresh
            let third = try await authenticator.refresh(token: second).refresh
            #expect(try await code { try await authenticator.refresh(token: first) } == .invalidToken)
            #expect(try await code { try await authenticator.refresh(token: third) } == .invalidToken)
        }
    }

    @Test func `a counter from the future ends the session`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let signedIn = try await installation.login("ann")
            let id = signedIn.session.id
            let state = try await installation.database.read { try $0.sessions.refreshState(id, locking: false) }
            let future = RefreshToken(session: id, counter: 1, key: try #require(state).key)
            #expect(try await code { try await authenticator.refresh(token: future.text) } == .invalidToken)
            #expect(try await code { try await authenticator.refresh(token: signedIn.refresh) } == .invalidToken)
        }
    }

    @Test func `forged tokens are refused and end nobody's session`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let authenticator = installation.authenticator
            let signedIn = try await installation.login("ann")
            let genuine = try signedIn.refresh
            let parts = genuine.split(separator: ".").map(String.init)
            let (session, code) = (parts[0], parts[2])
            var forged = [
                "", ".", "..", session, "\(session).0", "\(session).1.\(code)", "\(session).00.\(code)",
                "\(session).+0.\(code)", "\(session).-0.\(code)", "\(session)..\(code)", "\(session).0.\(code)=",
                "\(session).0.\(code).", "\(session.uppercased()).0.\(code)", "\(session).9223372036854775808.\(code)",
                "\(session).999999999999999999.\(code)", "\(session).0.",
                "\(Identifier<Session>(at: TestClock.start)).0.\(code)",
                RefreshToken(session: signedIn.session.id, counter: 0, key: []).text, try signedIn.access,
            ]
            let characters = Array(genuine.utf8)
            for index in characters.indices {
                var changed = characters
                changed[index] ^= 1
                forged.append(String(decoding: changed, as: UTF8.self))
            }
            for token in forged {
                let refusal = try await AuthTests.code { try await authenticator.refresh(token: token) }
                #expect(refusal == .invalidToken)
            }
            _ = try await authenticator.refresh(token: genuine)
        }
    }

    @Test func `a browser's session gives no refresh`() async throws {
        try await TestInstallation.use { installation in
            _ = try await installation.addUser("ann")
            let browser = try await installation.login("ann", kind: .browser)
            let cookie = try browser.cookieValue
            let forged = RefreshToken(session: browser.session.id, counter: 0, key: Base64URL.decode(cookie) ?? [])
            #expect(
                try await code { try await installation.authenticator.refresh(token: forged.text) } == .invalidToken)
        }
    }
}

/// Something that happens once and is seen by all threads.
private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}
