// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What the command line asks for.
enum Command {
    case help
    case selfTest
    case decode(maximumSeconds: Int)

    static let usage = """
        usage: oracy-decode [--max-seconds N] <recording >samples
               oracy-decode --self-test

        Decodes the audio file on descriptor 0 to 16 kHz mono 32-bit float samples (native byte order) on
        descriptor 1. Descriptor 2 gets one line: a JSON report, or the failure's code and a message.

          --max-seconds N  refuse recordings longer than N seconds (default 900)
          --self-test      show what the sandbox refuses, as JSON
        """

    /// - Throws: ``DecodeFailure`` with code `usage`.
    init(parsing arguments: [String]) throws(DecodeFailure) {
        var maximumSeconds = 900
        var index = 0
        while index < arguments.count {
            switch arguments[index] {
            case "--help", "-h":
                self = .help
                return
            case "--self-test":
                self = .selfTest
                return
            case "--max-seconds":
                index += 1
                guard index < arguments.count, let value = Int(arguments[index]), 1...86_400 ~= value else {
                    throw DecodeFailure(.usage, "--max-seconds needs a whole number of seconds from 1 to 86400")
                }
                maximumSeconds = value
            default:
                throw DecodeFailure(.usage, "unknown argument; see oracy-decode --help")
            }
            index += 1
        }
        self = .decode(maximumSeconds: maximumSeconds)
    }
}
