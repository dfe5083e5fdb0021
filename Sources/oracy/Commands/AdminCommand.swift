// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import Glibc
import Server

/// `oracy admin create|reset-password`
enum AdminCommand {
    private static let email = Option<String>("email", value: "ADDRESS", help: "The address to log in with.")
    private static let name = Option<String>("name", value: "NAME", help: "The name shown to others.")

    static let command = Command(
        name: "admin", summary: "make or repair accounts without logging in",
        subcommands: [
            Command(
                name: "create", summary: "make an administrator",
                discussion: "The password is read from standard input: one line, at least 12 characters.",
                options: [email, name] + ConfigurationOptions.only(["home", "database"]),
                examples: [
                    Command.Example(
                        line: "oracy admin create --email ada@school.example --name 'Ada Byron'",
                        meaning: "Ask for the password.")
                ],
                run: create),
            Command(
                name: "reset-password", summary: "give an account a new random password",
                discussion: "Ends all its sessions and prints the password, which is stored nowhere else.",
                options: [email] + ConfigurationOptions.only(["home", "database"]), run: resetPassword),
        ])

    @Sendable private static func create(_ arguments: Arguments) async throws -> ExitCode {
        let address = try required(email, arguments, "create")
        let shownName = try required(name, arguments, "create")
        let password = try readPassword()
        let administration = try await Administration(ConfigurationOptions.load(arguments).configuration)
        let user = try await administration.createAdministrator(name: shownName, email: address, password: password)
        try Terminal.output.writeLine("Made the administrator \(user.email).")
        return .success
    }

    @Sendable private static func resetPassword(_ arguments: Arguments) async throws -> ExitCode {
        let address = try required(email, arguments, "reset-password")
        let administration = try await Administration(ConfigurationOptions.load(arguments).configuration)
        try Terminal.output.writeLine(try await administration.resetPassword(email: address))
        return .success
    }

    private static func required(
        _ option: Option<String>, _ arguments: Arguments, _ command: String
    ) throws(UsageError) -> String {
        guard let value = arguments[option] else {
            throw UsageError(message: "--\(option.definition.name) is required.", command: "oracy admin \(command)")
        }
        return value
    }

    /// One line of standard input; not shown while it is typed on a terminal.
    private static func readPassword() throws -> String {
        var settings = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &settings) == 0
        if isTerminal {
            Terminal.messages.note("Password (at least 12 characters, not shown):")
            var hidden = settings
            hidden.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        }
        defer { if isTerminal { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) } }
        guard let password = readLine(strippingNewline: true), !password.isEmpty else {
            throw CommandFailure("no password was given on the standard input.")
        }
        return password
    }
}
