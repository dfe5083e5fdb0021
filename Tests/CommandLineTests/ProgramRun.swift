// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Testing

/// One finished run of a program.
struct ProgramRun {
    let status: Int32
    let output: String
    let errors: String

    /// The `oracy` program that was built beside these tests.
    static let oracy: String = {
        // The test bundle and the programs lie in one folder.
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let loaded = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        for line in loaded?.split(separator: "\n") ?? [] {
            if let slash = line.firstIndex(of: "/"), line.hasSuffix(".xctest") {
                folder = URL(fileURLWithPath: String(line[slash...])).deletingLastPathComponent()
            }
        }
        return folder.appendingPathComponent("oracy").path
    }()

    /// Runs `oracy` to its end.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: String? = nil
    ) throws -> ProgramRun {
        try run(oracy, arguments, input: input, environment: environment, folder: folder)
    }

    /// Runs any program to its end.
    static func run(
        _ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:],
        folder: String? = nil
    ) throws -> ProgramRun {
        let running = try RunningProgram(
            arguments, program: program, input: input, environment: environment, folder: folder)
        return try running.wait()
    }
}

/// A program that has been started.
final class RunningProgram {
    let process = Process()
    private let scratch: TemporaryFolder

    init(
        _ arguments: [String], program: String = ProgramRun.oracy, input: String = "",
        environment: [String: String] = [:], folder: String? = nil
    ) throws {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ORACY_") }
        variables.merge(environment) { $1 }
        process.environment = variables
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        scratch = try TemporaryFolder()
        _ = try scratch.write(input, to: "in")
        for name in ["out", "err"] { _ = try scratch.write("", to: name) }
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch.path("in")))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path("out")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path("err")))
        try process.run()
    }

    /// What it has written to its standard output so far.
    func said() throws -> String { try String(contentsOfFile: scratch.path("out"), encoding: .utf8) }

    /// Waits for its end.
    func wait() throws -> ProgramRun {
        process.waitUntilExit()
        return ProgramRun(
            status: process.terminationStatus, output: try String(contentsOfFile: scratch.path("out"), encoding: .utf8),
            errors: try String(contentsOfFile: scratch.path("err"), encoding: .utf8))
    }
}

/// A folder that is gone when nobody holds it any more.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("oracy-test-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in it.
    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file in it and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }
}
