// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Products of float rows with a packed float matrix. Each weight is read once for up to six rows: one row runs
// at the speed of memory, many rows near the peak of the multipliers.
//
// Forms: scalar, AVX2 (1 x 64, 2 x 32 or 4 x 16 sums in registers), AVX-512 (up to 6 x 64).

#include "forms.h"

static void productScalar(
    const float *x, size_t xStride, size_t rows, const float *panel, size_t inner, float *out, size_t outStride) {
    for (size_t row = 0; row < rows; row++) {
        float sums[ORACY_PANEL] = {0};
        for (size_t k = 0; k < inner; k++)
            for (size_t column = 0; column < ORACY_PANEL; column++)
                sums[column] += x[row * xStride + k] * panel[k * ORACY_PANEL + column];
        for (size_t column = 0; column < ORACY_PANEL; column++) out[row * outStride + column] = sums[column];
    }
}

#if ORACY_X86
AVX2 INLINE void tileAVX2(
    const int rows, const int vectors, const float *x, size_t xStride, const float *panel, size_t inner, float *out,
    size_t outStride) {
    for (int start = 0; start < 8; start += vectors) {
        __m256 sums[4][8];
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < vectors; j++) sums[i][j] = _mm256_setzero_ps();
        for (size_t k = 0; k < inner; k++) {
            const float *weights = panel + k * ORACY_PANEL + 8 * start;
            __m256 a[4];
            UNROLL for (int i = 0; i < rows; i++) a[i] = _mm256_broadcast_ss(x + i * xStride + k);
            UNROLL for (int j = 0; j < vectors; j++) {
                __m256 w = _mm256_loadu_ps(weights + 8 * j);
                UNROLL for (int i = 0; i < rows; i++) sums[i][j] = _mm256_fmadd_ps(a[i], w, sums[i][j]);
            }
        }
        UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int j = 0; j < vectors; j++)
                _mm256_storeu_ps(out + i * outStride + 8 * (start + j), sums[i][j]);
    }
}

AVX2 static void productAVX2(
    const float *x, size_t xStride, size_t rows, const float *panel, size_t inner, float *out, size_t outStride) {
    for (; rows >= 4; rows -= 4, x += 4 * xStride, out += 4 * outStride)
        tileAVX2(4, 2, x, xStride, panel, inner, out, outStride);
    for (; rows >= 2; rows -= 2, x += 2 * xStride, out += 2 * outStride)
        tileAVX2(2, 4, x, xStride, panel, inner, out, outStride);
    if (rows) tileAVX2(1, 8, x, xStride, panel, inner, out, outStride);
}

/// Where `fetches`, the six rows after these come into the first-level cache meanwhile, and eight bytes for each inner
/// index of what follows `next` into the second.
AVX512 INLINE void tileAVX512(
    const int rows, const bool fetches, const float *x, size_t xStride, const float *panel, size_t inner,
    const bool adds, float *out, size_t outStride, const char *next) {
    __m512 sums[6][4];
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < 4; j++)
            sums[i][j] = adds ? _mm512_loadu_ps(out + i * outStride + 16 * j) : _mm512_setzero_ps();
    for (size_t start = 0; start < inner; start += 16) {
        if (fetches) {
            UNROLL for (int i = 0; i < rows; i++)
                _mm_prefetch((const char *)(x + (i + rows) * xStride + start), _MM_HINT_T0);
            _mm_prefetch(next + 8 * start, _MM_HINT_T1);
            _mm_prefetch(next + 8 * start + 64, _MM_HINT_T1);
        }
        for (size_t k = start; k < oracy_least(start + 16, inner); k++, panel += ORACY_PANEL) {
            if (rows == 1)
                UNROLL for (int j = 0; j < 4; j++)
                    _mm_prefetch((const char *)(panel + 16 * ORACY_PANEL + 16 * j), _MM_HINT_T0);
            __m512 w[4];
            UNROLL for (int j = 0; j < 4; j++) w[j] = _mm512_loadu_ps(panel + 16 * j);
            UNROLL for (int i = 0; i < rows; i++) {
                __m512 a = _mm512_set1_ps(x[i * xStride + k]);
                UNROLL for (int j = 0; j < 4; j++) sums[i][j] = _mm512_fmadd_ps(a, w[j], sums[i][j]);
            }
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < 4; j++) _mm512_storeu_ps(out + i * outStride + 16 * j, sums[i][j]);
}

AVX512 static void rowsAVX512(
    const bool fetches, const float *x, size_t xStride, size_t rows, const float *panel, size_t inner, bool adds,
    float *out, size_t outStride) {
    const char *next = (const char *)(panel + inner * ORACY_PANEL);
    for (; rows >= 6; rows -= 6, x += 6 * xStride, out += 6 * outStride, next += 8 * inner)
        if (fetches)
            tileAVX512(6, true, x, xStride, panel, inner, adds, out, outStride, next);
        else
            tileAVX512(6, false, x, xStride, panel, inner, adds, out, outStride, next);
    switch (rows) {
        case 1: return tileAVX512(1, false, x, xStride, panel, inner, adds, out, outStride, next);
        case 2: return tileAVX512(2, false, x, xStride, panel, inner, adds, out, outStride, next);
        case 3: return tileAVX512(3, false, x, xStride, panel, inner, adds, out, outStride, next);
        case 4: return tileAVX512(4, false, x, xStride, panel, inner, adds, out, outStride, next);
        case 5: return tileAVX512(5, false, x, xStride, panel, inner, adds, out, outStride, next);
        default: return;
    }
}

/// Many rows take the inner indices in spans, whose weights stay in the first-level cache while the rows pass by and the
/// next span's come nearer.
AVX512 static void productAVX512(
    const float *x, size_t xStride, size_t rows, const float *panel, size_t inner, float *out, size_t outStride) {
    const size_t span = rows <= 6 ? inner : rows < 64 ? 128 : 96;
    for (size_t k = 0; k < inner; k += span)
        rowsAVX512(
            rows >= 64, x + k, xStride, rows, panel + k * ORACY_PANEL, oracy_least(span, inner - k), k > 0, out,
            outStride);
}
#endif

void oracy_productFloat(
    const float *x, size_t xStride, size_t rows, const float *packed, size_t inner, size_t first, size_t end,
    float *out, size_t outStride) {
    const size_t panelSize = oracy_roundedUp(inner, 16) * ORACY_PANEL;
    for (size_t p = first; p < end; p++) {
        const float *panel = packed + p * panelSize;
        float *columns = out + (p - first) * ORACY_PANEL;
#if ORACY_X86
        if (oracy_form() >= ORACY_AVX512) {
            productAVX512(x, xStride, rows, panel, inner, columns, outStride);
            continue;
        }
        if (oracy_form() >= ORACY_AVX2) {
            productAVX2(x, xStride, rows, panel, inner, columns, outStride);
            continue;
        }
#endif
        productScalar(x, xStride, rows, panel, inner, columns, outStride);
    }
}
