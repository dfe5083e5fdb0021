// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Server

/// `oracy serve`, `oracy demo` and `oracy migrate`
enum ServerCommands {
    static let serve = Command(
        name: "serve", summary: "start the server",
        discussion: "Prints the address and, while nobody can log in, a link that makes the first administrator.",
        options: ConfigurationOptions.all,
        examples: [
            Command.Example(line: "oracy serve", meaning: "Serve http://127.0.0.1:8080 on the embedded database."),
            Command.Example(line: "oracy serve --role worker", meaning: "Only work through the queue."),
        ],
        run: { arguments in
            try await Server.serve(ConfigurationOptions.load(arguments).configuration)
            return .success
        })

    private enum SampleCourse: String, Sendable, CaseIterable {
        case pharmacy, languages
    }

    private static let demoCourse = Option<SampleCourse>(
        "course", value: "COURSE", help: "What to show: advice in a pharmacy, or answers in three languages.",
        default: .pharmacy)

    static let demo = Command(
        name: "demo", summary: "serve a sample course with spoken answers",
        discussion: """
            Fills an empty home folder with people, questions and answers (spoken by espeak-ng at that moment), prints \
            how to log in, and serves it. A folder that has users already is served as it is.
            """,
        options: [demoCourse] + ConfigurationOptions.all,
        examples: [
            Command.Example(line: "oracy demo --home /tmp/oracy-demo", meaning: "Try Oracy out."),
            Command.Example(
                line: "oracy demo --course languages --model whisper-base",
                meaning: "See answers in three languages told apart."),
        ],
        run: { arguments in
            let course: DemoCourse = arguments[demoCourse] == .languages ? .languages : .pharmacy
            try await Server.serve(ConfigurationOptions.load(arguments).configuration, demo: course)
            return .success
        })

    static let migrate = Command(
        name: "migrate", summary: "bring the database up to date",
        discussion: "The server does this itself when it starts.",
        options: ConfigurationOptions.only(["home", "database"]),
        run: { arguments in
            let text = try await Server.migrate(ConfigurationOptions.load(arguments).configuration)
            try Terminal.output.writeLine(text)
            return .success
        })
}
