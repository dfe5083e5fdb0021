// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Where the program `oracy-decode` is.
enum DecoderLocation {
    private static let name = "oracy-decode"

    /// The path beside our own executable, else the first on `PATH`.
    static func find() -> String? {
        let search = getenv("PATH").map { String(cString: $0) } ?? ""
        let folders = [ownFolder].compactMap(\.self) + search.split(separator: ":").map(String.init)
        return folders.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// The folder of the running executable (proc(5)).
    private static var ownFolder: String? {
        let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer -> [UInt8]? in
            guard let start = buffer.baseAddress else { return nil }
            let length = readlink("/proc/self/exe", start, buffer.count)
            return length > 0 ? buffer[..<length].map(UInt8.init(bitPattern:)) : nil
        }
        guard let path, let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return String(decoding: path[..<slash], as: UTF8.self)
    }
}
