// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// What a decoded file was.
struct Report {
    var container: String
    var codec: String
    /// Of the file, in hertz.
    var sampleRate: Int
    /// Of the file.
    var channels: Int
    /// Samples written, at 16 kHz.
    var samples: Int
    /// Seconds written.
    var duration: Double
    /// Whether something was missing or wrong.
    var isDamaged: Bool

    var json: JSONValue {
        [
            "container": .string(container), "codec": .string(codec), "sample_rate": .integer(Int64(sampleRate)),
            "channels": .integer(Int64(channels)), "samples": .integer(Int64(samples)), "duration": .number(duration),
            "damaged": .bool(isDamaged),
        ]
    }
}
