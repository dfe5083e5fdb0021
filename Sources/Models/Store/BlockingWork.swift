// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Threads

/// Runs blocking work on a thread of its own, told when the task is cancelled.
func offPool<Value: Sendable>(
    _ name: String, _ body: @escaping @Sendable (PullCancellation) throws -> Value
) async throws -> Value {
    let cancellation = PullCancellation()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            Thread.start(name: name) {
                continuation.resume(with: Result { try body(cancellation) })
            }
        }
    } onCancel: {
        cancellation.cancel()
    }
}
