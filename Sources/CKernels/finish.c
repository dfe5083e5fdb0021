// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// What follows a product, in one pass: undoing the quantisation, bias, GELU, residual.
//
// Forms: scalar, AVX2, AVX-512; what is rounded to bfloat16: scalar, AVX512_BF16.

#include <math.h>

#include "forms.h"
#include "functions.h"

static float geluScalar(float x) { return 0.5f * x * (1 + erff(x * 0.70710678f)); }

static float finished(float value, size_t column, const OracyFinish *finish, const float *residual) {
    if (finish->bias) value += finish->bias[column];
    if (finish->gelu) value = geluScalar(value);
    if (residual) value += residual[column];
    return value;
}

static void rowFloatScalar(
    const float *sums, size_t start, size_t columns, const OracyFinish *finish, const float *residual, float *out) {
    for (size_t c = start; c < columns; c++) out[c] = finished(sums[c], c, finish, residual);
}

static void rowInt8Scalar(
    const int32_t *sums, size_t start, size_t columns, float scale, int32_t zero, const float *columnScales,
    const int32_t *columnSums, const OracyFinish *finish, const float *residual, float *out) {
    for (size_t c = start; c < columns; c++) {
        float value = (float)(sums[c] - zero * columnSums[c]) * (scale * columnScales[c]);
        out[c] = finished(value, c, finish, residual);
    }
}

#if ORACY_X86
AVX2 INLINE __m256 finished256(__m256 x, size_t c, const OracyFinish *finish, const float *residual) {
    if (finish->bias) x = _mm256_add_ps(x, _mm256_loadu_ps(finish->bias + c));
    if (finish->gelu) x = oracy_gelu256(x);
    if (residual) x = _mm256_add_ps(x, _mm256_loadu_ps(residual + c));
    return x;
}

AVX2 static void rowFloatAVX2(
    const float *sums, size_t columns, const OracyFinish *finish, const float *residual, float *out) {
    size_t c = 0;
    for (; c + 8 <= columns; c += 8)
        _mm256_storeu_ps(out + c, finished256(_mm256_loadu_ps(sums + c), c, finish, residual));
    rowFloatScalar(sums, c, columns, finish, residual, out);
}

AVX2 static void rowInt8AVX2(
    const int32_t *sums, size_t columns, float scale, int32_t zero, const float *columnScales,
    const int32_t *columnSums, const OracyFinish *finish, const float *residual, float *out) {
    size_t c = 0;
    for (; c + 8 <= columns; c += 8) {
        __m256i sum = _mm256_loadu_si256((const __m256i *)(sums + c));
        __m256i shift = _mm256_loadu_si256((const __m256i *)(columnSums + c));
        sum = _mm256_sub_epi32(sum, _mm256_mullo_epi32(shift, _mm256_set1_epi32(zero)));
        __m256 factor = _mm256_mul_ps(_mm256_loadu_ps(columnScales + c), _mm256_set1_ps(scale));
        __m256 x = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), factor);
        _mm256_storeu_ps(out + c, finished256(x, c, finish, residual));
    }
    rowInt8Scalar(sums, c, columns, scale, zero, columnScales, columnSums, finish, residual, out);
}

AVX512 INLINE __m512 finished512(
    __m512 x, const bool gelu, const bool adds, const float *bias, const float *residual, size_t c) {
    if (bias) x = _mm512_add_ps(x, _mm512_loadu_ps(bias + c));
    if (gelu) x = oracy_gelu512(x);
    if (adds) x = _mm512_add_ps(x, _mm512_loadu_ps(residual + c));
    return x;
}

AVX512 INLINE void spanFloatAVX512(
    const float *sums, size_t columns, const bool gelu, const bool adds, const OracyFinish *finish,
    const float *residual, float *out) {
    const float *bias = finish->bias;
    for (size_t c = 0; c < columns; c += 16)
        _mm512_storeu_ps(
            out + c, finished512(_mm512_loadu_ps(sums + c), gelu, adds, bias, residual, c));
}

AVX512 static void rowFloatAVX512(
    const float *sums, size_t columns, const OracyFinish *finish, const float *residual, float *out) {
    const size_t whole = columns / 16 * 16;
    if (finish->gelu)
        spanFloatAVX512(sums, whole, true, residual, finish, residual, out);
    else if (residual)
        spanFloatAVX512(sums, whole, false, true, finish, residual, out);
    else
        spanFloatAVX512(sums, whole, false, false, finish, residual, out);
    rowFloatScalar(sums, whole, columns, finish, residual, out);
}

AVX512 INLINE void spanInt8AVX512(
    const int32_t *sums, size_t columns, float scale, int32_t zero, const float *columnScales,
    const int32_t *columnSums, const bool gelu, const bool adds, const OracyFinish *finish, const float *residual,
    float *out) {
    const float *bias = finish->bias;
    const __m512i zeros = _mm512_set1_epi32(zero);
    const __m512 scales = _mm512_set1_ps(scale);
    for (size_t c = 0; c < columns; c += 16) {
        __m512i shift = _mm512_mullo_epi32(_mm512_loadu_si512(columnSums + c), zeros);
        __m512i sum = _mm512_sub_epi32(_mm512_loadu_si512(sums + c), shift);
        __m512 factor = _mm512_mul_ps(_mm512_loadu_ps(columnScales + c), scales);
        __m512 x = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), factor);
        _mm512_storeu_ps(out + c, finished512(x, gelu, adds, bias, residual, c));
    }
}

AVX512 static void rowInt8AVX512(
    const int32_t *sums, size_t columns, float scale, int32_t zero, const float *columnScales,
    const int32_t *columnSums, const OracyFinish *finish, const float *residual, float *out) {
    const size_t whole = columns / 16 * 16;
    if (finish->gelu)
        spanInt8AVX512(sums, whole, scale, zero, columnScales, columnSums, true, residual, finish, residual, out);
    else if (residual)
        spanInt8AVX512(sums, whole, scale, zero, columnScales, columnSums, false, true, finish, residual, out);
    else
        spanInt8AVX512(sums, whole, scale, zero, columnScales, columnSums, false, false, finish, residual, out);
    rowInt8Scalar(sums, whole, columns, scale, zero, columnScales, columnSums, finish, residual, out);
}
#endif

void oracy_finishFloat(
    const float *sums, size_t sumStride, size_t rows, size_t columns, OracyFinish finish, float *out,
    size_t outStride) {
    for (size_t row = 0; row < rows; row++, sums += sumStride, out += outStride) {
        const float *residual = finish.residual ? finish.residual + row * finish.residualStride : NULL;
#if ORACY_X86
        if (oracy_form() >= ORACY_AVX512) {
            rowFloatAVX512(sums, columns, &finish, residual, out);
            continue;
        }
        if (oracy_form() >= ORACY_AVX2) {
            rowFloatAVX2(sums, columns, &finish, residual, out);
            continue;
        }
#endif
        rowFloatScalar(sums, 0, columns, &finish, residual, out);
    }
}

static void rowRoundedScalar(
    const float *sums, size_t start, size_t columns, const OracyFinish *finish, const float *residual, uint16_t *out) {
    for (size_t c = start; c < columns; c++) out[c] = oracy_bfloat16(finished(sums[c], c, finish, residual));
}

#if ORACY_X86
/// x Phi(x) with Phi(x) - 1/2 = m P(m^2), m being x cut to -4...4: minimax of x Phi(x), of degree 13. Below -4 it is 0.
BF16 INLINE __m512 coarseGELU(__m512 x) {
    const __m512 m = _mm512_max_ps(_mm512_min_ps(x, _mm512_set1_ps(4)), _mm512_set1_ps(-4));
    const __m512 u = _mm512_mul_ps(m, m);
    __m512 p = _mm512_set1_ps(2.27790711e-8f);
    p = _mm512_fmadd_ps(p, u, _mm512_set1_ps(-1.59848361e-6f));
    p = _mm512_fmadd_ps(p, u, _mm512_set1_ps(4.79532063e-5f));
    p = _mm512_fmadd_ps(p, u, _mm512_set1_ps(-8.13993422e-4f));
    p = _mm512_fmadd_ps(p, u, _mm512_set1_ps(8.77228249e-3f));
    p = _mm512_fmadd_ps(p, u, _mm512_set1_ps(-6.45728778e-2f));
    p = _mm512_fmadd_ps(p, u, _mm512_set1_ps(3.97883178e-1f));
    const __mmask16 counts = _mm512_cmp_ps_mask(x, _mm512_set1_ps(-4), _CMP_GT_OQ);
    return _mm512_mul_ps(x, _mm512_maskz_fmadd_ps(counts, m, p, _mm512_set1_ps(0.5f)));
}

BF16 static void rowRoundedBF16(
    const float *sums, size_t columns, const OracyFinish *finish, const float *residual, uint16_t *out) {
    const size_t whole = columns / 32 * 32;
    for (size_t c = 0; c < whole; c += 32) {
        __m512 x[2];
        UNROLL for (size_t j = 0; j < 2; j++) {
            x[j] = _mm512_loadu_ps(sums + c + 16 * j);
            if (finish->bias) x[j] = _mm512_add_ps(x[j], _mm512_loadu_ps(finish->bias + c + 16 * j));
            if (finish->gelu) x[j] = coarseGELU(x[j]);
            if (residual) x[j] = _mm512_add_ps(x[j], _mm512_loadu_ps(residual + c + 16 * j));
        }
        _mm512_storeu_si512(out + c, (__m512i)_mm512_cvtne2ps_pbh(x[1], x[0]));
    }
    rowRoundedScalar(sums, whole, columns, finish, residual, out);
}
#endif

void oracy_finishRounded(
    const float *sums, size_t sumStride, size_t rows, size_t columns, OracyFinish finish, uint16_t *out,
    size_t outStride) {
    for (size_t row = 0; row < rows; row++, sums += sumStride, out += outStride) {
        const float *residual = finish.residual ? finish.residual + row * finish.residualStride : NULL;
#if ORACY_X86
        if (oracy_form() >= ORACY_AVX512_BF16) {
            rowRoundedBF16(sums, columns, &finish, residual, out);
            continue;
        }
#endif
        rowRoundedScalar(sums, 0, columns, &finish, residual, out);
    }
}

void oracy_finishInt8(
    const int32_t *sums, size_t sumStride, size_t rows, size_t columns, const float *rowScales,
    const int32_t *rowZeros, const float *columnScales, const int32_t *columnSums, OracyFinish finish, float *out,
    size_t outStride) {
    for (size_t row = 0; row < rows; row++, sums += sumStride, out += outStride) {
        const float *residual = finish.residual ? finish.residual + row * finish.residualStride : NULL;
        const float scale = rowScales[row];
        const int32_t zero = rowZeros[row];
#if ORACY_X86
        if (oracy_form() >= ORACY_AVX512) {
            rowInt8AVX512(sums, columns, scale, zero, columnScales, columnSums, &finish, residual, out);
            continue;
        }
        if (oracy_form() >= ORACY_AVX2) {
            rowInt8AVX2(sums, columns, scale, zero, columnScales, columnSums, &finish, residual, out);
            continue;
        }
#endif
        rowInt8Scalar(sums, 0, columns, scale, zero, columnScales, columnSums, &finish, residual, out);
    }
}

INLINE void addInputs(
    const float *bias, const float *row, const int32_t *inputs, size_t count, const float *weights, size_t stride,
    size_t columns, float *out) {
    for (size_t c = 0; c < columns; c++) out[c] = bias[c];
    for (size_t j = 0; j < count; j++) {
        const float x = row[inputs[j]];
        for (size_t c = 0; c < columns; c++) out[c] += x * weights[j * stride + c];
    }
}

#if ORACY_X86
AVX512 static void addInputsAVX512(
    const float *bias, const float *row, const int32_t *inputs, size_t count, const float *weights, size_t stride,
    size_t columns, float *out) {
    addInputs(bias, row, inputs, count, weights, stride, columns, out);
}

AVX2 static void addInputsAVX2(
    const float *bias, const float *row, const int32_t *inputs, size_t count, const float *weights, size_t stride,
    size_t columns, float *out) {
    addInputs(bias, row, inputs, count, weights, stride, columns, out);
}
#endif

void oracy_addInputs(
    const float *bias, const float *row, const int32_t *inputs, size_t count, const float *weights, size_t stride,
    size_t columns, float *out) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512)
        return addInputsAVX512(bias, row, inputs, count, weights, stride, columns, out);
    if (oracy_form() >= ORACY_AVX2) return addInputsAVX2(bias, row, inputs, count, weights, stride, columns, out);
#endif
    addInputs(bias, row, inputs, count, weights, stride, columns, out);
}
