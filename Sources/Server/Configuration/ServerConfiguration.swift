// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Models

/// Everything that can be set about a server, with its defaults.
///
/// ``ServerConfiguration/load(flags:environment:file:surroundings:)`` fills it from flags, environment and file;
/// docs/configuration.md describes every setting.
public struct ServerConfiguration: Sendable, Hashable {
    /// Which parts of the work a process does.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// Answers requests and works through the queue.
        case all
        /// Answers requests only.
        case api
        /// Works through the queue only.
        case worker
    }

    /// Where the server listens.
    public var listen: ListenAddress
    /// Whether an address beyond loopback may be served without TLS.
    public var isInsecure: Bool
    /// What browsers have in the address bar, such as `https://oracy.example.org`, when a proxy stands in front.
    public var publicOrigin: PublicOrigin?
    /// The addresses of proxies whose word on who a client is, and whether it came by TLS, is believed.
    public var trustedProxies: AddressList
    /// The folder for recordings, keys and the embedded database; absolute.
    public var home: String
    /// The database.
    public var database: DatabaseLocation
    /// Which parts of the work this process does.
    public var role: Role
    /// How many answers are transcribed and analysed at once.
    public var workers: Int
    /// The program that decodes audio in its sandbox.
    public var decoder: String
    /// Which model writes speech down, and how it computes.
    public var speech: Speech
    /// What models of texts compute with.
    public var textPrecision: Precision = .auto
    /// The folder of the PocketSphinx model (acoustic model, language model and dictionary of US English).
    public var pocketSphinxModel: String
    /// A list of drug names; nil for `drug-names.tsv` in the home folder, if it is there.
    public var drugNames: String?
    /// A file with a school's own sentences of feedback; nil for those of the pages' catalogues.
    public var feedbackTemplates: String?
    /// Where models are pulled from.
    public var modelSource: ModelSource
    /// The token that makes the first administrator, when it must be known beforehand; otherwise one is drawn.
    public var setupToken: String?
    /// What hashing a password costs.
    public var passwords: PasswordCost
    /// Bounds on what clients may send and hold.
    public var limits: Limits
    /// What is logged, and how.
    public var log: Log

    /// What a model computes with.
    public enum Precision: String, Sendable, Hashable, CaseIterable {
        /// bfloat16 where the processor has it, else 32 bits.
        case auto
        /// 32-bit floating point.
        case f32
        /// bfloat16.
        case bf16
        /// 8-bit whole numbers: faster, with a small loss.
        case int8
    }

    /// Which model writes speech down, and how it computes.
    public struct Speech: Sendable, Hashable {
        /// What finds the speech in a recording.
        public enum VoiceActivity: String, Sendable, Hashable, CaseIterable {
            /// Silero VAD where its weights are installed, else our own.
            case auto
            /// Silero VAD, a small neural network.
            case silero
            /// Our own, which needs no weights.
            case spectral
        }

        /// A model's name in the store, or a folder; nil for the best one that is installed.
        public var model: String?
        /// What it computes with.
        public var precision: Precision = .auto
        /// How many threads compute.
        public var threads: Int?
        /// Whether speech shorter than the model's window is heard in a window of its own length.
        public var shortensWindows = false
        /// What finds the speech.
        public var voiceActivity: VoiceActivity = .auto
    }

    /// Where models are pulled from.
    public struct ModelSource: Sendable, Hashable {
        /// The hub, or a mirror with the same paths.
        public var mirror: HubAddress = .huggingFace
        /// The token for gated repositories.
        public var token: String?
    }

    /// What hashing a password costs (argon2id, RFC 9106).
    public struct PasswordCost: Sendable, Hashable {
        /// Passes over the memory.
        public var operations: Int = 3
        /// Memory for one hash, in bytes.
        public var memoryBytes: Int = 64 << 20
    }

    /// Bounds on what clients may send and hold.
    public struct Limits: Sendable, Hashable {
        /// The largest recording, in bytes.
        public var audioBytes: Int = 100 << 20
        /// The longest recording, in seconds.
        public var audioSeconds: Int = 900
        /// The longest that decoding one recording may take, in seconds.
        public var decodeSeconds: Int = 60
        /// The longest edited transcript, in bytes.
        public var transcriptBytes: Int = 100_000
        /// Open connections in all.
        public var connections: Int = 4096
        /// Open connections from one network address.
        public var connectionsPerAddress: Int = 256
        /// How long the head of a request may take, in seconds.
        public var headSeconds: Int = 10
        /// How long a body may pause, in seconds.
        public var bodyIdleSeconds: Int = 30
        /// How long a connection without a request stays open, in seconds.
        public var keepAliveSeconds: Int = 60
        /// Answers that may wait for a worker; further ones are refused until it is shorter.
        public var queueLength: Int = 10_000
    }

    /// What is logged, and how.
    public struct Log: Sendable, Hashable {
        /// The form of a line.
        public enum Format: String, Sendable, Hashable, CaseIterable {
            /// Text on a terminal, JSON elsewhere.
            case auto
            /// One JSON object a line.
            case json
            /// Lines for people.
            case text
        }

        /// How much is logged.
        public enum Level: String, Sendable, Hashable, CaseIterable {
            /// Everything.
            case debug
            /// What happens.
            case info
            /// What may need attention.
            case warning
            /// What failed.
            case error
        }

        /// The form of a line.
        public var format: Format = .auto
        /// The least important lines that are written.
        public var level: Level = .info
    }

    /// Creates the default configuration.
    ///
    /// - Parameters:
    ///   - home: The folder for everything the server keeps; absolute.
    ///   - decoder: The `oracy-decode` program.
    ///   - workers: How many answers are worked on at once.
    public init(home: String, decoder: String, workers: Int = 1) {
        listen = ListenAddress(host: "127.0.0.1", port: 8080)
        isInsecure = false
        publicOrigin = nil
        trustedProxies = AddressList()
        self.home = home
        database = .default(inHome: home)
        role = .all
        self.workers = workers
        self.decoder = decoder
        speech = Speech()
        pocketSphinxModel = "/usr/share/pocketsphinx/model/en-us"
        drugNames = nil
        feedbackTemplates = nil
        modelSource = ModelSource()
        setupToken = nil
        passwords = PasswordCost()
        limits = Limits()
        log = Log()
    }

    /// The models of this machine.
    public var modelStore: ModelStore { ModelStore(folder: home + "/models") }

    /// The origin that links and cookies are made for: the public one, else the address that is listened on.
    public var origin: String {
        if let publicOrigin { return publicOrigin.text }
        let host = listen.isEveryInterface ? "localhost" : listen.urlHost
        return listen.port == 80 ? "http://\(host)" : "http://\(host):\(listen.port)"
    }
}
