// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Self-attention within one short sequence, in bfloat16: all heads, one after the other, in some 50 kB that stay in the
// first-level cache. oracy_attend's panels would be half empty: a sentence has some 30 tokens, and small encoders' heads
// have 32 numbers.
//
// Forms: scalar and AMX.

#include <math.h>
#include <string.h>

#include "forms.h"
#include "functions.h"
#include "tiles.h"

enum { LONGEST = ORACY_SHORT_SEQUENCE, WIDEST = ORACY_PANEL, /* from one row to the next: */ STRIDE = LONGEST + 32 };

/// One head's numbers. Rows of queries and weights end off a power of two, so that they do not compete for sets.
typedef struct {
    _Alignas(64) uint16_t queries[LONGEST * STRIDE];
    _Alignas(64) uint16_t keys[WIDEST * LONGEST];
    _Alignas(64) uint16_t values[LONGEST * ORACY_PANEL];
    _Alignas(64) float scores[LONGEST * LONGEST];
    _Alignas(64) uint16_t weights[LONGEST * STRIDE];
    _Alignas(64) float sums[ORACY_TILE * 32];
} Head;

/// exp(x) = exp2(x log2(e)), so this is what queries are multiplied with.
static float queryScale(size_t headSize) { return 1.44269504f / sqrtf((float)headSize); }

static void attendScalar(
    const float *queries, const float *keys, const float *values, size_t stride, size_t count, size_t headSize,
    const float *bias, float *out, size_t outStride) {
    const float scale = queryScale(headSize);
    uint16_t weights[LONGEST];
    for (size_t row = 0; row < count; row++) {
        float scores[LONGEST], largest = -INFINITY, total = 0;
        for (size_t position = 0; position < count; position++) {
            float sum = 0;
            for (size_t k = 0; k < headSize; k++)
                sum += oracy_floatFromBits((uint32_t)oracy_bfloat16(queries[row * stride + k] * scale) << 16) *
                       oracy_floatFromBits((uint32_t)oracy_bfloat16(keys[position * stride + k]) << 16);
            scores[position] = bias ? sum + bias[(ptrdiff_t)position - (ptrdiff_t)row] : sum;
            largest = fmaxf(largest, scores[position]);
        }
        for (size_t position = 0; position < count; position++) {
            scores[position] = exp2f(scores[position] - largest);
            total += scores[position];
        }
        for (size_t position = 0; position < count; position++)
            weights[position] = oracy_bfloat16(scores[position] / total);
        for (size_t k = 0; k < headSize; k++) {
            float sum = 0;
            for (size_t position = 0; position < count; position++)
                sum += oracy_floatFromBits((uint32_t)weights[position] << 16) *
                       oracy_floatFromBits((uint32_t)oracy_bfloat16(values[position * stride + k]) << 16);
            out[row * outStride + k] = sum;
        }
    }
}

#if ORACY_X86
/// 16 or 32 rows times the 32 columns of half a packed panel.
AMX INLINE void multiply(
    const bool hasBottom, const uint16_t *x, const uint16_t *panel, size_t half, size_t steps, float *out,
    size_t outStride) {
    oracy_multiplyTiles(
        false, hasBottom, (const char *)x, 2 * STRIDE, (const char *)panel, half, steps, false, (char *)out,
        4 * outStride, NULL);
}

/// The weights of one row of scores, to which `bias` is added where there is one; zero from `count` to `padded`.
AMX INLINE void weigh(const float *scores, const float *bias, size_t count, size_t padded, uint16_t *weights) {
    const __m512 lowest = _mm512_set1_ps(-INFINITY);
    __m512 x[LONGEST / 16], most = lowest, total = _mm512_setzero_ps();
    UNROLL for (size_t i = 0; i < LONGEST / 16; i++) {
        const __mmask16 tail = oracy_tail(16 * i, count);
        x[i] = _mm512_mask_loadu_ps(lowest, tail, scores + 16 * i);
        if (bias) x[i] = _mm512_add_ps(x[i], _mm512_maskz_loadu_ps(tail, bias + 16 * i));
        most = _mm512_max_ps(most, x[i]);
    }
    most = _mm512_set1_ps(_mm512_reduce_max_ps(most));
    UNROLL for (size_t i = 0; i < LONGEST / 16; i++) {
        if (16 * i >= padded) continue;
        x[i] = _mm512_maskz_mov_ps(oracy_tail(16 * i, count), oracy_coarseExp2(_mm512_sub_ps(x[i], most)));
        total = _mm512_add_ps(total, x[i]);
    }
    const __m512 share = _mm512_set1_ps(1 / _mm512_reduce_add_ps(total));
    UNROLL for (size_t i = 0; i < LONGEST / 16; i += 2)
        if (16 * i < padded)
            _mm512_store_si512(
                weights + 16 * i,
                (__m512i)_mm512_cvtne2ps_pbh(_mm512_mul_ps(x[i + 1], share), _mm512_mul_ps(x[i], share)));
}

AMX static void attendAMX(
    const float *queries, const float *keys, const float *values, size_t stride, size_t count, size_t headSize,
    const float *bias, Head *head, float *out, size_t outStride) {
    const size_t padded = oracy_roundedUp(count, 32), steps = headSize / 32, whole = count / 16 * 16;
    const float scale = queryScale(headSize);
    for (size_t row = 0; row < count; row++)
        oracy_roundBFloat16(queries + row * stride, headSize, scale, head->queries + row * STRIDE);
    // Sixteen rows are turned at a time; those of the last, partial group are brought together first.
    oracy_packRowsBFloat16(keys, stride, whole, headSize, 0, head->keys);
    if (whole < count) {
        _Alignas(64) float last[16 * WIDEST];
        memset(last, 0, sizeof last);
        for (size_t row = whole; row < count; row++)
            memcpy(last + (row - whole) * headSize, keys + row * stride, headSize * sizeof(float));
        oracy_packRowsBFloat16(last, headSize, 16, headSize, whole, head->keys);
    }
    const size_t steady = count / 32 * 32;
    memset(head->values + steady * ORACY_PANEL, 0, (padded - steady) * ORACY_PANEL * sizeof(uint16_t));
    oracy_packInnerBFloat16(values, stride, count, headSize, 0, LONGEST, head->values);
    for (size_t row = 0; row < count; row += 32)
        for (size_t position = 0; position < padded; position += 32) {
            const uint16_t *x = head->queries + row * STRIDE;
            float *scores = head->scores + row * LONGEST + position;
            if (row + 16 < count)
                multiply(true, x, head->keys, position / 32, steps, scores, LONGEST);
            else
                multiply(false, x, head->keys, position / 32, steps, scores, LONGEST);
        }
    for (size_t row = 0; row < count; row++)
        weigh(
            head->scores + row * LONGEST, bias ? bias - row : NULL, count, padded, head->weights + row * STRIDE);
    for (size_t row = 0, taken; row < count; row += taken) {
        const size_t left = count - row;
        taken = left >= 32 ? 32 : oracy_least(left, 16);
        for (size_t column = 0; column < headSize; column += 32) {
            const uint16_t *x = head->weights + row * STRIDE;
            float *place = out + row * outStride + column;
            if (taken == 32) {
                multiply(true, x, head->values, column / 32, padded / 32, place, outStride);
            } else if (taken == 16) {
                multiply(false, x, head->values, column / 32, padded / 32, place, outStride);
            } else {
                multiply(false, x, head->values, column / 32, padded / 32, head->sums, 32);
                for (size_t i = 0; i < taken; i++)
                    memcpy(place + i * outStride, head->sums + 32 * i, 32 * sizeof(float));
            }
        }
    }
}

AMX static void attendHeadsAMX(
    const float *queries, const float *keys, const float *values, size_t stride, size_t count, size_t heads,
    size_t headSize, const float *bias, size_t biasStride, float *out, size_t outStride) {
    Head head;
    // What tiles read beside the sequence's own must be numbers.
    const size_t rest = oracy_roundedUp(count, 16) - count;
    memset(head.queries + count * STRIDE, 0, rest * STRIDE * sizeof(uint16_t));
    memset(head.weights + count * STRIDE, 0, rest * STRIDE * sizeof(uint16_t));
    memset(head.keys, 0, sizeof head.keys);
    oracy_configureTiles(ORACY_TILE, ORACY_TILE);
    for (size_t index = 0, start = 0; index < heads; index++, start += headSize)
        attendAMX(
            queries + start, keys + start, values + start, stride, count, headSize,
            bias ? bias + index * biasStride : NULL, &head, out + start, outStride);
    _tile_release();
}
#endif

bool oracy_attendsShort(size_t headSize) {
    return oracy_form() >= ORACY_AMX && headSize <= WIDEST && headSize % 32 == 0;
}

void oracy_attendShort(
    const float *queries, const float *keys, const float *values, size_t stride, size_t count, size_t heads,
    size_t headSize, const float *bias, size_t biasStride, float *out, size_t outStride) {
#if ORACY_X86
    if (oracy_attendsShort(headSize))
        return attendHeadsAMX(
            queries, keys, values, stride, count, heads, headSize, bias, biasStride, out, outStride);
#endif
    for (size_t index = 0, start = 0; index < heads; index++, start += headSize)
        attendScalar(
            queries + start, keys + start, values + start, stride, count, headSize,
            bias ? bias + index * biasStride : NULL, out + start, outStride);
}
