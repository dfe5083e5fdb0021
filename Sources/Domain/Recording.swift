// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// One stored audio file, as it was received.
public struct Recording: Sendable, Hashable {
    /// How far a recording has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Bytes are still arriving.
        case open
        /// All bytes are on disk.
        case sealed
        /// In use by a response.
        case kept
        /// The audio is gone; the row remains.
        case erased
    }

    /// Identity; also the name of the file.
    public var id: Identifier<Recording>
    /// Who recorded it.
    public var owner: Identifier<User>
    /// How far it has come.
    public var state: State
    /// The path below the recordings folder.
    public var path: String
    /// Bytes on disk.
    public var size: Int64
    /// SHA-256 of the file, lower-case hexadecimal.
    public var sha256: String
    /// What the client called the file; only ever shown as text.
    public var originalName: String?
    /// The container and codec found in it, such as "matroska,webm/opus"; nil until decoded.
    public var format: String?
    /// Seconds of audio; nil until decoded.
    public var duration: Double?
    /// When it was received.
    public var createdAt: Timestamp

    /// Creates a recording.
    public init(
        id: Identifier<Recording>, owner: Identifier<User>, state: State, path: String, size: Int64, sha256: String,
        originalName: String? = nil, format: String? = nil, duration: Double? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.state = state
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.originalName = originalName
        self.format = format
        self.duration = duration
        self.createdAt = createdAt
    }
}
