// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Attention of a few rows to many positions, in bfloat16: scores, their exponentials and the sums of values stay in
// the first- and second-level caches.
//
// Forms: scalar and AVX512_BF16, whose products are oracy_productRounded's; AMX, whose matrix units multiply the spans
// before and after while the vector units take the exponentials of one.

#include <math.h>

#include "forms.h"
#include "functions.h"
#include "tiles.h"

/// The positions whose scores exist at a time.
#define SPAN 256

/// A row of weights ends a cache line further than a power of two, so that sixteen rows do not compete for one set.
#define WEIGHT_STRIDE (SPAN + 32)

/// What one row has seen so far.
typedef struct {
    float largest;
    float sum;
    /// What its sums must be multiplied with, because they are relative to a smaller largest score.
    float factor;
} Seen;

/// Turns a row's scores into weights relative to the largest score so far, zero from `count` to `padded`.
static void weighScalar(const float *scores, size_t count, size_t padded, Seen *seen, uint16_t *weights) {
    float largest = seen->largest, sum = 0;
    for (size_t i = 0; i < count; i++) largest = fmaxf(largest, scores[i]);
    seen->factor = exp2f(seen->largest - largest);
    seen->largest = largest;
    for (size_t i = 0; i < count; i++) {
        const float weight = exp2f(scores[i] - largest);
        weights[i] = oracy_bfloat16(weight);
        sum += weight;
    }
    for (size_t i = count; i < padded; i++) weights[i] = 0;
    seen->sum = seen->sum * seen->factor + sum;
}

static void rescale(const Seen *seen, size_t rows, float *sums) {
    for (size_t row = 0; row < rows; row++, sums += ORACY_PANEL)
        if (seen[row].factor != 1) oracy_scale(sums, ORACY_PANEL, seen[row].factor, sums);
}

#if ORACY_X86
BF16 INLINE void weighBF16(const float *scores, size_t count, size_t padded, Seen *seen, uint16_t *weights) {
    const __m512 lowest = _mm512_set1_ps(-INFINITY);
    __m512 most[2] = {lowest, lowest};
    for (size_t i = 0; i < count; i += 32)
        UNROLL for (int j = 0; j < 2; j++)
            most[j] = _mm512_max_ps(
                most[j], _mm512_mask_loadu_ps(lowest, oracy_tail(i + 16 * j, count), scores + i + 16 * j));
    const float largest = fmaxf(seen->largest, _mm512_reduce_max_ps(_mm512_max_ps(most[0], most[1])));
    seen->factor = _mm512_cvtss_f32(oracy_coarseExp2(_mm512_set1_ps(seen->largest - largest)));
    seen->largest = largest;
    const __m512 shift = _mm512_set1_ps(largest);
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
    seen->sum = seen->sum * seen->factor + _mm512_reduce_add_ps(_mm512_add_ps(totals[0], totals[1]));
}

BF16 static void weighRowBF16(const float *scores, size_t count, size_t padded, Seen *seen, uint16_t *weights) {
    weighBF16(scores, count, padded, seen, weights);
}

/// The rows of one call on matrix units, and how far it is.
typedef struct {
    const uint16_t *queries, *keys, *values;
    size_t queryStride, rows, steps, length;
    float *scores[2], *sums;
    uint16_t *weights[2];
    Seen *seen;
} Tiles;

/// The positions of span `index`, none before the first and after the last.
INLINE size_t spanCount(const Tiles *t, long index) {
    const size_t start = (size_t)index * SPAN;
    return index < 0 || start >= t->length ? 0 : oracy_least(SPAN, t->length - start);
}

/// Weighs the next rows of a span.
AMX INLINE void weighRows(const Tiles *t, long span, size_t count, size_t padded, size_t *next, size_t rows) {
    for (; rows > 0 && *next < t->rows && count; rows--, (*next)++)
        weighBF16(
            t->scores[span & 1] + *next * SPAN, count, padded, t->seen + *next,
            t->weights[span & 1] + *next * WEIGHT_STRIDE);
}

/// One turn: the scores of span + 1, the weights of span, and the values of span - 1, side by side. The exponentials
/// stand between the products so that the processor, which looks some 500 instructions ahead, runs both at once.
AMX INLINE void turn(const Tiles *t, const bool hasBottom, long span) {
    const size_t count = spanCount(t, span), padded = oracy_roundedUp(count, ORACY_PANEL);
    const size_t scored = oracy_roundedUp(spanCount(t, span + 1), ORACY_PANEL);
    const size_t summed = oracy_roundedUp(spanCount(t, span - 1), ORACY_PANEL);
    size_t next = 0;
    float *scores = t->scores[(span + 1) & 1];
    const char *keys = (const char *)(t->keys + (size_t)(span + 1) * SPAN * 32 * t->steps);
    for (size_t half = 0; half < scored / 32; half++) {
        oracy_multiplyTiles(
            false, hasBottom, (const char *)t->queries, 2 * t->queryStride, keys + half / 2 * t->steps * ORACY_STEP,
            half % 2, t->steps, false, (char *)(scores + half * 32), 4 * SPAN, NULL);
        weighRows(t, span, count, padded, &next, 2);
    }
    const char *weights = (const char *)t->weights[(span - 1) & 1];
    const char *values = (const char *)(t->values + (size_t)(span - 1) * SPAN * ORACY_PANEL);
    for (size_t half = 0; half < (summed ? 2 : 0); half++) {
        char *sums = (char *)(t->sums + half * 32);
        oracy_loadSums(hasBottom, sums, 4 * ORACY_PANEL);
        for (size_t step = 0; step < summed / 32; step++) {
            oracy_addStep(
                false, hasBottom, weights + step * 64, 2 * WEIGHT_STRIDE,
                values + oracy_groupOffset(step * ORACY_STEP_GROUPS, half));
            weighRows(t, span, count, padded, &next, 1);
        }
        oracy_storeSums(hasBottom, sums, 4 * ORACY_PANEL);
    }
    weighRows(t, span, count, padded, &next, t->rows);
    if (!count) return;
    for (size_t row = 0; row < t->rows; row++) {
        const __m512 factor = _mm512_set1_ps(t->seen[row].factor);
        float *sums = t->sums + row * ORACY_PANEL;
        UNROLL for (size_t i = 0; i < ORACY_PANEL; i += 16)
            _mm512_store_ps(sums + i, _mm512_mul_ps(_mm512_load_ps(sums + i), factor));
    }
}

AMX static void attendAMX(const Tiles *t) {
    const size_t top = oracy_least(t->rows, ORACY_TILE);
    oracy_configureTiles(top, t->rows - top);
    for (long span = -1; span <= (long)((t->length + SPAN - 1) / SPAN); span++)
        if (t->rows > top)
            turn(t, true, span);
        else
            turn(t, false, span);
    _tile_release();
}
#endif

void oracy_attend(
    const uint16_t *queries, size_t stride, size_t rows, size_t headSize, const uint16_t *keys,
    const uint16_t *values, size_t length, float *out, size_t outStride) {
    _Alignas(64) float scores[2][ORACY_ATTENTION_ROWS * SPAN];
    _Alignas(64) uint16_t weights[2][ORACY_ATTENTION_ROWS * WEIGHT_STRIDE];
    _Alignas(64) float sums[ORACY_ATTENTION_ROWS * ORACY_PANEL] = {0};
    Seen seen[ORACY_ATTENTION_ROWS];
    rows = oracy_least(rows, ORACY_ATTENTION_ROWS);
    for (size_t row = 0; row < rows; row++) seen[row] = (Seen){.largest = -1e30f, .sum = 0};
#if ORACY_X86
    if (oracy_form() >= ORACY_AMX && rows > 1) {
        const Tiles tiles = {
            queries, keys, values, stride, rows, (headSize + 31) / 32, length, {scores[0], scores[1]}, sums,
            {weights[0], weights[1]}, seen};
        attendAMX(&tiles);
        length = 0;
    }
#endif
    for (size_t start = 0; start < length; start += SPAN) {
        const size_t count = oracy_least(SPAN, length - start), padded = oracy_roundedUp(count, ORACY_PANEL);
        oracy_productRounded(
            queries, stride, rows, keys, headSize, start / ORACY_PANEL, (start + padded) / ORACY_PANEL, false,
            scores[0], SPAN);
        for (size_t row = 0; row < rows; row++) {
#if ORACY_X86
            if (oracy_form() >= ORACY_AVX512_BF16) {
                weighRowBF16(scores[0] + row * SPAN, count, padded, seen + row, weights[0] + row * WEIGHT_STRIDE);
                continue;
            }
#endif
            weighScalar(scores[0] + row * SPAN, count, padded, seen + row, weights[0] + row * WEIGHT_STRIDE);
        }
        rescale(seen, rows, sums);
        oracy_productRounded(
            weights[0], WEIGHT_STRIDE, rows, values + start * ORACY_PANEL, padded, 0, 1, true, sums, ORACY_PANEL);
    }
    for (size_t row = 0; row < rows; row++)
        oracy_scale(sums + row * ORACY_PANEL, headSize, 1 / seen[row].sum, out + row * outStride);
}
