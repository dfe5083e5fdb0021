// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// The number formats of a safetensors file.
public enum NumberFormat: String, Sendable, Hashable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
    case bool = "BOOL"
    case float8E4M3 = "F8_E4M3"
    case float8E5M2 = "F8_E5M2"

    /// The bytes of one number.
    public var size: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .bfloat16, .int16, .uint16: 2
        case .int8, .uint8, .bool, .float8E4M3, .float8E5M2: 1
        }
    }
}

/// The numbers that a model computes with.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// Everything in 32-bit floating point: exact to rounding.
    case float32 = "f32"
    /// Weights, and the rows of large products, in bfloat16; sums in 32 bits.
    case bfloat16 = "bf16"
    /// Weights in 8-bit integers with a scale a column, rows quantised as they come; attention as in ``bfloat16``.
    case int8 = "int8"

    /// The precision for this processor: bfloat16 where it has instructions for it, else float32.
    public static var preferred: Precision { oracy_hasBFloat16() ? .bfloat16 : .float32 }

    /// The precision for models whose time goes into large products: bfloat16 where the processor has matrix units for it, else
    /// float32. On an Intel processor with AVX512_BF16 alone bfloat16 took 1.75 times as long (docs/models.md); others were not
    /// measured.
    public static var preferredForProducts: Precision { oracy_hasMatrixUnits() ? .bfloat16 : .float32 }
}
