// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Products of bfloat16 rows with a packed bfloat16 matrix.
//
// Forms: scalar; AVX512_BF16; AMX. The matrix units sum the even and the odd products of 32 inner indices apart, each
// fused, then add both sums and then what was there, subnormal numbers being zero (Intel, Software Developer's Manual,
// TDPBF16PS). The AMX form of a single row does the same on vectors, to the last bit; and so does the scalar form, since
// a product of two bfloat16 numbers is exact in float.

#include <string.h>

#include "forms.h"
#include "tiles.h"

static void productScalar(
    const uint16_t *x, size_t xStride, size_t rows, const uint16_t *panel, size_t steps, bool adds, float *out,
    size_t outStride) {
    for (size_t row = 0; row < rows; row++)
        for (size_t column = 0; column < ORACY_PANEL; column++) {
            float *sum = out + row * outStride + column;
            if (!adds) *sum = 0;
            for (size_t step = 0; step < steps; step++) {
                float parts[2] = {0, 0};
                for (size_t k = 32 * step; k < 32 * (step + 1); k++)
                    parts[k % 2] += oracy_floatFromBits((uint32_t)x[row * xStride + k] << 16) *
                                    oracy_floatFromBits((uint32_t)panel[oracy_pairPlace(k, column)] << 16);
                *sum += parts[0] + parts[1];
            }
        }
}

#if ORACY_X86
/// One row, as the matrix units do it.
AVX512 static void productLikeTiles(
    const uint16_t *x, const char *panel, size_t steps, bool adds, float *out) {
    const __m512i high = _mm512_set1_epi32((int)0xffff0000);
    __m512 sums[4];
    UNROLL for (int j = 0; j < 4; j++) sums[j] = adds ? _mm512_loadu_ps(out + 16 * j) : _mm512_setzero_ps();
    for (size_t group = 0; group < 16 * steps; group += ORACY_STEP_GROUPS, x += 32, panel += ORACY_STEP) {
        __m512 even[4], odd[4];
        UNROLL for (int j = 0; j < 4; j++) even[j] = odd[j] = _mm512_setzero_ps();
        const char *half[2] = {panel + oracy_halfOffset(group, 0), panel + oracy_halfOffset(group, 1)};
        for (size_t i = 0; i < ORACY_STEP_GROUPS; i++) {
            int32_t pair;
            memcpy(&pair, x + 2 * i, 4);
            const __m512i both = _mm512_set1_epi32(pair);
            const __m512 a = _mm512_castsi512_ps(_mm512_slli_epi32(both, 16));
            const __m512 b = _mm512_castsi512_ps(_mm512_and_si512(both, high));
            UNROLL for (int j = 0; j < 4; j++) {
                const char *place = half[j / 2] + 128 * i + 64 * (j % 2);
                _mm_prefetch(place + ORACY_STEP, _MM_HINT_T0);
                const __m512i w = _mm512_loadu_si512(place);
                even[j] = _mm512_fmadd_ps(a, _mm512_castsi512_ps(_mm512_slli_epi32(w, 16)), even[j]);
                odd[j] = _mm512_fmadd_ps(b, _mm512_castsi512_ps(_mm512_and_si512(w, high)), odd[j]);
            }
        }
        UNROLL for (int j = 0; j < 4; j++) sums[j] = _mm512_add_ps(sums[j], _mm512_add_ps(even[j], odd[j]));
    }
    UNROLL for (int j = 0; j < 4; j++) _mm512_storeu_ps(out + 16 * j, sums[j]);
}

#define GROUP_FORM BF16
#define GROUP_PRODUCT productBF16
#define GROUP_ADD(sum, a, b) (__m512i) _mm512_dpbf16_ps((__m512)(sum), (__m512bh)(a), (__m512bh)(b))
#include "group_product.h"

AMX static void productAMX(
    const uint16_t *x, size_t xStride, size_t rows, const uint16_t *packed, size_t steps, size_t first, size_t end,
    bool adds, float *out, size_t outStride) {
    oracy_tileProduct(
        false, (const char *)x, 2 * xStride, rows, (const char *)packed, steps, first, end, adds, (char *)out,
        4 * outStride);
}
#endif

void oracy_productRounded(
    const uint16_t *x, size_t xStride, size_t rows, const uint16_t *packed, size_t inner, size_t first, size_t end,
    bool adds, float *out, size_t outStride) {
    const size_t steps = (inner + 31) / 32;
#if ORACY_X86
    if (oracy_form() >= ORACY_AMX && rows > 1)
        return productAMX(x, xStride, rows, packed, steps, first, end, adds, out, outStride);
    const unsigned flushing = 0x8040, control = _mm_getcsr();  // as the matrix units: subnormal numbers are zero
    if (oracy_form() >= ORACY_AMX) _mm_setcsr(control | flushing);
#endif
    for (size_t p = first; p < end; p++) {
        const uint16_t *panel = packed + p * 32 * steps * ORACY_PANEL;
        float *columns = out + (p - first) * ORACY_PANEL;
#if ORACY_X86
        if (oracy_form() >= ORACY_AMX) {
            productLikeTiles(x, (const char *)panel, steps, adds, columns);
            continue;
        }
        if (oracy_form() >= ORACY_AVX512_BF16) {
            productBF16(
                (const char *)x, 2 * xStride, rows, (const char *)panel, 16 * steps, adds, (char *)columns,
                4 * outStride);
            continue;
        }
#endif
        productScalar(x, xStride, rows, panel, steps, adds, columns, outStride);
    }
#if ORACY_X86
    if (oracy_form() >= ORACY_AMX) _mm_setcsr(control);
#endif
}
