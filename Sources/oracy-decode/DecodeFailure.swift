// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Why no samples, or not all, were written.
struct DecodeFailure: Error {
    /// The kind of failure; the names are what the parent process reads.
    enum Code: String {
        case unrecognised
        case noAudio = "no-audio"
        case empty
        case corrupt
        case unsupportedCodec = "unsupported-codec"
        case tooManyChannels = "too-many-channels"
        case badRate = "bad-rate"
        case tooLong = "too-long"
        case unreadable
        case output
        case noMemory = "no-memory"
        case sandbox
        case usage

        /// A status of its own for each kind, above those of shells and below those of signals.
        var exitStatus: Int32 {
            switch self {
            case .unrecognised: 10
            case .noAudio: 11
            case .empty: 12
            case .corrupt: 13
            case .unsupportedCodec: 14
            case .tooManyChannels: 15
            case .badRate: 16
            case .tooLong: 17
            case .unreadable: 20
            case .output: 21
            case .noMemory: 22
            case .sandbox: 23
            case .usage: 64
            }
        }
    }

    var code: Code
    /// One line for a person, without anything from the file.
    var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    static let noMemory = DecodeFailure(.noMemory, "the memory limit is reached")
}
