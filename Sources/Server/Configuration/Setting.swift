// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Models

/// One value of the configuration: its names, what it is for, and how text becomes it.
public struct Setting: Sendable {
    /// What a file may write for it.
    public enum Kind: Sendable, Hashable {
        /// Text in quotes.
        case string
        /// A whole number.
        case integer
        /// A whole number of bytes, or text with a unit: `"100 MiB"`.
        case bytes
        /// `true` or `false`.
        case boolean
    }

    /// The name in a file and in reports, such as `limits.audio_bytes`.
    public let key: String
    /// What a file may write for it.
    public let kind: Kind
    /// What it is for, in one sentence.
    public let summary: String
    /// What is accepted, to complete "expects ...".
    public let expectation: String
    /// Whether the value is hidden in reports.
    public let isSecret: Bool

    let apply: @Sendable (inout ServerConfiguration, _ text: String, _ base: String) -> Bool
    let current: @Sendable (ServerConfiguration) -> TOMLDocument.Value?

    /// The environment variable, such as `ORACY_LIMITS_AUDIO_BYTES`.
    public var variable: String {
        "ORACY_" + key.uppercased().map { $0 == "." ? "_" : $0 }
    }

    /// The command-line flag, such as `--listen`; nil for settings in tables and for secrets (every user of the machine
    /// can read command lines), which are set by file or environment.
    public var flag: String? {
        key.contains(".") || isSecret ? nil : "--" + key.map { $0 == "_" ? "-" : $0 }
    }

    /// All settings, in order of reports.
    public static let all: [Setting] = [
        text("listen", "The address and port to listen on.", expects: "an address and port such as 127.0.0.1:8080") {
            ListenAddress($0)
        } at: {
            $0.listen.description
        } set: {
            $0.listen = $1
        },
        boolean("insecure", \.isInsecure, "Serve beyond this machine without TLS; only for networks you trust."),
        text(
            "public_origin", "What browsers have in the address bar, when a proxy stands in front.",
            expects: "an origin such as https://oracy.example.org"
        ) {
            PublicOrigin($0)
        } at: {
            $0.publicOrigin?.text
        } set: {
            $0.publicOrigin = $1
        },
        text(
            "trusted_proxies", "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
            expects: "addresses such as 127.0.0.1, separated by commas"
        ) {
            AddressList($0)
        } at: {
            $0.trustedProxies.isEmpty ? nil : $0.trustedProxies.description
        } set: {
            $0.trustedProxies = $1
        },
        path("home", \.home, "The folder for recordings, keys, models and the embedded database."),
        Setting(
            key: "database", kind: .string, summary: "The database.", expectation: "sqlite:PATH", isSecret: false,
            apply: { configuration, text, base in
                guard case .sqlite(let path) = DatabaseLocation(text) else { return false }
                configuration.database = .sqlite(path: absolute(path, from: base))
                return true
            }, current: { .string($0.database.description) }),
        choice("role", \.role, "What this process does: answer requests, work through the queue, or both."),
        integer("workers", \.workers, 1...1024, "How many answers are transcribed and analysed at once."),
        path("decoder", \.decoder, "The program that decodes audio in its sandbox."),
        Setting(
            key: "model", kind: .string, summary: "The model that writes speech down; without it, the best installed.",
            expectation: "a model's name, or a path with a slash", isSecret: false,
            apply: { configuration, text, base in
                guard !text.isEmpty, !text.utf8.contains(0) else { return false }
                configuration.speech.model = text.contains("/") ? absolute(text, from: base) : text
                return true
            }, current: { $0.speech.model.map(TOMLDocument.Value.string) }),
        choice("precision", \.speech.precision, "What the model computes with."),
        choice("text_precision", \.textPrecision, "What models of texts compute with."),
        Setting(
            key: "threads", kind: .integer,
            summary: "How many threads the model computes with, 1 to 256; without it, one a processor.",
            expectation: "a whole number from 1 to 256", isSecret: false,
            apply: { configuration, text, _ in
                guard let count = Int(text), (1...256).contains(count) else { return false }
                configuration.speech.threads = count
                return true
            }, current: { $0.speech.threads.map { .integer(Int64($0)) } }),
        boolean(
            "short_windows", \.speech.shortensWindows,
            "Hear speech shorter than the model's window in a window of its own length: faster, not as it was trained."),
        choice("voice_activity", \.speech.voiceActivity, "What finds the speech in a recording."),
        path("pocketsphinx_model", \.pocketSphinxModel, "The folder of the PocketSphinx model of US English."),
        Setting(
            key: "drug_names", kind: .string,
            summary: "A list of drug names; without it, drug-names.tsv in the home folder.",
            expectation: "the path of a file", isSecret: false,
            apply: { configuration, text, base in
                guard !text.isEmpty, !text.utf8.contains(0) else { return false }
                configuration.drugNames = absolute(text, from: base)
                return true
            }, current: { $0.drugNames.map(TOMLDocument.Value.string) }),
        Setting(
            key: "feedback_templates", kind: .string,
            summary: "A JSON file with your own sentences of feedback, by language and rule.",
            expectation: "the path of a file", isSecret: false,
            apply: { configuration, text, base in
                guard !text.isEmpty, !text.utf8.contains(0) else { return false }
                configuration.feedbackTemplates = absolute(text, from: base)
                return true
            }, current: { $0.feedbackTemplates.map(TOMLDocument.Value.string) }),
        text(
            "setup_token", "The token that makes the first administrator, when it must be known beforehand.",
            expects: "16 to 128 letters, digits, '-' or '_'", isSecret: true
        ) {
            isToken($0) ? $0 : nil
        } at: {
            $0.setupToken
        } set: {
            $0.setupToken = $1
        },
        integer("passwords.operations", \.passwords.operations, 1...10, "Passes of argon2id over its memory."),
        bytes("passwords.memory", \.passwords.memoryBytes, 12 << 20...1 << 30, "Memory for hashing one password."),
        text(
            "models.mirror", "Where models are pulled from: the hub, or a mirror with the same paths.",
            expects: "an address such as https://mirror.example.org"
        ) {
            HubAddress($0)
        } at: {
            $0.modelSource.mirror.description
        } set: {
            $0.modelSource.mirror = $1
        },
        text(
            "models.token", "The hub's token for models that are given to some only.",
            expects: "8 to 512 characters without spaces", isSecret: true
        ) {
            isSecretWord($0) ? $0 : nil
        } at: {
            $0.modelSource.token
        } set: {
            $0.modelSource.token = $1
        },
        bytes("limits.audio_bytes", \.limits.audioBytes, 1 << 10...4 << 30, "The largest recording."),
        integer("limits.audio_seconds", \.limits.audioSeconds, 1...14_400, "The longest recording, in seconds."),
        integer("limits.decode_seconds", \.limits.decodeSeconds, 1...3600, "The longest decoding, in seconds."),
        bytes(
            "limits.transcript_bytes", \.limits.transcriptBytes, 1 << 10...16 << 20, "The longest edited transcript."),
        integer("limits.connections", \.limits.connections, 1...1_000_000, "Open connections in all."),
        integer(
            "limits.connections_per_address", \.limits.connectionsPerAddress, 1...1_000_000,
            "Open connections from one network address."),
        integer("limits.head_seconds", \.limits.headSeconds, 1...600, "How long the head of a request may take."),
        integer("limits.body_idle_seconds", \.limits.bodyIdleSeconds, 1...600, "How long a body may pause."),
        integer(
            "limits.keep_alive_seconds", \.limits.keepAliveSeconds, 1...3600,
            "How long a connection without a request stays open."),
        integer(
            "limits.queue_length", \.limits.queueLength, 1...10_000_000,
            "Answers that may wait; further ones are refused until the queue is shorter."),
        choice("log.format", \.log.format, "The form of log lines; auto is text on a terminal and JSON elsewhere."),
        choice("log.level", \.log.level, "The least important log lines that are written."),
    ]

    /// The setting called `key`, if any.
    public static func named(_ key: String) -> Setting? { all.first { $0.key == key } }
}

// The shapes that settings have.
extension Setting {
    private typealias Path<Value> = any WritableKeyPath<ServerConfiguration, Value> & Sendable

    private static func integer(
        _ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> Setting {
        Setting(
            key: key, kind: .integer, summary: summary,
            expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)", isSecret: false,
            apply: { configuration, text, _ in
                guard let value = Int(text), range.contains(value) else { return false }
                configuration[keyPath: path] = value
                return true
            }, current: { .integer(Int64($0[keyPath: path])) })
    }

    private static func bytes(
        _ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ summary: String
    ) -> Setting {
        Setting(
            key: key, kind: .bytes, summary: summary,
            expectation: "a size from \(ByteSize.text(range.lowerBound)) to \(ByteSize.text(range.upperBound))",
            isSecret: false,
            apply: { configuration, text, _ in
                guard let value = ByteSize.bytes(in: text), range.contains(value) else { return false }
                configuration[keyPath: path] = value
                return true
            },
            current: { configuration in
                let count = configuration[keyPath: path]
                let text = ByteSize.text(count)
                return text == "\(count) B" ? .integer(Int64(count)) : .string(text)
            })
    }

    private static func boolean(_ key: String, _ path: Path<Bool>, _ summary: String) -> Setting {
        Setting(
            key: key, kind: .boolean, summary: summary, expectation: "true or false", isSecret: false,
            apply: { configuration, text, _ in
                guard let value = ["true": true, "1": true, "false": false, "0": false][text] else { return false }
                configuration[keyPath: path] = value
                return true
            }, current: { .boolean($0[keyPath: path]) })
    }

    private static func choice<Value: RawRepresentable<String> & CaseIterable & SendableMetatype>(
        _ key: String, _ path: Path<Value>, _ summary: String
    ) -> Setting {
        let names = Value.allCases.map(\.rawValue)
        return Setting(
            key: key, kind: .string, summary: summary,
            expectation: names.dropLast().joined(separator: ", ") + " or " + (names.last ?? ""), isSecret: false,
            apply: { configuration, text, _ in
                guard let value = Value(rawValue: text) else { return false }
                configuration[keyPath: path] = value
                return true
            }, current: { .string($0[keyPath: path].rawValue) })
    }

    private static func path(_ key: String, _ path: Path<String>, _ summary: String) -> Setting {
        Setting(
            key: key, kind: .string, summary: summary, expectation: "a path", isSecret: false,
            apply: { configuration, text, base in
                guard !text.isEmpty, !text.utf8.contains(0) else { return false }
                configuration[keyPath: path] = absolute(text, from: base)
                return true
            }, current: { .string($0[keyPath: path]) })
    }

    private static func text<Value>(
        _ key: String, _ summary: String, expects expectation: String, isSecret: Bool = false,
        _ parse: @escaping @Sendable (String) -> Value?, at get: @escaping @Sendable (ServerConfiguration) -> String?,
        set: @escaping @Sendable (inout ServerConfiguration, Value) -> Void
    ) -> Setting {
        Setting(
            key: key, kind: .string, summary: summary, expectation: expectation, isSecret: isSecret,
            apply: { configuration, text, _ in
                guard let value = parse(text) else { return false }
                set(&configuration, value)
                return true
            }, current: { get($0).map(TOMLDocument.Value.string) })
    }

    private static func isToken(_ text: String) -> Bool {
        (16...128).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    private static func isSecretWord(_ text: String) -> Bool {
        (8...512).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The path from the root; relative ones start at `base`. Dots are left for the system to resolve.
    private static func absolute(_ path: String, from base: String) -> String {
        path.hasPrefix("/") ? path : "\(base)/\(path)"
    }
}

/// Sizes in bytes as people write them: `4096`, `64 KiB`, `100 MiB`, `1 GiB`.
enum ByteSize {
    private static let units = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0)]

    /// The number of bytes; nil when the text is no size or too large.
    static func bytes(in text: String) -> Int? {
        for (name, shift) in units where text.hasSuffix(name) {
            let digits = text.dropLast(name.count).reversed().drop { $0 == " " }.reversed()
            guard let count = Int(String(digits)), count >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
            return overflow ? nil : product
        }
        return Int(text)
    }

    /// The size in the largest unit that it is a whole number of.
    static func text(_ bytes: Int) -> String {
        let unit = units.first { bytes > 0 && bytes % (1 << $0.1) == 0 } ?? ("B", 0)
        return "\(bytes >> unit.1) \(unit.0)"
    }
}
