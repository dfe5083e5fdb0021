// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation

/// The small Whisper of training/whisper-fixture, which knows English, German and Spanish as espeak-ng speaks them.
public enum SpeechModel {
    /// Its folder.
    public static let folder: String = {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.appending(path: "Fixtures/whisper/speech").path
    }()

    /// A recording of a sentence that it was not trained on.
    public static func clip(_ name: String) -> String { "\(folder)/clips/\(name).wav" }
}
