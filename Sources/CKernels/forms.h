// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// What the kernels share: how a form is chosen and how one is declared.
#pragma once

#include "oracy_kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define ORACY_X86 1
#define AVX2 __attribute__((target("avx2,fma,f16c")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c")))
#define BF16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma,f16c")))
#define AMX \
    __attribute__((target("amx-tile,amx-bf16,amx-int8,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma,f16c")))
#else
#define ORACY_X86 0
#endif

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

/// The best form, found when the program begins.
extern OracyForm oracy_best;
/// The best form that the thread may use; written by oracy_useForm only.
extern _Thread_local OracyForm oracy_limit;

/// The form in use.
INLINE OracyForm oracy_form(void) { return oracy_limit < oracy_best ? oracy_limit : oracy_best; }

INLINE size_t oracy_least(size_t a, size_t b) { return a < b ? a : b; }
INLINE size_t oracy_roundedUp(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

INLINE float oracy_floatFromBits(uint32_t bits) {
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

INLINE uint32_t oracy_bitsOfFloat(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

/// To nearest even, by adding half of the last place that stays; NaN keeps a set fraction bit.
INLINE uint16_t oracy_bfloat16(float value) {
    uint32_t bits = oracy_bitsOfFloat(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return (uint16_t)((bits >> 16) | 0x40);
    return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}
