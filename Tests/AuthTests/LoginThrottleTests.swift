// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Storage
import Testing

@testable import Auth

@Suite("Login throttle")
struct LoginThrottleTests {
    private let throttle = LoginThrottle()
    private let now = TestClock.start

    @Test(arguments: [
        (0, 0), (1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 64), (12, 128), (13, 256),
        (14, 512), (15, 900),
        (16, 900), (99, 900), (1_000_000, 900),
    ])
    func `delays double from one second to a quarter of an hour`(failures: Int64, seconds: Int) {
        #expect(throttle.delay(afterFailures: failures) == .seconds(seconds))
    }

    @Test func `an attempt during the delay tells what is left of it`() {
        let record = LoginRecord(accountFailures: 8, networkFailures: 8, networkFailureAt: now)
        #expect(throttle.judge(record, at: now) == .delayed(.seconds(8)))
        #expect(throttle.judge(record, at: now + .seconds(5)) == .delayed(.seconds(3)))
        #expect(throttle.judge(record, at: now + .milliseconds(7999)) == .delayed(.milliseconds(1)))
        #expect(throttle.judge(record, at: now + .seconds(8)) == .admitted)
    }

    @Test func `from one network an account can be tried seventeen times in the first hour`() {
        var record = LoginRecord()
        var tries = 0
        for second in 0..<3600 {
            let time = now + .seconds(second)
            while throttle.judge(record, at: time) == .admitted {
                tries += 1
                record.accountFailures += 1
                record.networkFailures += 1
                record.networkFailureAt = time
            }
        }
        #expect(tries == 17)
    }

    @Test func `an exhausted account admits only networks its owner knows, for ninety days`() {
        var record = LoginRecord(accountFailures: 99)
        #expect(throttle.judge(record, at: now) == .admitted)
        record.accountFailures = 100
        #expect(throttle.judge(record, at: now) == .exhausted)
        record.networkSuccessAt = now - .seconds(90 * 86_400)
        #expect(throttle.judge(record, at: now) == .exhausted)
        record.networkSuccessAt = now - .seconds(90 * 86_400 - 1)
        #expect(throttle.judge(record, at: now) == .admitted)
        record.networkFailures = 5
        record.networkFailureAt = now
        #expect(throttle.judge(record, at: now) == .delayed(.seconds(1)))
    }

    @Test func `a network's failures are paid off at thirty a minute`() {
        let budget = NetworkBudget(perMinute: 30)
        let network = NetworkPrefix(address: "192.0.2.1")
        for _ in 0..<30 {
            #expect(budget.wait(for: network, at: now) == .zero)
            budget.charge(network, at: now)
        }
        #expect(budget.wait(for: network, at: now) == .seconds(2))
        #expect(budget.wait(for: network, at: now + .seconds(1)) == .seconds(1))
        #expect(budget.wait(for: network, at: now + .seconds(2)) == .zero)
        #expect(budget.wait(for: NetworkPrefix(address: "192.0.3.1"), at: now) == .zero)
        // Attempts that overlapped leave a debt.
        for _ in 0..<30 { budget.charge(network, at: now) }
        #expect(budget.wait(for: network, at: now) == .seconds(62))
        // A clock that goes back neither helps nor traps.
        #expect(budget.wait(for: network, at: now - .seconds(1000)) == .seconds(62))
    }

    @Test func `the memory of networks is bounded and keeps those that owe most`() {
        let budget = NetworkBudget(perMinute: 30)
        let worst = NetworkPrefix(address: "203.0.113.1")
        for _ in 0..<60 { budget.charge(worst, at: now) }
        for index in 0..<40_000 {
            budget.charge(NetworkPrefix(address: "10.\(index / 256).\(index % 256).1"), at: now)
        }
        #expect(budget.count <= 16_384)
        #expect(budget.wait(for: worst, at: now) == .seconds(62))
    }
}

@Suite("Network prefixes")
struct NetworkPrefixTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.0/24"), ("255.255.255.255", "255.255.255.0/24"), ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:0:ff:1:2:3:4", "20010db8000000ff/64"), ("2001:DB8:0:ff::9", "20010db8000000ff/64"),
        ("fe80::1%eth0", "fe80000000000000/64"), ("::1", "0000000000000000/64"), ("", "unknown"),
        ("localhost", "unknown"),
        ("192.0.2", "unknown"), ("192.0.2.256", "unknown"), ("1.2.3.4.5", "unknown"), ("/run/oracy.sock", "unknown"),
    ])
    func `addresses are cut to their networks`(address: String, prefix: String) {
        #expect(NetworkPrefix(address: address).description == prefix)
        #expect(NetworkPrefix(address: nil).description == "unknown")
    }
}

@Suite("E-mail addresses")
struct EmailAddressTests {
    @Test(arguments: [
        ("ann@school.example", "ann@school.example"), ("  Ann.B+x@School.EXAMPLE\n", "ann.b+x@school.example"),
        ("o'hara@uni.example", "o'hara@uni.example"), ("müller@schule.example", "müller@schule.example"),
        ("root@localhost", "root@localhost"),
    ])
    func `addresses are kept in one form`(raw: String, text: String) {
        #expect(EmailAddress(raw)?.text == text)
    }

    @Test(arguments: [
        "", " ", "ann", "@", "ann@", "@x.example", "a@b@c.example", "a b@c.example", "a@b c.example", ".a@b.example",
        "a.@b.example",
        "a..b@c.example", "a@.example", "a@b..example", "a@b.example.", "a@-b.example", "a@b-.example",
        "a\u{0}b@c.example",
        "a\u{200B}b@c.example", "a\r\nBcc: x@c.example", "Ann <ann@c.example>", "\"a b\"@c.example", "a@[127.0.0.1]",
        "a,b@c.example",
        String(repeating: "a", count: 65) + "@c.example", "a@" + String(repeating: "b.", count: 126) + "example",
        "a@" + String(repeating: "b", count: 64) + ".example",
    ])
    func `everything else is refused`(raw: String) {
        #expect(EmailAddress(raw) == nil)
    }
}
