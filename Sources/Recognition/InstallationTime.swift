// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// When the files of a model came to this machine.
enum InstallationTime {
    /// When a file was last changed, in seconds since 1970; nil when there is none.
    static func seconds(of path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_mtim.tv_sec) : nil
    }
}
