// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#include "forms.h"

OracyForm oracy_form = ORACY_SCALAR;

OracyForm oracy_bestForm(void) {
#if ORACY_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return !__builtin_cpu_supports("avx512vnni")  ? ORACY_AVX512
               : __builtin_cpu_supports("avx512bf16") ? ORACY_AVX512_BF16
                                                      : ORACY_AVX512_VNNI;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c"))
        return ORACY_AVX2;
#endif
    return ORACY_SCALAR;
}

__attribute__((constructor)) static void chooseForm(void) { oracy_form = oracy_bestForm(); }

OracyForm oracy_currentForm(void) { return oracy_form; }

void oracy_useForm(OracyForm form) {
    if (form <= oracy_bestForm()) oracy_form = form;
}

bool oracy_hasBFloat16(void) { return oracy_bestForm() >= ORACY_AVX512_BF16; }

bool oracy_hasInt8(void) { return oracy_bestForm() >= ORACY_AVX512_VNNI; }
