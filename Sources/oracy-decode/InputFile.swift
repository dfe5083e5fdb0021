// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CFFmpeg
import Glibc

/// Descriptor 0 as FFmpeg's only source of bytes.
final class InputFile {
    /// FFmpeg's view of it; owned by this object.
    let context: UnsafeMutablePointer<AVIOContext>?
    private let state: UnsafeMutablePointer<State>

    private struct State {
        var bytesRead = 0
        var hasFailed = false
    }

    /// What one system call asks for, in bytes.
    private static let bufferSize: Int32 = 64 << 10

    init() {
        state = .allocate(capacity: 1)
        state.initialize(to: State())
        let isSeekable = lseek(0, 0, SEEK_CUR) >= 0
        let buffer = av_malloc(Int(Self.bufferSize))?.assumingMemoryBound(to: UInt8.self)
        context = avio_alloc_context(
            buffer, Self.bufferSize, 0, state, { InputFile.read($0, $1, $2) }, nil,
            isSeekable ? { InputFile.seek(to: $1, $2) } : nil)
    }

    deinit {
        if let context {
            av_free(context.pointee.buffer)
            var owned: UnsafeMutablePointer<AVIOContext>? = context
            avio_context_free(&owned)
        }
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Whether the file had no bytes at all, as far as it was read.
    var isEmpty: Bool { state.pointee.bytesRead == 0 }

    /// Whether the system refused to read.
    var hasFailed: Bool { state.pointee.hasFailed }

    private static func read(
        _ opaque: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<UInt8>?, _ size: Int32
    ) -> Int32 {
        guard let state = opaque?.assumingMemoryBound(to: State.self), let buffer, size > 0 else {
            return oracy_avErrorInputOutput()
        }
        while true {
            let count = Glibc.read(0, buffer, Int(size))
            if count > 0 {
                state.pointee.bytesRead += count
                return Int32(truncatingIfNeeded: count)
            }
            if count == 0 { return oracy_avErrorEndOfFile() }
            if errno == EINTR { continue }
            state.pointee.hasFailed = true
            return oracy_avErrorInputOutput()
        }
    }

    private static func seek(to offset: Int64, _ whence: Int32) -> Int64 {
        if whence & AVSEEK_SIZE != 0 {
            let position = lseek(0, 0, SEEK_CUR)
            let size = lseek(0, 0, SEEK_END)
            lseek(0, position, SEEK_SET)
            return Int64(size)
        }
        let position = lseek(0, Int(offset), whence & ~AVSEEK_FORCE)
        return position >= 0 ? Int64(position) : Int64(oracy_avErrorInputOutput())
    }
}
