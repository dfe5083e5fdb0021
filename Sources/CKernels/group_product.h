// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Products by vector instructions that multiply and add groups of four bytes: a template for int8 (AVX512_VNNI) and
// bfloat16 (AVX512_BF16), with up to 4 x 64 sums in registers. Whoever includes this defines GROUP_FORM, the function
// attribute; GROUP_PRODUCT, the name of the function; and GROUP_ADD(sum, a, b), on 64 bytes of each.
//
// Strides are in bytes.

#define GROUP_NAME_(name, suffix) name##suffix
#define GROUP_NAME(name, suffix) GROUP_NAME_(name, suffix)
#define GROUP_TILE GROUP_NAME(GROUP_PRODUCT, Tile)

GROUP_FORM INLINE void GROUP_TILE(
    const int rows, const char *x, size_t xStride, const char *panel, size_t groups, const bool adds, char *out,
    size_t outStride) {
    __m512i sums[4][4];
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < 4; j++)
            sums[i][j] = adds ? _mm512_loadu_si512(out + i * outStride + 64 * j) : _mm512_setzero_si512();
    for (size_t start = 0; start < groups; start += ORACY_STEP_GROUPS, panel += ORACY_STEP) {
        const char *half[2] = {panel + oracy_halfOffset(start, 0), panel + oracy_halfOffset(start, 1)};
        for (size_t group = start; group < oracy_least(start + ORACY_STEP_GROUPS, groups); group++) {
            __m512i w[4];
            UNROLL for (int j = 0; j < 4; j++) {
                const char *place = half[j / 2] + 64 * (j % 2);
                if (rows == 1) _mm_prefetch(place + ORACY_STEP, _MM_HINT_T0);
                w[j] = _mm512_loadu_si512(place);
            }
            UNROLL for (int i = 0; i < rows; i++) {
                int32_t four;
                __builtin_memcpy(&four, x + i * xStride + 4 * group, 4);
                __m512i a = _mm512_set1_epi32(four);
                UNROLL for (int j = 0; j < 4; j++) sums[i][j] = GROUP_ADD(sums[i][j], a, w[j]);
            }
            half[0] += 128;
            half[1] += 128;
        }
    }
    UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int j = 0; j < 4; j++) _mm512_storeu_si512(out + i * outStride + 64 * j, sums[i][j]);
}

GROUP_FORM static void GROUP_PRODUCT(
    const char *x, size_t xStride, size_t rows, const char *panel, size_t groups, const bool adds, char *out,
    size_t outStride) {
    for (; rows >= 4; rows -= 4, x += 4 * xStride, out += 4 * outStride)
        GROUP_TILE(4, x, xStride, panel, groups, adds, out, outStride);
    switch (rows) {
        case 1: return GROUP_TILE(1, x, xStride, panel, groups, adds, out, outStride);
        case 2: return GROUP_TILE(2, x, xStride, panel, groups, adds, out, outStride);
        case 3: return GROUP_TILE(3, x, xStride, panel, groups, adds, out, outStride);
        default: return;
    }
}

#undef GROUP_TILE
#undef GROUP_NAME
#undef GROUP_NAME_
#undef GROUP_FORM
#undef GROUP_PRODUCT
#undef GROUP_ADD
