// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import JSON
import Tokenizers

/// Reads the files of a model's folder, with errors of this module.
struct ModelFolder {
    let path: String

    /// The largest JSON file that is read, in bytes.
    private static let limit = 4 << 20

    /// A JSON object.
    func object(_ name: String) throws(TextEncoderError) -> JSONValue {
        let bytes: [UInt8]
        do {
            bytes = try WeightFiles.bytes(ofFile: "\(path)/\(name)", limit: Self.limit)
        } catch {
            throw Self.error(error)
        }
        guard
            let value = try? JSONValue(
                parsing: bytes, limits: JSONLimits(bytes: Self.limit, depth: 16, stringBytes: 64 << 10)),
            value.object != nil || value.array != nil
        else { throw TextEncoderError(.malformed, "\(path)/\(name) is no JSON; fetch the model again.") }
        return value
    }

    /// A JSON object or array; nil when there is no such file.
    func optional(_ name: String) throws(TextEncoderError) -> JSONValue? {
        do throws(TextEncoderError) {
            return try object(name)
        } catch  where error.code == .unreadable {
            return nil
        }
    }

    func tokenizer() throws(TextEncoderError) -> TextTokenizer {
        do {
            return try TextTokenizer(folder: path)
        } catch {
            let code: TextEncoderError.Code =
                switch error.code {
                case .missing, .unreadable: .unreadable
                case .unsupported: .unsupported
                default: .malformed
                }
            throw TextEncoderError(code, "\(path): \(error.message)")
        }
    }

    static func error(_ error: InferenceError) -> TextEncoderError {
        let code: TextEncoderError.Code =
            switch error.code {
            case .unreadable: .unreadable
            case .unsupported: .unsupported
            default: .malformed
            }
        return TextEncoderError(code, error.message)
    }
}
