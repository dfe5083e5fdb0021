// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Products of a few float rows with a packed bfloat16 matrix. The weights are widened in registers (a shift and a
// mask), which costs nothing while memory is the limit and needs no instructions for bfloat16; rows stay exact.
//
// Forms: scalar, AVX2 (1 x 64, 2 x 32 or 4 x 16 sums in registers), AVX-512 (up to 4 x 64).

#include "forms.h"

static void productScalar(
    const float *x, size_t xStride, size_t rows, const uint16_t *panel, size_t groups, float *out, size_t outStride) {
    for (size_t row = 0; row < rows; row++) {
        float sums[ORACY_PANEL] = {0};
        for (size_t k = 0; k < 2 * groups; k++)
            for (size_t column = 0; column < ORACY_PANEL; column++) {
                uint32_t bits = panel[oracy_pairPlace(k, column)];
                sums[column] += x[row * xStride + k] * oracy_floatFromBits(bits << 16);
            }
        for (size_t column = 0; column < ORACY_PANEL; column++) out[row * outStride + column] = sums[column];
    }
}

#if ORACY_X86
AVX2 INLINE void tileAVX2(
    const int rows, const int vectors, const float *x, size_t xStride, const uint16_t *panel, size_t groups,
    float *out, size_t outStride) {
    const __m256i high = _mm256_set1_epi32((int)0xffff0000);
    for (int start = 0; start < 8; start += vectors) {
        __m256 sums[4][8];
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = _mm256_setzero_ps();
        for (size_t group = 0; group < groups; group++) {
            __m256 even[4], odd[4];
            UNROLL for (int i = 0; i < rows; i++) {
                even[i] = _mm256_broadcast_ss(x + i * xStride + 2 * group);
                odd[i] = _mm256_broadcast_ss(x + i * xStride + 2 * group + 1);
            }
            UNROLL for (int j = 0; j < vectors; j++) {
                __m256i w = _mm256_loadu_si256((const __m256i *)(panel + oracy_pairPlace(2 * group, 8 * (start + j))));
                __m256 low = _mm256_castsi256_ps(_mm256_slli_epi32(w, 16));
                __m256 top = _mm256_castsi256_ps(_mm256_and_si256(w, high));
                UNROLL for (int i = 0; i < rows; i++) {
                    sums[i][j] = _mm256_fmadd_ps(even[i], low, sums[i][j]);
                    sums[i][j] = _mm256_fmadd_ps(odd[i], top, sums[i][j]);
                }
            }
        }
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < vectors; j++)
                _mm256_storeu_ps(out + i * outStride + 8 * (start + j), sums[i][j]);
    }
}

AVX2 static void productAVX2(
    const float *x, size_t xStride, size_t rows, const uint16_t *panel, size_t groups, float *out,
    size_t outStride) {
    for (; rows >= 2; rows -= 2, x += 2 * xStride, out += 2 * outStride)
        tileAVX2(2, 4, x, xStride, panel, groups, out, outStride);
    if (rows) tileAVX2(1, 8, x, xStride, panel, groups, out, outStride);
}

AVX512 INLINE void tileAVX512(
    const int rows, const float *x, size_t xStride, const uint16_t *panel, size_t groups, float *out,
    size_t outStride) {
    const __m512i high = _mm512_set1_epi32((int)0xffff0000);
    __m512 sums[4][4];
    UNROLL for (int i = 0; i < rows; i++) UNROLL for (int j = 0; j < 4; j++) sums[i][j] = _mm512_setzero_ps();
    for (size_t start = 0; start < groups; start += ORACY_STEP_GROUPS, panel += ORACY_STEP / 2) {
        const uint16_t *half[2] = {panel + oracy_halfOffset(start, 0) / 2, panel + oracy_halfOffset(start, 1) / 2};
        for (size_t group = start; group < oracy_least(start + ORACY_STEP_GROUPS, groups); group++) {
            __m512 low[4], top[4];
            UNROLL for (int j = 0; j < 4; j++) {
                const uint16_t *place = half[j / 2] + 32 * (j % 2);
                if (rows == 1) _mm_prefetch((const char *)place + ORACY_STEP, _MM_HINT_T0);
                __m512i w = _mm512_loadu_si512(place);
                low[j] = _mm512_castsi512_ps(_mm512_slli_epi32(w, 16));
                top[j] = _mm512_castsi512_ps(_mm512_and_si512(w, high));
            }
            UNROLL for (int i = 0; i < rows; i++) {
                __m512 even = _mm512_set1_ps(x[i * xStride + 2 * group]);
                __m512 odd = _mm512_set1_ps(x[i * xStride + 2 * group + 1]);
                UNROLL for (int j = 0; j < 4; j++) {
                    sums[i][j] = _mm512_fmadd_ps(even, low[j], sums[i][j]);
                    sums[i][j] = _mm512_fmadd_ps(odd, top[j], sums[i][j]);
                }
            }
            half[0] += 64;
            half[1] += 64;
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < 4; j++) _mm512_storeu_ps(out + i * outStride + 16 * j, sums[i][j]);
}

AVX512 static void productAVX512(
    const float *x, size_t xStride, size_t rows, const uint16_t *panel, size_t groups, float *out,
    size_t outStride) {
    for (; rows >= 4; rows -= 4, x += 4 * xStride, out += 4 * outStride)
        tileAVX512(4, x, xStride, panel, groups, out, outStride);
    switch (rows) {
        case 1: return tileAVX512(1, x, xStride, panel, groups, out, outStride);
        case 2: return tileAVX512(2, x, xStride, panel, groups, out, outStride);
        case 3: return tileAVX512(3, x, xStride, panel, groups, out, outStride);
        default: return;
    }
}
#endif

void oracy_productBFloat16(
    const float *x, size_t xStride, size_t rows, const uint16_t *packed, size_t inner, size_t first, size_t end,
    float *out, size_t outStride) {
    const size_t panelSize = oracy_roundedUp(inner, 32) * ORACY_PANEL, groups = (inner + 1) / 2;
    for (size_t p = first; p < end; p++) {
        const uint16_t *panel = packed + p * panelSize;
        float *columns = out + (p - first) * ORACY_PANEL;
#if ORACY_X86
        if (oracy_form() >= ORACY_AVX512) {
            productAVX512(x, xStride, rows, panel, groups, columns, outStride);
            continue;
        }
        if (oracy_form() >= ORACY_AVX2) {
            productAVX2(x, xStride, rows, panel, groups, columns, outStride);
            continue;
        }
#endif
        productScalar(x, xStride, rows, panel, groups, columns, outStride);
    }
}
