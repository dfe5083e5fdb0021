// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CFFmpeg
import Synchronization

/// FFmpeg's log, reduced to a count.
///
/// Several faults, such as a file that ends inside a WebM block or a wrong FLAC checksum, show in no return value:
/// the libraries only log an error and go on with what they have.
enum LibraryLog {
    private static let errors = Atomic<Int>(0)

    /// Sends the log here instead of descriptor 2.
    static func capture() {
        av_log_set_callback { _, level, _, _ in
            if level & 0xFF <= AV_LOG_ERROR { LibraryLog.errors.wrappingAdd(1, ordering: .relaxed) }
        }
    }

    /// How many messages of level error or worse there were.
    static var errorCount: Int { errors.load(ordering: .relaxed) }
}
