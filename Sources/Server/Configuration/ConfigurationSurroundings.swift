// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// What the machine says about where things are.
public struct ConfigurationSurroundings: Sendable {
    /// The folder that relative paths of flags and variables start at.
    public var currentFolder: String
    /// The folder of the running program.
    public var programFolder: String
    /// How many processors may be used.
    public var processors: Int
    /// Reads a whole file; nil when there is none.
    public var readFile: @Sendable (_ path: String) throws(FileAccessError) -> [UInt8]?

    /// Creates surroundings; see ``system`` for the real ones.
    public init(
        currentFolder: String, programFolder: String, processors: Int,
        readFile: @escaping @Sendable (_ path: String) throws(FileAccessError) -> [UInt8]?
    ) {
        self.currentFolder = currentFolder
        self.programFolder = programFolder
        self.processors = processors
        self.readFile = readFile
    }
}

extension ConfigurationSurroundings {
    /// This machine and process.
    public static var system: ConfigurationSurroundings {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        var current = "/"
        if let path = getcwd(&buffer, buffer.count) { current = String(cString: path) }
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        var program = "/usr/bin"
        if length > 0 {
            let path = buffer[..<length].map { UInt8(bitPattern: $0) }
            program = String(decoding: path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)], as: UTF8.self)
        }
        return ConfigurationSurroundings(
            currentFolder: current, programFolder: program,
            processors: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            readFile: { path throws(FileAccessError) in try WholeFile.read(path) })
    }
}
