// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// How much memory there is for models.
public enum MachineMemory {
    /// The machine's memory in bytes, or the limit of the container (cgroup 2) when that is lower.
    public static var bytes: Int {
        let (machine, isTooLarge) = sysconf(Int32(_SC_PHYS_PAGES)).multipliedReportingOverflow(
            by: sysconf(Int32(_SC_PAGESIZE)))
        let physical = isTooLarge || machine <= 0 ? Int.max : machine
        guard let file = try? OpenFile(reading: "/sys/fs/cgroup/memory.max"),
            let text = try? file.read(upTo: 32, at: 0),
            let limit = Int(String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self)), limit > 0
        else { return physical }
        return min(physical, limit)
    }
}
