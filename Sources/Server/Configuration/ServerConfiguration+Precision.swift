// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference

extension ServerConfiguration.Precision {
    /// The numbers of the engine; nil to leave it to what the processor is best at.
    var numbers: Precision? {
        switch self {
        case .auto: nil
        case .f32: .float32
        case .bf16: .bfloat16
        case .int8: .int8
        }
    }

    /// The setting that chooses some numbers.
    init(_ numbers: Precision) {
        self =
            switch numbers {
            case .float32: .f32
            case .bfloat16: .bf16
            case .int8: .int8
            }
    }
}
