// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#define _GNU_SOURCE
#include "forms.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

OracyForm oracy_best = ORACY_SCALAR;
_Thread_local OracyForm oracy_limit = ORACY_AMX;

#if ORACY_X86
/// Whether the processor has matrix units and the system lets this process use their registers: a process asks once,
/// before its threads begin (Linux, Documentation/arch/x86/xstate.rst).
static bool hasTiles(void) {
    enum { requestPermission = 0x1023, tileData = 18 };
    return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") &&
           __builtin_cpu_supports("amx-int8") && syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
}
#endif

static OracyForm findBest(void) {
#if ORACY_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return !__builtin_cpu_supports("avx512vnni")  ? ORACY_AVX512
               : !__builtin_cpu_supports("avx512bf16") ? ORACY_AVX512_VNNI
               : !hasTiles()                           ? ORACY_AVX512_BF16
                                                       : ORACY_AMX;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c"))
        return ORACY_AVX2;
#endif
    return ORACY_SCALAR;
}

/// The form that the environment asks for, so that a whole program can be tried as on a lesser processor.
static OracyForm wantedForm(void) {
    static const char *const names[] = {"scalar", "avx2", "avx512", "avx512_vnni", "avx512_bf16", "amx"};
    const char *name = getenv("ORACY_KERNELS");
    for (int form = ORACY_SCALAR; name && form <= ORACY_AMX; form++)
        if (strcmp(name, names[form]) == 0) return (OracyForm)form;
    return ORACY_AMX;
}

__attribute__((constructor)) static void chooseForm(void) {
    const OracyForm found = findBest(), wanted = wantedForm();
    oracy_best = found < wanted ? found : wanted;
}

OracyForm oracy_bestForm(void) { return oracy_best; }

OracyForm oracy_currentForm(void) { return oracy_form(); }

void oracy_useForm(OracyForm form) { oracy_limit = form; }

bool oracy_hasBFloat16(void) { return oracy_form() >= ORACY_AVX512_BF16; }

bool oracy_hasMatrixUnits(void) { return oracy_form() >= ORACY_AMX; }
