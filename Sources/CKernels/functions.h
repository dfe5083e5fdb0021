// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// exp and erf on vectors, shared by the softmax and the Gaussian error linear unit.
//
// exp: x = n ln 2 + r with |r| <= ln 2 / 2, then the Taylor polynomial of degree 6 (relative error below 2e-7).
// erf: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26 (absolute error below 1.5e-7).
#pragma once

#include "forms.h"

#define LOG2_E 1.44269504f
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440e-4f
/// Below this, exp is taken as exp(-87), which is no longer distinguishable from 0 in any sum that matters.
#define LEAST_EXPONENT -87.0f

#if ORACY_X86
AVX2 INLINE __m256 oracy_exp256(__m256 x) {
    x = _mm256_max_ps(_mm256_min_ps(x, _mm256_set1_ps(88)), _mm256_set1_ps(LEAST_EXPONENT));
    __m256 n = _mm256_round_ps(
        _mm256_mul_ps(x, _mm256_set1_ps(LOG2_E)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(LN2_HIGH), x);
    r = _mm256_fnmadd_ps(n, _mm256_set1_ps(LN2_LOW), r);
    __m256 p = _mm256_set1_ps(1 / 720.0f);
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1 / 120.0f));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1 / 24.0f));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1 / 6.0f));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(0.5f));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(1));
    __m256i power = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
    return _mm256_mul_ps(p, _mm256_castsi256_ps(power));
}

AVX512 INLINE __m512 oracy_exp512(__m512 x) {
    x = _mm512_max_ps(_mm512_min_ps(x, _mm512_set1_ps(88)), _mm512_set1_ps(LEAST_EXPONENT));
    __m512 n = _mm512_roundscale_ps(
        _mm512_mul_ps(x, _mm512_set1_ps(LOG2_E)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(LN2_HIGH), x);
    r = _mm512_fnmadd_ps(n, _mm512_set1_ps(LN2_LOW), r);
    __m512 p = _mm512_set1_ps(1 / 720.0f);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1 / 120.0f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1 / 24.0f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1 / 6.0f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.5f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1));
    return _mm512_scalef_ps(p, n);
}

/// x * (1 + erf(x / sqrt 2)) / 2.
AVX2 INLINE __m256 oracy_gelu256(__m256 x) {
    const __m256 sign = _mm256_set1_ps(-0.0f), one = _mm256_set1_ps(1);
    __m256 z = _mm256_mul_ps(_mm256_andnot_ps(sign, x), _mm256_set1_ps(0.70710678f));
    __m256 t = _mm256_div_ps(one, _mm256_fmadd_ps(z, _mm256_set1_ps(0.3275911f), one));
    __m256 p = _mm256_set1_ps(1.061405429f);
    p = _mm256_fmadd_ps(p, t, _mm256_set1_ps(-1.453152027f));
    p = _mm256_fmadd_ps(p, t, _mm256_set1_ps(1.421413741f));
    p = _mm256_fmadd_ps(p, t, _mm256_set1_ps(-0.284496736f));
    p = _mm256_fmadd_ps(p, t, _mm256_set1_ps(0.254829592f));
    __m256 tail = _mm256_mul_ps(_mm256_mul_ps(p, t), oracy_exp256(_mm256_xor_ps(_mm256_mul_ps(z, z), sign)));
    __m256 erf = _mm256_or_ps(_mm256_sub_ps(one, tail), _mm256_and_ps(x, sign));
    __m256 half = _mm256_mul_ps(x, _mm256_set1_ps(0.5f));
    return _mm256_fmadd_ps(half, erf, half);
}

AVX512 INLINE __m512 oracy_gelu512(__m512 x) {
    const __m512 sign = _mm512_set1_ps(-0.0f), one = _mm512_set1_ps(1);
    __m512 z = _mm512_mul_ps(_mm512_andnot_ps(sign, x), _mm512_set1_ps(0.70710678f));
    __m512 t = _mm512_div_ps(one, _mm512_fmadd_ps(z, _mm512_set1_ps(0.3275911f), one));
    __m512 p = _mm512_set1_ps(1.061405429f);
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(-1.453152027f));
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(1.421413741f));
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(-0.284496736f));
    p = _mm512_fmadd_ps(p, t, _mm512_set1_ps(0.254829592f));
    __m512 tail = _mm512_mul_ps(_mm512_mul_ps(p, t), oracy_exp512(_mm512_xor_ps(_mm512_mul_ps(z, z), sign)));
    __m512 erf = _mm512_or_ps(_mm512_sub_ps(one, tail), _mm512_and_ps(x, sign));
    __m512 half = _mm512_mul_ps(x, _mm512_set1_ps(0.5f));
    return _mm512_fmadd_ps(half, erf, half);
}

/// exp2 of x <= 0 to about 1e-4, a twentieth of a rounding to bfloat16: degree 3 on |r| <= 1/2, minimax.
BF16 INLINE __m512 oracy_coarseExp2(__m512 x) {
    const __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    const __m512 r = _mm512_sub_ps(x, n);
    __m512 p = _mm512_set1_ps(0.0558f);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.2402265f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.6931472f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1));
    return _mm512_scalef_ps(p, n);
}

/// Which of the sixteen numbers from `start` on are among the first `count`.
INLINE __mmask16 oracy_tail(size_t start, size_t count) {
    return start + 16 <= count ? 0xffff : start >= count ? 0 : (__mmask16)((1u << (count - start)) - 1);
}
#endif
