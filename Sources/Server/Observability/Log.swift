// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Domain
import Glibc
public import JSON
import Synchronization

/// Writes one JSON object a line (or one readable line on a terminal) to standard error.
///
/// Never hand it transcripts, tokens, passwords or file names: the fields of a line are ids, counts, codes and times.
public struct Log: Sendable {
    /// How much a line matters.
    public typealias Level = ServerConfiguration.Log.Level

    /// How lines look.
    public enum Format: Sendable {
        /// One JSON object a line, for collectors.
        case json
        /// Time, level, message and fields, for people.
        case text
    }

    /// The least level that is written.
    public var level: Level
    /// How lines look.
    public var format: Format

    private let write: @Sendable ([UInt8]) -> Void
    private let clock: WallClock

    /// Creates a log.
    ///
    /// - Parameters:
    ///   - level: The least level that is written.
    ///   - format: How lines look.
    ///   - clock: Where times come from.
    ///   - write: Where lines go; standard error unless said otherwise.
    public init(
        level: Level = .info, format: Format = .json, clock: WallClock = .system,
        write: (@Sendable ([UInt8]) -> Void)? = nil
    ) {
        self.level = level
        self.format = format
        self.clock = clock
        self.write =
            write ?? { bytes in
                bytes.withUnsafeBytes { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            }
    }

    /// Creates the log that a configuration asks for; `auto` is text on a terminal and JSON elsewhere.
    public init(_ configuration: ServerConfiguration.Log) {
        let format: Format =
            switch configuration.format {
            case .auto: isatty(STDERR_FILENO) == 1 ? .text : .json
            case .json: .json
            case .text: .text
            }
        self.init(level: configuration.level, format: format)
    }

    /// Writes a line at level debug.
    public func debug(_ message: String, _ fields: JSONObject = [:]) { line(.debug, message, fields) }
    /// Writes a line at level info.
    public func info(_ message: String, _ fields: JSONObject = [:]) { line(.info, message, fields) }
    /// Writes a line at level warning.
    public func warning(_ message: String, _ fields: JSONObject = [:]) { line(.warning, message, fields) }
    /// Writes a line at level error.
    public func error(_ message: String, _ fields: JSONObject = [:]) { line(.error, message, fields) }

    private func line(_ level: Level, _ message: String, _ fields: JSONObject) {
        guard level.weight >= self.level.weight else { return }
        let time = clock.now().description
        var bytes: [UInt8]
        switch format {
        case .json:
            var object: JSONObject = ["ts": .string(time), "level": .string(level.rawValue), "msg": .string(message)]
            for member in fields.members { object[member.key] = member.value }
            bytes = JSONValue.object(object).utf8
        case .text:
            let details = fields.members.map { " \($0.key)=\($0.value.string.map(Self.escaped) ?? $0.value.text)" }
            bytes = Array("\(time) \(level.rawValue.uppercased()) \(Self.escaped(message))\(details.joined())".utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
        write(bytes)
    }

    /// One line stays one line: control characters of a value can't forge another.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? JSONValue.string(text).text : text
    }
}

extension ServerConfiguration.Log.Level {
    fileprivate var weight: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}
