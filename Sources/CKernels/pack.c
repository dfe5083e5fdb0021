// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Packing into panels; see oracy_kernels.h for the layout. Packing of weights happens once; keys and values are packed
// once a window, so bfloat16 has forms of its own.

#include <string.h>

#include "forms.h"

/// Where the group `group` of column `column` is, in values; a panel has `groups`.
INLINE size_t place(size_t column, size_t group, size_t groups, size_t g) {
    const size_t panel = column / ORACY_PANEL * groups * ORACY_PANEL * g;
    column %= ORACY_PANEL;
    if (g == 1) return panel + group * ORACY_PANEL + column;
    return panel + (oracy_groupOffset(group, column / 32) / 4 + column % 32) * g;
}

void oracy_packRowsFloat(
    const float *source, size_t stride, size_t rows, size_t inner, size_t first, float *packed) {
    const size_t groups = oracy_roundedUp(inner, 16);
    // Sixteen rows at a time: what is written is then a cache line, and what is read stays in the cache.
    for (size_t start = 0; start < rows; start += 16) {
        const size_t end = oracy_least(start + 16, rows);
        for (size_t k = 0; k < groups; k++)
            for (size_t row = start; row < end; row++)
                packed[place(first + row, k, groups, 1)] = k < inner ? source[row * stride + k] : 0;
    }
}

void oracy_packRowsInt8(
    const int8_t *source, size_t stride, size_t rows, size_t inner, size_t first, int8_t *packed) {
    const size_t groups = oracy_roundedUp(inner, 64) / 4;
    for (size_t row = 0; row < rows; row++)
        for (size_t group = 0; group < groups; group++)
            for (size_t j = 0; j < 4; j++) {
                size_t k = 4 * group + j;
                packed[place(first + row, group, groups, 4) + j] = k < inner ? source[row * stride + k] : 0;
            }
}

static void packRowsBFloat16Scalar(
    const float *source, size_t stride, size_t rows, size_t inner, size_t first, uint16_t *packed) {
    const size_t groups = oracy_roundedUp(inner, 32) / 2;
    for (size_t row = 0; row < rows; row++)
        for (size_t group = 0; group < groups; group++)
            for (size_t j = 0; j < 2; j++) {
                size_t k = 2 * group + j;
                packed[place(first + row, group, groups, 2) + j] =
                    k < inner ? oracy_bfloat16(source[row * stride + k]) : 0;
            }
}

#if ORACY_X86
/// Rounds 32 floats to 16 pairs of bfloat16, in order.
AVX512 INLINE __m512i pairs(const float *x) {
    const __m512i one = _mm512_set1_epi32(1), half = _mm512_set1_epi32(0x7fff);
    __m256i parts[2];
    UNROLL for (int j = 0; j < 2; j++) {
        __m512i bits = _mm512_castps_si512(_mm512_loadu_ps(x + 16 * j));
        __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), one);
        __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(half, odd));
        parts[j] = _mm512_cvtepi32_epi16(_mm512_srli_epi32(rounded, 16));
    }
    return _mm512_inserti64x4(_mm512_castsi256_si512(parts[0]), parts[1], 1);
}

/// Sixteen rows at a time, 32 inner indices at a time: a transposition of 16 x 16 pairs.
AVX512 static void packRowsBFloat16AVX512(
    const float *source, size_t stride, size_t rows, size_t inner, size_t first, uint16_t *packed) {
    const size_t groups = inner / 2;
    size_t row = 0;
    for (; row + 16 <= rows; row += 16) {
        for (size_t k = 0; k < inner; k += 32) {
            __m512i a[16], b[16];
            UNROLL for (int i = 0; i < 16; i++) a[i] = pairs(source + (row + i) * stride + k);
            UNROLL for (int i = 0; i < 8; i++) {
                b[2 * i] = _mm512_unpacklo_epi32(a[2 * i], a[2 * i + 1]);
                b[2 * i + 1] = _mm512_unpackhi_epi32(a[2 * i], a[2 * i + 1]);
            }
            UNROLL for (int i = 0; i < 4; i++) {
                a[4 * i] = _mm512_unpacklo_epi64(b[4 * i], b[4 * i + 2]);
                a[4 * i + 1] = _mm512_unpackhi_epi64(b[4 * i], b[4 * i + 2]);
                a[4 * i + 2] = _mm512_unpacklo_epi64(b[4 * i + 1], b[4 * i + 3]);
                a[4 * i + 3] = _mm512_unpackhi_epi64(b[4 * i + 1], b[4 * i + 3]);
            }
            UNROLL for (int i = 0; i < 4; i++) {
                b[i] = _mm512_shuffle_i32x4(a[i], a[4 + i], 0x88);
                b[4 + i] = _mm512_shuffle_i32x4(a[i], a[4 + i], 0xdd);
                b[8 + i] = _mm512_shuffle_i32x4(a[8 + i], a[12 + i], 0x88);
                b[12 + i] = _mm512_shuffle_i32x4(a[8 + i], a[12 + i], 0xdd);
            }
            UNROLL for (int i = 0; i < 8; i++) {
                a[i] = _mm512_shuffle_i32x4(b[i], b[8 + i], 0x88);
                a[8 + i] = _mm512_shuffle_i32x4(b[i], b[8 + i], 0xdd);
            }
            UNROLL for (int i = 0; i < 16; i++)
                _mm512_storeu_si512(packed + place(first + row, k / 2 + i, groups, 2), a[i]);
        }
    }
    packRowsBFloat16Scalar(source + row * stride, stride, rows - row, inner, first + row, packed);
}
#endif

void oracy_packRowsBFloat16(
    const float *source, size_t stride, size_t rows, size_t inner, size_t first, uint16_t *packed) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512 && inner % 32 == 0 && first % 16 == 0)
        return packRowsBFloat16AVX512(source, stride, rows, inner, first, packed);
#endif
    packRowsBFloat16Scalar(source, stride, rows, inner, first, packed);
}

void oracy_packInnerFloat(
    const float *source, size_t stride, size_t rows, size_t columns, size_t first, size_t paddedInner,
    float *packed) {
    for (size_t row = 0; row < rows; row++)
        for (size_t column = 0; column < columns; column += ORACY_PANEL)
            memcpy(
                packed + place(column, first + row, paddedInner, 1), source + row * stride + column,
                oracy_least(ORACY_PANEL, columns - column) * sizeof(float));
}

static void packInnerBFloat16Scalar(
    const float *source, size_t stride, size_t rows, size_t columns, size_t first, size_t paddedInner,
    uint16_t *packed) {
    for (size_t row = 0; row < rows; row++)
        for (size_t column = 0; column < columns; column++) {
            size_t k = first + row;
            packed[place(column, k / 2, paddedInner / 2, 2) + k % 2] = oracy_bfloat16(source[row * stride + column]);
        }
}

#if ORACY_X86
AVX512 static void packInnerBFloat16AVX512(
    const float *source, size_t stride, size_t rows, size_t columns, size_t first, size_t paddedInner,
    uint16_t *packed) {
    const __m512i one = _mm512_set1_epi32(1), half = _mm512_set1_epi32(0x7fff), high = _mm512_set1_epi32(0xffff0000);
    size_t row = 0;
    for (; row + 2 <= rows; row += 2) {
        for (size_t column = 0; column < columns; column += 16) {
            __m512i rounded[2];
            UNROLL for (int j = 0; j < 2; j++) {
                __m512i bits = _mm512_castps_si512(_mm512_loadu_ps(source + (row + j) * stride + column));
                __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), one);
                rounded[j] = _mm512_add_epi32(bits, _mm512_add_epi32(half, odd));
            }
            __m512i both = _mm512_or_si512(
                _mm512_srli_epi32(rounded[0], 16), _mm512_and_si512(rounded[1], high));
            _mm512_storeu_si512(packed + place(column, (first + row) / 2, paddedInner / 2, 2), both);
        }
    }
    packInnerBFloat16Scalar(source + row * stride, stride, rows - row, columns, first + row, paddedInner, packed);
}
#endif

void oracy_packInnerBFloat16(
    const float *source, size_t stride, size_t rows, size_t columns, size_t first, size_t paddedInner,
    uint16_t *packed) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512 && columns % 16 == 0 && first % 2 == 0)
        return packInnerBFloat16AVX512(source, stride, rows, columns, first, paddedInner, packed);
#endif
    packInnerBFloat16Scalar(source, stride, rows, columns, first, paddedInner, packed);
}
