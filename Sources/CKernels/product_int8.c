// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Products of rows of unsigned codes with a packed int8 matrix, exactly in 32-bit integers.
//
// Forms: scalar; AVX2 by 16-bit products (the 8-bit multiply-add of AVX2 saturates); AVX-512 with VNNI (up to 4 x 64
// sums in registers); AMX for many rows. AVX-512 without VNNI runs the AVX2 form.

#include <string.h>

#include "forms.h"
#include "tiles.h"

/// Below, vectors are faster than the matrix units.
#define LEAST_TILE_ROWS 8

static void productScalar(
    const uint8_t *x, size_t xStride, size_t rows, const int8_t *panel, size_t groups, int32_t *out,
    size_t outStride) {
    for (size_t row = 0; row < rows; row++) {
        int32_t sums[ORACY_PANEL] = {0};
        for (size_t group = 0; group < groups; group++)
            for (size_t column = 0; column < ORACY_PANEL; column++)
                for (size_t j = 0; j < 4; j++)
                    sums[column] += (int32_t)x[row * xStride + 4 * group + j] *
                                    panel[oracy_groupOffset(group, column / 32) + 4 * (column % 32) + j];
        for (size_t column = 0; column < ORACY_PANEL; column++) out[row * outStride + column] = sums[column];
    }
}

#if ORACY_X86
INLINE int32_t fourCodes(const uint8_t *x) {
    int32_t codes;
    memcpy(&codes, x, 4);
    return codes;
}

AVX2 INLINE void tileAVX2(
    const int rows, const uint8_t *x, size_t xStride, const int8_t *panel, size_t groups, int32_t *out,
    size_t outStride) {
    for (int start = 0; start < 8; start += 2) {
        __m256i sums[2][4];  // each of four vectors: two sums for each of four columns
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < 4; j++) sums[i][j] = _mm256_setzero_si256();
        for (size_t group = 0; group < groups; group++) {
            const int8_t *weights = panel + oracy_groupOffset(group, start / 4) + 32 * (start % 4);
            __m256i a[2];
            UNROLL for (int i = 0; i < rows; i++) {
                __m128i codes = _mm_cvtsi32_si128(fourCodes(x + i * xStride + 4 * group));
                a[i] = _mm256_broadcastq_epi64(_mm_cvtepu8_epi16(codes));
            }
            UNROLL for (int j = 0; j < 4; j++) {
                __m256i w = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(weights + 16 * j)));
                UNROLL for (int i = 0; i < rows; i++)
                    sums[i][j] = _mm256_add_epi32(sums[i][j], _mm256_madd_epi16(a[i], w));
            }
        }
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < 2; j++) {
                __m256i both = _mm256_hadd_epi32(sums[i][2 * j], sums[i][2 * j + 1]);
                both = _mm256_permute4x64_epi64(both, 0xD8);
                _mm256_storeu_si256((__m256i *)(out + i * outStride + 8 * (start + j)), both);
            }
    }
}

AVX2 static void productAVX2(
    const uint8_t *x, size_t xStride, size_t rows, const int8_t *panel, size_t groups, int32_t *out,
    size_t outStride) {
    for (; rows >= 2; rows -= 2, x += 2 * xStride, out += 2 * outStride)
        tileAVX2(2, x, xStride, panel, groups, out, outStride);
    if (rows) tileAVX2(1, x, xStride, panel, groups, out, outStride);
}

#define GROUP_FORM VNNI
#define GROUP_PRODUCT productVNNI
#define GROUP_ADD(sum, a, b) _mm512_dpbusd_epi32(sum, a, b)
#include "group_product.h"

AMX static void productAMX(
    const uint8_t *x, size_t xStride, size_t rows, const int8_t *packed, size_t steps, size_t first, size_t end,
    int32_t *out, size_t outStride) {
    oracy_tileProduct(
        true, (const char *)x, xStride, rows, (const char *)packed, steps, first, end, false, (char *)out,
        4 * outStride);
}
#endif

void oracy_productInt8(
    const uint8_t *x, size_t xStride, size_t rows, const int8_t *packed, size_t inner, size_t first, size_t end,
    int32_t *out, size_t outStride) {
    const size_t panelSize = oracy_roundedUp(inner, 64) * ORACY_PANEL, groups = (inner + 3) / 4;
#if ORACY_X86
    if (oracy_form() >= ORACY_AMX && rows >= LEAST_TILE_ROWS)
        return productAMX(x, xStride, rows, packed, (inner + 63) / 64, first, end, out, outStride);
#endif
    for (size_t p = first; p < end; p++) {
        const int8_t *panel = packed + p * panelSize;
        int32_t *columns = out + (p - first) * ORACY_PANEL;
#if ORACY_X86
        if (oracy_form() >= ORACY_AVX512_VNNI) {
            productVNNI(
                (const char *)x, xStride, rows, (const char *)panel, groups, false, (char *)columns, 4 * outStride);
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
