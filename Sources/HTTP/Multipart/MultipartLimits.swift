// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Bounds on a multipart body. Bounds on the parts' contents are the handler's business.
public struct MultipartLimits: Sendable, Hashable {
    /// The most parts.
    public var parts: Int
    /// The largest header of a part, in bytes.
    public var headerBytes: Int

    /// Creates limits.
    public init(parts: Int = 32, headerBytes: Int = 4 << 10) {
        self.parts = parts
        self.headerBytes = headerBytes
    }
}

/// What the header of a part says.
struct MultipartHeader: Sendable, Hashable {
    var name: String
    var filename: String?
    var contentType: String?
}
