// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Layer normalisation, the softmax's exponentials and other work on single rows.
//
// Forms: scalar, AVX2, AVX-512; scale, add and indexOfMaximum are plain C, which the compiler turns into vectors.

#include <math.h>

#include "forms.h"
#include "functions.h"

static void layerNormScalar(
    const float *x, size_t count, float epsilon, const float *gain, const float *bias, float *out) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) sum += x[i];
    const float mean = (float)(sum / (double)count);
    for (size_t i = 0; i < count; i++) squares += (double)((x[i] - mean) * (x[i] - mean));
    const float factor = 1 / sqrtf((float)(squares / (double)count) + epsilon);
    for (size_t i = 0; i < count; i++) out[i] = (x[i] - mean) * factor * gain[i] + bias[i];
}

static float exponentialsScalar(float *x, size_t count, size_t padded) {
    float largest = -INFINITY, sum = 0;
    for (size_t i = 0; i < count; i++) largest = fmaxf(largest, x[i]);
    for (size_t i = 0; i < count; i++) {
        x[i] = expf(fmaxf(x[i] - largest, LEAST_EXPONENT));
        sum += x[i];
    }
    for (size_t i = count; i < padded; i++) x[i] = 0;
    return sum;
}

#if ORACY_X86
AVX2 INLINE float total256(__m256 x) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

AVX2 static void layerNormAVX2(
    const float *x, size_t count, float epsilon, const float *gain, const float *bias, float *out) {
    __m256 sums = _mm256_setzero_ps(), squares = _mm256_setzero_ps();
    size_t i = 0;
    for (; i < count; i += 8) sums = _mm256_add_ps(sums, _mm256_loadu_ps(x + i));
    const __m256 mean = _mm256_set1_ps(total256(sums) / (float)count);
    for (i = 0; i < count; i += 8) {
        __m256 distance = _mm256_sub_ps(_mm256_loadu_ps(x + i), mean);
        squares = _mm256_fmadd_ps(distance, distance, squares);
    }
    const __m256 factor = _mm256_set1_ps(1 / sqrtf(total256(squares) / (float)count + epsilon));
    for (i = 0; i < count; i += 8) {
        __m256 normal = _mm256_mul_ps(_mm256_sub_ps(_mm256_loadu_ps(x + i), mean), factor);
        _mm256_storeu_ps(out + i, _mm256_fmadd_ps(normal, _mm256_loadu_ps(gain + i), _mm256_loadu_ps(bias + i)));
    }
}

AVX2 static float exponentialsAVX2(float *x, size_t count, size_t padded) {
    float largest = -INFINITY;
    for (size_t i = 0; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    const __m256 shift = _mm256_set1_ps(largest);
    __m256 sums = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256 e = oracy_exp256(_mm256_sub_ps(_mm256_loadu_ps(x + i), shift));
        sums = _mm256_add_ps(sums, e);
        _mm256_storeu_ps(x + i, e);
    }
    float sum = total256(sums);
    for (; i < count; i++) {
        x[i] = expf(fmaxf(x[i] - largest, LEAST_EXPONENT));
        sum += x[i];
    }
    for (; i < padded; i++) x[i] = 0;
    return sum;
}

INLINE __mmask16 tail(size_t left) { return left >= 16 ? 0xffff : (__mmask16)((1u << left) - 1); }

AVX512 static void layerNormAVX512(
    const float *x, size_t count, float epsilon, const float *gain, const float *bias, float *out) {
    __m512 sums = _mm512_setzero_ps(), squares = _mm512_setzero_ps();
    for (size_t i = 0; i < count; i += 16)
        sums = _mm512_add_ps(sums, _mm512_maskz_loadu_ps(tail(count - i), x + i));
    const __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sums) / (float)count);
    for (size_t i = 0; i < count; i += 16) {
        __mmask16 mask = tail(count - i);
        __m512 distance = _mm512_maskz_sub_ps(mask, _mm512_maskz_loadu_ps(mask, x + i), mean);
        squares = _mm512_fmadd_ps(distance, distance, squares);
    }
    const __m512 factor = _mm512_set1_ps(1 / sqrtf(_mm512_reduce_add_ps(squares) / (float)count + epsilon));
    for (size_t i = 0; i < count; i += 16) {
        __mmask16 mask = tail(count - i);
        __m512 normal = _mm512_mul_ps(_mm512_sub_ps(_mm512_maskz_loadu_ps(mask, x + i), mean), factor);
        __m512 y = _mm512_fmadd_ps(
            normal, _mm512_maskz_loadu_ps(mask, gain + i), _mm512_maskz_loadu_ps(mask, bias + i));
        _mm512_mask_storeu_ps(out + i, mask, y);
    }
}

AVX512 INLINE __m512 maximum(const float *x, size_t count) {
    __m512 largest = _mm512_set1_ps(-INFINITY), other = largest;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        largest = _mm512_max_ps(largest, _mm512_loadu_ps(x + i));
        other = _mm512_max_ps(other, _mm512_loadu_ps(x + i + 16));
    }
    for (; i < count; i += 16)
        largest = _mm512_mask_max_ps(
            largest, tail(count - i), largest, _mm512_maskz_loadu_ps(tail(count - i), x + i));
    return _mm512_set1_ps(_mm512_reduce_max_ps(_mm512_max_ps(largest, other)));
}

AVX512 static float exponentialsAVX512(float *x, size_t count, size_t padded) {
    const __m512 shift = maximum(x, count);
    __m512 sums = _mm512_setzero_ps();
    for (size_t i = 0; i < padded; i += 16) {
        __mmask16 mask = i < count ? tail(count - i) : 0;
        __m512 e = oracy_exp512(_mm512_sub_ps(_mm512_maskz_loadu_ps(mask, x + i), shift));
        e = _mm512_maskz_mov_ps(mask, e);
        sums = _mm512_add_ps(sums, e);
        _mm512_mask_storeu_ps(x + i, tail(padded - i), e);
    }
    return _mm512_reduce_add_ps(sums);
}
#endif

void oracy_layerNorm(
    const float *x, size_t count, float epsilon, const float *gain, const float *bias, float *out) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512) return layerNormAVX512(x, count, epsilon, gain, bias, out);
    if (oracy_form() >= ORACY_AVX2 && count % 8 == 0) return layerNormAVX2(x, count, epsilon, gain, bias, out);
#endif
    layerNormScalar(x, count, epsilon, gain, bias, out);
}

float oracy_exponentials(float *x, size_t count, size_t padded) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512) return exponentialsAVX512(x, count, padded);
    if (oracy_form() >= ORACY_AVX2) return exponentialsAVX2(x, count, padded);
#endif
    return exponentialsScalar(x, count, padded);
}

void oracy_scale(const float *x, size_t count, float factor, float *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] * factor;
}

void oracy_add(const float *x, const float *y, size_t count, float *out) {
    for (size_t i = 0; i < count; i++) out[i] = x[i] + y[i];
}

size_t oracy_indexOfMaximum(const float *x, size_t count) {
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (x[i] > x[best]) best = i;
    return best;
}
