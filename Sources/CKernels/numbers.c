// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Conversions between number formats.
//
// | kernel          | scalar | AVX2 | AVX-512 |
// |-----------------|--------|------|---------|
// | widenFloat16    | yes    | yes  | as AVX2 |
// | widenBFloat16   | yes    | (the compiler's own vectors are at the speed of memory) |
// | roundBFloat16   | yes    | yes  | yes; with the instruction of AVX512_BF16 |
// | quantizeRow     | yes    | yes  | yes     |

#include <math.h>
#include <string.h>

#include "forms.h"

static float widenHalf(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = (half >> 10) & 31, fraction = half & 0x3ff;
    // A signalling NaN becomes a quiet one, as the processor makes it.
    if (exponent == 31) return oracy_floatFromBits(sign | 0x7f800000u | fraction << 13 | (fraction ? 0x400000u : 0));
    if (exponent) return oracy_floatFromBits(sign | (exponent + 112) << 23 | fraction << 13);
    float value = (float)fraction * 0x1p-24f;
    return sign ? -value : value;
}

static void widenFloat16Scalar(const void *source, size_t count, float *destination) {
    const unsigned char *bytes = source;
    for (size_t i = 0; i < count; i++) {
        uint16_t half;
        memcpy(&half, bytes + 2 * i, 2);
        destination[i] = widenHalf(half);
    }
}

#if ORACY_X86
AVX2 static void widenFloat16AVX2(const void *source, size_t count, float *destination) {
    const unsigned char *bytes = source;
    size_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(destination + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(bytes + 2 * i))));
    widenFloat16Scalar(bytes + 2 * i, count - i, destination + i);
}
#endif

void oracy_widenFloat16(const void *source, size_t count, float *destination) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX2) return widenFloat16AVX2(source, count, destination);
#endif
    widenFloat16Scalar(source, count, destination);
}

void oracy_widenBFloat16(const void *source, size_t count, float *destination) {
    const unsigned char *bytes = source;
    for (size_t i = 0; i < count; i++) {
        uint16_t bits;
        memcpy(&bits, bytes + 2 * i, 2);
        destination[i] = oracy_floatFromBits((uint32_t)bits << 16);
    }
}

static void roundBFloat16Scalar(const float *source, size_t count, float scale, uint16_t *destination) {
    for (size_t i = 0; i < count; i++) destination[i] = oracy_bfloat16(source[i] * scale);
}

#if ORACY_X86
AVX2 static void roundBFloat16AVX2(const float *source, size_t count, float scale, uint16_t *destination) {
    const __m256 factor = _mm256_set1_ps(scale);
    const __m256i one = _mm256_set1_epi32(1), half = _mm256_set1_epi32(0x7fff), quiet = _mm256_set1_epi32(0x400000);
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m256i parts[2];
        UNROLL for (int j = 0; j < 2; j++) {
            __m256 x = _mm256_mul_ps(_mm256_loadu_ps(source + i + 8 * j), factor);
            __m256i bits = _mm256_castps_si256(x);
            __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), one);
            __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(half, odd));
            __m256 isNaN = _mm256_cmp_ps(x, x, _CMP_UNORD_Q);
            rounded = _mm256_blendv_epi8(rounded, _mm256_or_si256(bits, quiet), _mm256_castps_si256(isNaN));
            parts[j] = _mm256_srli_epi32(rounded, 16);
        }
        __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(parts[0], parts[1]), 0xD8);
        _mm256_storeu_si256((__m256i *)(destination + i), packed);
    }
    roundBFloat16Scalar(source + i, count - i, scale, destination + i);
}

AVX512 static void roundBFloat16AVX512(const float *source, size_t count, float scale, uint16_t *destination) {
    const __m512 factor = _mm512_set1_ps(scale);
    const __m512i one = _mm512_set1_epi32(1), half = _mm512_set1_epi32(0x7fff), quiet = _mm512_set1_epi32(0x400000);
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m512 x = _mm512_mul_ps(_mm512_loadu_ps(source + i), factor);
        __m512i bits = _mm512_castps_si512(x);
        __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), one);
        __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(half, odd));
        rounded = _mm512_mask_or_epi32(rounded, _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q), bits, quiet);
        _mm256_storeu_si256((__m256i *)(destination + i), _mm512_cvtepi32_epi16(_mm512_srli_epi32(rounded, 16)));
    }
    roundBFloat16Scalar(source + i, count - i, scale, destination + i);
}

BF16 static void roundBFloat16Native(const float *source, size_t count, float scale, uint16_t *destination) {
    const __m512 factor = _mm512_set1_ps(scale);
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        __m512 low = _mm512_mul_ps(_mm512_loadu_ps(source + i), factor);
        __m512 high = _mm512_mul_ps(_mm512_loadu_ps(source + i + 16), factor);
        _mm512_storeu_si512(destination + i, (__m512i)_mm512_cvtne2ps_pbh(high, low));
    }
    roundBFloat16Scalar(source + i, count - i, scale, destination + i);
}
#endif

void oracy_roundBFloat16(const float *source, size_t count, float scale, uint16_t *destination) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512_BF16) return roundBFloat16Native(source, count, scale, destination);
    if (oracy_form() >= ORACY_AVX512) return roundBFloat16AVX512(source, count, scale, destination);
    if (oracy_form() >= ORACY_AVX2) return roundBFloat16AVX2(source, count, scale, destination);
#endif
    roundBFloat16Scalar(source, count, scale, destination);
}

/// The scale and zero point for values low...high; 0 is always exact, and a row of zeros or with a NaN is safe.
static void chooseScale(float low, float high, float *scale, int32_t *zero) {
    low = fminf(low, 0);
    high = fmaxf(high, 0);
    float step = (high - low) / 255;
    if (!(step > 1e-30f) || !isfinite(step)) step = 1;
    float offset = roundf(-low / step);
    *scale = step;
    *zero = isfinite(offset) ? (int32_t)fminf(fmaxf(offset, 0), 255) : 0;
}

static uint8_t code(float value, float inverse, int32_t zero) {
    float scaled = rintf(value * inverse) + (float)zero;
    return scaled > 0 ? (scaled < 255 ? (uint8_t)scaled : 255) : 0;  // NaN becomes 0
}

static void quantizeRowScalar(const float *source, size_t count, uint8_t *codes, float *scale, int32_t *zero) {
    float low = 0, high = 0;
    for (size_t i = 0; i < count; i++) {
        low = fminf(low, source[i]);
        high = fmaxf(high, source[i]);
    }
    chooseScale(low, high, scale, zero);
    for (size_t i = 0; i < count; i++) codes[i] = code(source[i], 1 / *scale, *zero);
}

#if ORACY_X86
AVX2 static void quantizeRowAVX2(const float *source, size_t count, uint8_t *codes, float *scale, int32_t *zero) {
    __m256 lows = _mm256_setzero_ps(), highs = _mm256_setzero_ps();
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256 x = _mm256_loadu_ps(source + i);
        lows = _mm256_min_ps(x, lows);
        highs = _mm256_max_ps(x, highs);
    }
    float edges[16], low = 0, high = 0;
    _mm256_storeu_ps(edges, lows);
    _mm256_storeu_ps(edges + 8, highs);
    for (int j = 0; j < 8; j++) {
        low = fminf(low, edges[j]);
        high = fmaxf(high, edges[8 + j]);
    }
    for (size_t j = i; j < count; j++) {
        low = fminf(low, source[j]);
        high = fmaxf(high, source[j]);
    }
    chooseScale(low, high, scale, zero);
    const float inverse = 1 / *scale;
    const __m256 factor = _mm256_set1_ps(inverse), zeros = _mm256_set1_ps((float)*zero);
    for (i = 0; i + 8 <= count; i += 8) {
        __m256 x = _mm256_mul_ps(_mm256_loadu_ps(source + i), factor);
        x = _mm256_add_ps(_mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC), zeros);
        x = _mm256_min_ps(_mm256_max_ps(x, _mm256_setzero_ps()), _mm256_set1_ps(255));
        __m256i whole = _mm256_cvtps_epi32(x);
        __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
        _mm_storel_epi64((__m128i *)(codes + i), _mm_packus_epi16(words, words));
    }
    for (; i < count; i++) codes[i] = code(source[i], inverse, *zero);
}

AVX512 static void quantizeRowAVX512(const float *source, size_t count, uint8_t *codes, float *scale, int32_t *zero) {
    __m512 lows = _mm512_setzero_ps(), highs = _mm512_setzero_ps();
    size_t i = 0;
    for (; i < count; i += 16) {
        __mmask16 mask = count - i >= 16 ? 0xffff : (__mmask16)((1u << (count - i)) - 1);
        __m512 x = _mm512_maskz_loadu_ps(mask, source + i);
        lows = _mm512_min_ps(x, lows);
        highs = _mm512_max_ps(x, highs);
    }
    chooseScale(_mm512_reduce_min_ps(lows), _mm512_reduce_max_ps(highs), scale, zero);
    const __m512 factor = _mm512_set1_ps(1 / *scale), zeros = _mm512_set1_ps((float)*zero);
    for (i = 0; i < count; i += 16) {
        __mmask16 mask = count - i >= 16 ? 0xffff : (__mmask16)((1u << (count - i)) - 1);
        __m512 x = _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, source + i), factor);
        x = _mm512_add_ps(_mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC), zeros);
        x = _mm512_min_ps(_mm512_max_ps(x, _mm512_setzero_ps()), _mm512_set1_ps(255));
        _mm512_mask_cvtepi32_storeu_epi8(codes + i, mask, _mm512_cvtps_epi32(x));
    }
}
#endif

void oracy_quantizeRow(const float *source, size_t count, uint8_t *codes, float *scale, int32_t *zero) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512) return quantizeRowAVX512(source, count, codes, scale, zero);
    if (oracy_form() >= ORACY_AVX2) return quantizeRowAVX2(source, count, codes, scale, zero);
#endif
    quantizeRowScalar(source, count, codes, scale, zero);
}

void oracy_quantizeColumn(const float *source, size_t count, int8_t *codes, float *scale, int32_t *sum) {
    float largest = 0;
    for (size_t i = 0; i < count; i++) largest = fmaxf(largest, fabsf(source[i]));
    const float step = largest > 1e-30f && isfinite(largest) ? largest / 127 : 1;
    int32_t total = 0;
    for (size_t i = 0; i < count; i++) {
        float code = rintf(source[i] / step);
        codes[i] = code > -127 ? (code < 127 ? (int8_t)code : 127) : -127;
        total += codes[i];
    }
    *scale = step;
    *sum = total;
}
