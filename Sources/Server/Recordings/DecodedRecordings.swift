// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Audio
import Domain
import JSON
import Synchronization

/// Recordings as players need them: WAV files, which can be sought in, and waveform peaks.
///
/// Both are made from the stored file when they are first asked for and kept beside it; they can be made again at any
/// time, so nothing is lost when they are removed.
final class DecodedRecordings: Sendable {
    /// Peaks that fill the widest screen.
    private static let peakCount = 2_000

    private let decoder: AudioDecoder
    private let store: RecordingStore
    private let running = Mutex<[Identifier<Recording>: Task<Void, any Error>]>([:])

    init(decoder: AudioDecoder, store: RecordingStore) {
        self.decoder = decoder
        self.store = store
    }

    /// The path of the recording as a 16 kHz mono WAV file.
    ///
    /// - Throws: `AudioError`, or ``RecordingStoreError`` when the disk fails.
    func wav(of recording: Recording) async throws -> String {
        try await derived(from: recording, .wav)
    }

    /// The path of the recording's peaks as BBC audiowaveform JSON, version 2.
    ///
    /// - Throws: `AudioError`, or ``RecordingStoreError`` when the disk fails.
    func peaks(of recording: Recording) async throws -> String {
        try await derived(from: recording, .peaks)
    }

    private func derived(from recording: Recording, _ kind: RecordingStore.Derived) async throws -> String {
        if let path = await store.derived(kind, of: recording.path) { return path }
        try await make(recording).value
        guard let path = await store.derived(kind, of: recording.path) else {
            throw AudioError(.unreadable, "The decoded recording can't be read.")
        }
        return path
    }

    /// Decodes once, however many ask at the same time. The task belongs to all of them, so it is no child of one.
    private func make(_ recording: Recording) -> Task<Void, any Error> {
        running.withLock { running in
            if let task = running[recording.id] { return task }
            let task = Task {
                defer { self.running.withLock { $0[recording.id] = nil } }
                let waveform = try await decoder.decode(fileAt: store.absolutePath(recording.path)).waveform
                try await store.storeDerived(.wav, of: recording.path) { waveform.levelled().waveform.wav }
                try await store.storeDerived(.peaks, of: recording.path) {
                    let samplesPerPixel = max(1, waveform.samples.count / Self.peakCount)
                    return WaveformPeaks(waveform.levelled().waveform, samplesPerPixel: samplesPerPixel).json.utf8
                }
            }
            running[recording.id] = task
            return task
        }
    }
}
