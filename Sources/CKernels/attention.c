// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Attention of a few rows to many positions, in bfloat16: scores, their exponentials and the sums of values stay in
// the first- and second-level caches.
//
// Forms: scalar and AVX512_BF16; the products are oracy_productRounded's.

#include <math.h>

#include "forms.h"
#include "functions.h"

/// The positions whose scores exist at a time.
#define SPAN 256

/// What one row has seen so far.
typedef struct {
    float largest;
    float sum;
} Seen;

/// Turns a row's scores into weights relative to the largest score so far, zero from `count` to `padded`; what was
/// summed up relative to a smaller one is made smaller.
static void weighScalar(
    const float *scores, size_t count, size_t padded, Seen *seen, float *sums, uint16_t *weights) {
    float largest = seen->largest, sum = 0;
    for (size_t i = 0; i < count; i++) largest = fmaxf(largest, scores[i]);
    if (largest > seen->largest) {
        const float factor = exp2f(seen->largest - largest);
        for (size_t i = 0; i < ORACY_PANEL; i++) sums[i] *= factor;
        seen->sum *= factor;
        seen->largest = largest;
    }
    for (size_t i = 0; i < count; i++) {
        const float weight = exp2f(scores[i] - largest);
        weights[i] = oracy_bfloat16(weight);
        sum += weight;
    }
    for (size_t i = count; i < padded; i++) weights[i] = 0;
    seen->sum += sum;
}

#if ORACY_X86
BF16 static void weighBF16(
    const float *scores, size_t count, size_t padded, Seen *seen, float *sums, uint16_t *weights) {
    const __m512 lowest = _mm512_set1_ps(-INFINITY);
    __m512 most[2] = {lowest, lowest};
    for (size_t i = 0; i < count; i += 32)
        UNROLL for (int j = 0; j < 2; j++)
            most[j] = _mm512_max_ps(
                most[j], _mm512_mask_loadu_ps(lowest, oracy_tail(i + 16 * j, count), scores + i + 16 * j));
    const float largest = _mm512_reduce_max_ps(_mm512_max_ps(most[0], most[1]));
    if (largest > seen->largest) {
        const __m512 factor = oracy_coarseExp2(_mm512_set1_ps(seen->largest - largest));
        for (size_t i = 0; i < ORACY_PANEL; i += 16)
            _mm512_storeu_ps(sums + i, _mm512_mul_ps(_mm512_loadu_ps(sums + i), factor));
        seen->sum *= _mm512_cvtss_f32(factor);
        seen->largest = largest;
    }
    const __m512 shift = _mm512_set1_ps(seen->largest);
    __m512 totals[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
    for (size_t i = 0; i < padded; i += 32) {
        __m512 e[2];
        UNROLL for (int j = 0; j < 2; j++) {
            e[j] = oracy_coarseExp2(_mm512_sub_ps(_mm512_loadu_ps(scores + i + 16 * j), shift));
            if (i + 32 > count) e[j] = _mm512_maskz_mov_ps(oracy_tail(i + 16 * j, count), e[j]);
            totals[j] = _mm512_add_ps(totals[j], e[j]);
        }
        _mm512_storeu_si512(weights + i, (__m512i)_mm512_cvtne2ps_pbh(e[1], e[0]));
    }
    seen->sum += _mm512_reduce_add_ps(_mm512_add_ps(totals[0], totals[1]));
}
#endif

void oracy_attend(
    const uint16_t *queries, size_t stride, size_t rows, size_t headSize, const uint16_t *keys,
    const uint16_t *values, size_t length, float *out, size_t outStride) {
    // A row of weights ends a cache line further than a power of two, so that sixteen rows do not compete for one set.
    enum { weightStride = SPAN + 32 };
    _Alignas(64) float scores[ORACY_ATTENTION_ROWS * SPAN];
    _Alignas(64) uint16_t weights[ORACY_ATTENTION_ROWS * weightStride];
    _Alignas(64) float sums[ORACY_ATTENTION_ROWS * ORACY_PANEL] = {0};
    Seen seen[ORACY_ATTENTION_ROWS];
    rows = oracy_least(rows, ORACY_ATTENTION_ROWS);
    for (size_t row = 0; row < rows; row++) seen[row] = (Seen){.largest = -1e30f, .sum = 0};
    for (size_t start = 0; start < length; start += SPAN) {
        const size_t count = oracy_least(SPAN, length - start), padded = oracy_roundedUp(count, ORACY_PANEL);
        oracy_productRounded(
            queries, stride, rows, keys, headSize, start / ORACY_PANEL, (start + padded) / ORACY_PANEL, false, scores,
            SPAN);
        for (size_t row = 0; row < rows; row++) {
            float *const rowScores = scores + row * SPAN, *const rowSums = sums + row * ORACY_PANEL;
#if ORACY_X86
            if (oracy_form() >= ORACY_AVX512_BF16) {
                weighBF16(rowScores, count, padded, seen + row, rowSums, weights + row * weightStride);
                continue;
            }
#endif
            weighScalar(rowScores, count, padded, seen + row, rowSums, weights + row * weightStride);
        }
        oracy_productRounded(
            weights, weightStride, rows, values + start * ORACY_PANEL, padded, 0, 1, true, sums, ORACY_PANEL);
    }
    for (size_t row = 0; row < rows; row++)
        oracy_scale(sums + row * ORACY_PANEL, headSize, 1 / seen[row].sum, out + row * outStride);
}
