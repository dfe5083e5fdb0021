// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The languages that Whisper knows, in the order of its language tokens (openai/whisper, `tokenizer.py`).
public enum WhisperLanguages {
    /// Those of the models before large-v3: 99.
    public static let original: [String] = """
        en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml \
        cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am \
        yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jv su
        """.split(separator: " ").map(String.init)

    /// Those of large-v3 and later, with Cantonese: 100.
    public static let all: [String] = original + ["yue"]

    /// The language of one of Whisper's tokens as BCP 47 has it: its `jw` is Javanese, `jv`.
    public static func tag(of token: String) -> String { token == "jw" ? "jv" : token }
}
