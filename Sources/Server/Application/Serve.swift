// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc
import JSON
import Models
import Storage

/// Starts a server, prints its address and, on the first run, the set-up link; returns when it has been stopped by
/// SIGTERM or SIGINT. A second signal ends it at once.
///
/// - Parameters:
///   - configuration: The configuration.
///   - demo: The sample course that an empty server is filled with first; nil for none.
/// - Throws: What ``Application`` or ``Demo`` throws.
public func serve(_ configuration: ServerConfiguration, demo: DemoCourse? = nil) async throws {
    signal(SIGPIPE, SIG_IGN)
    let application = try await Application(configuration)
    TerminationSignals.install { application.shutdown() }
    if let demo, try await application.services.database.read({ try $0.users.count() }) == 0 {
        try await fill(application, demo)
    }
    if let address = application.address {
        print("Oracy \(Release.version) serves at \(address)")
        if let link = try await application.setupLink() {
            print(
                "Nobody can log in yet. Make the first administrator here (valid for one hour, once):\n\n    \(link)\n")
        }
        let speech = application.services.speech
        if let problem = speech.problem ?? speech.notice { print("Note: \(problem)") }
    } else {
        print("Oracy \(Release.version) works through the queue")
    }
    // What needs them says so in its results; the rest works.
    for problem in (try? configuration.modelStore.contents().problems) ?? [] {
        print("Note: \(problem.name): \(problem.message)")
    }
    fflush(nil)
    try await application.run()
}

private func fill(_ application: Application, _ course: DemoCourse) async throws {
    let accounts = try await Demo(application, course).fill { print("demo: \($0)") }
    print("\nDemo accounts (all with the password \(accounts.first?.password ?? "")):")
    for account in accounts { print("    \(account.role.rawValue)  \(account.email)") }
    print("")
}

/// Brings the configured database up to date.
///
/// - Returns: What was done, for people.
/// - Throws: `StorageError`, ``HomeError``.
public func migrate(_ configuration: ServerConfiguration) async throws -> String {
    try Home.prepare(configuration.home)
    let database = try await Home.openDatabase(configuration)
    await database.close()
    return "\(configuration.database) is up to date"
}
