// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Testing

@testable import Jobs

@Suite struct RetryScheduleTests {
    @Test(
        "waits double from 5 s up to 10 min, and the jitter takes any part of them",
        arguments: [
            (1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 320), (8, 600), (9, 600), (64, 600),
            (1_000_000, 600), (0, 5), (-3, 5),
        ])
    func delays(attempt: Int, seconds: Int) {
        let schedule = RetrySchedule()
        #expect(schedule.delay(afterAttempt: attempt, fraction: 0) == .zero)
        #expect(schedule.delay(afterAttempt: attempt, fraction: 0.5) == .milliseconds(seconds * 500))
        let longest = schedule.delay(afterAttempt: attempt, fraction: 1.0.nextDown)
        #expect(longest <= .seconds(seconds))
        #expect(longest >= .milliseconds(seconds * 1000 - 1))
    }
}
