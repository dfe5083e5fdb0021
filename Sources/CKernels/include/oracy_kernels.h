// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// The engine's inner loops. Each has a readable scalar reference and forms for AVX2 and AVX-512 that are chosen when
// the program runs; on other processors the reference runs.
//
// One layout serves every product of the engine: a *packed* matrix of `inner` x `columns` values is a row of panels of
// 64 columns, whose inner indices are in groups of g: 1 for float, 2 for bfloat16, 4 for int8. `inner` is padded with zeros
// to a multiple of 16 g: sixteen groups of sixteen columns are what a matrix unit takes at once. A panel of floats is
// [group][64]. The others are [step][half][16 groups][32 columns][g], the halves of every other step in the other order:
// matrix units multiply half a panel with many rows, and so its bytes are spread over all sets of the first-level cache.
// Weights, attention keys (columns are positions) and attention values (inner is positions) are all packed so.
//
// A row's result has the same bits however many rows run together: each form adds a row's products in one order.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The columns of a panel.
#define ORACY_PANEL 64
/// The groups of a step of a panel of bfloat16 or int8.
#define ORACY_STEP_GROUPS 16
/// The bytes of a step.
#define ORACY_STEP 4096

/// Where the half of a step that begins with group `group` is in the step, in bytes.
static inline size_t oracy_halfOffset(size_t group, size_t half) {
    return ((half ^ group / ORACY_STEP_GROUPS) & 1) * (ORACY_STEP / 2);
}
/// Where half a group of a panel of bfloat16 or int8 is, in bytes.
static inline size_t oracy_groupOffset(size_t group, size_t half) {
    return group / ORACY_STEP_GROUPS * ORACY_STEP + oracy_halfOffset(group, half) + group % ORACY_STEP_GROUPS * 128;
}
/// Where a number is in a panel of bfloat16, in numbers.
static inline size_t oracy_pairPlace(size_t inner, size_t column) {
    return oracy_groupOffset(inner / 2, column / 32) / 2 + column % 32 * 2 + inner % 2;
}

/// The instruction sets for which kernels have forms, each including the ones before it.
typedef enum {
    ORACY_SCALAR = 0,
    ORACY_AVX2 = 1,
    ORACY_AVX512 = 2,
    ORACY_AVX512_VNNI = 3,
    ORACY_AVX512_BF16 = 4,
    ORACY_AMX = 5,
} OracyForm;

/// The widest form that this processor can run, or a lesser one that the environment variable ORACY_KERNELS names
/// (scalar, avx2, avx512, avx512_vnni, avx512_bf16, amx).
OracyForm oracy_bestForm(void);
/// The form that kernels use on the calling thread.
OracyForm oracy_currentForm(void);
/// Makes kernels use at most this form on the calling thread; for tests.
void oracy_useForm(OracyForm form);
/// Whether products of bfloat16 numbers have instructions of their own in the current form.
bool oracy_hasBFloat16(void);
/// Whether products run on matrix units.
bool oracy_hasMatrixUnits(void);

// MARK: Numbers

/// Widens little-endian IEEE half-precision numbers at any address.
void oracy_widenFloat16(const void *_Nonnull source, size_t count, float *_Nonnull destination);
/// Widens little-endian bfloat16 numbers at any address.
void oracy_widenBFloat16(const void *_Nonnull source, size_t count, float *_Nonnull destination);
/// Rounds to bfloat16, to nearest even; NaN stays NaN.
void oracy_roundBFloat16(const float *_Nonnull source, size_t count, float scale, uint16_t *_Nonnull destination);
/// Quantises a row to 0...255 with a scale and a zero point of its own: value = scale * (code - zero).
void oracy_quantizeRow(
    const float *_Nonnull source, size_t count, uint8_t *_Nonnull codes, float *_Nonnull scale, int32_t *_Nonnull zero);

/// Quantises one column of weights to -127...127 with a scale of its own, and sums the codes.
void oracy_quantizeColumn(
    const float *_Nonnull source, size_t count, int8_t *_Nonnull codes, float *_Nonnull scale, int32_t *_Nonnull sum);

// MARK: Packing

/// Packs rows of a [columns][inner] matrix as columns `first` and following; other columns are left as they are.
/// The padding of `inner` is written with zeros.
void oracy_packRowsFloat(
    const float *_Nonnull source, size_t stride, size_t rows, size_t inner, size_t first, float *_Nonnull packed);
void oracy_packRowsBFloat16(
    const float *_Nonnull source, size_t stride, size_t rows, size_t inner, size_t first, uint16_t *_Nonnull packed);
void oracy_packRowsInt8(
    const int8_t *_Nonnull source, size_t stride, size_t rows, size_t inner, size_t first, int8_t *_Nonnull packed);
/// Packs rows of an [inner][columns] matrix as inner indices `first` and following. `paddedInner` is the packed
/// matrix's whole inner size, a multiple of 16 g; nothing but the given rows is written.
void oracy_packInnerFloat(
    const float *_Nonnull source, size_t stride, size_t rows, size_t columns, size_t first, size_t paddedInner,
    float *_Nonnull packed);
void oracy_packInnerBFloat16(
    const float *_Nonnull source, size_t stride, size_t rows, size_t columns, size_t first, size_t paddedInner,
    uint16_t *_Nonnull packed);

// MARK: Products

/// out[row][column] = sum over inner of x[row][inner] * packed[inner][column], for whole panels `first`..<`end`;
/// out's column 0 is the first column of panel `first`.
void oracy_productFloat(
    const float *_Nonnull x, size_t xStride, size_t rows, const float *_Nonnull packed, size_t inner, size_t first,
    size_t end, float *_Nonnull out, size_t outStride);
/// The same with bfloat16 weights; x and the sums stay float. `inner` of a row of x must be readable up to the next
/// even number.
void oracy_productBFloat16(
    const float *_Nonnull x, size_t xStride, size_t rows, const uint16_t *_Nonnull packed, size_t inner, size_t first,
    size_t end, float *_Nonnull out, size_t outStride);
/// The same with rows that were rounded to bfloat16, for processors that multiply such (oracy_hasBFloat16); others are
/// slow at it. `inner` of x must be readable, and zero, up to the next multiple of 32. With `adds` the products are
/// added to what `out` holds.
void oracy_productRounded(
    const uint16_t *_Nonnull x, size_t xStride, size_t rows, const uint16_t *_Nonnull packed, size_t inner,
    size_t first, size_t end, bool adds, float *_Nonnull out, size_t outStride);
/// The same with quantised rows and int8 weights, exactly in integers; `inner` of x must be readable, and zero, up to
/// the next multiple of 64.
void oracy_productInt8(
    const uint8_t *_Nonnull x, size_t xStride, size_t rows, const int8_t *_Nonnull packed, size_t inner, size_t first,
    size_t end, int32_t *_Nonnull out, size_t outStride);

// MARK: Attention

/// The most rows that oracy_attend takes.
#define ORACY_ATTENTION_ROWS 32

/// out[row] = the average of the values of `length` positions, weighted by exp2 of the row's products with the keys,
/// without more than a few positions' scores in memory (the online softmax of Milakov and Gimelshein 2018).
///
/// Queries are bfloat16, already multiplied by log2(e) and by what else scales scores, [rows][stride], zero from
/// `headSize` to the next multiple of 32; keys are packed with positions as columns, values with positions as inner
/// indices, in one panel.
void oracy_attend(
    const uint16_t *_Nonnull queries, size_t stride, size_t rows, size_t headSize, const uint16_t *_Nonnull keys,
    const uint16_t *_Nonnull values, size_t length, float *_Nonnull out, size_t outStride);

/// The longest sequence that oracy_attendShort takes.
#define ORACY_SHORT_SEQUENCE 64

/// Whether oracy_attendShort is the fastest that there is for heads of this size, in the current form.
bool oracy_attendsShort(size_t headSize);
/// Self-attention of one sequence of 1 to ORACY_SHORT_SEQUENCE positions, all heads: out[row] of each head is the average
/// of its values, weighted by the softmax of the row's products with its keys, divided by the root of `headSize` (at
/// most 64). Numbers and weights are rounded to bfloat16, sums are float. Rows have the heads side by side.
///
/// Where there is a bias, bias[head * biasStride + to - from], times log2(e) already, is added to the score of position `to` for
/// the row `from`: the pointer is at the distance 0, in the middle of the first head's numbers.
void oracy_attendShort(
    const float *_Nonnull queries, const float *_Nonnull keys, const float *_Nonnull values, size_t stride,
    size_t count, size_t heads, size_t headSize, const float *_Nullable bias, size_t biasStride, float *_Nonnull out,
    size_t outStride);

// MARK: What follows a product

/// What becomes of the sums of a product.
typedef struct {
    /// Added to every row; NULL for none.
    const float *_Nullable bias;
    /// Whether the Gaussian error linear unit follows (the exact one, with erf).
    bool gelu;
    /// Added last; NULL for none. May be the output.
    const float *_Nullable residual;
    size_t residualStride;
} OracyFinish;

/// out = finish(sums), element by element; out may be the sums.
void oracy_finishFloat(
    const float *_Nonnull sums, size_t sumStride, size_t rows, size_t columns, OracyFinish finish,
    float *_Nonnull out, size_t outStride);
/// The same, rounded to bfloat16: what the next product takes, without a float in memory. Where the processor
/// multiplies bfloat16 numbers, the error linear unit is exact to 0.0002 only, a tenth of the rounding of 1.
void oracy_finishRounded(
    const float *_Nonnull sums, size_t sumStride, size_t rows, size_t columns, OracyFinish finish,
    uint16_t *_Nonnull out, size_t outStride);
/// out = finish((sums - zero * columnSum) * scale * columnScale): the meaning of a product of quantised numbers.
void oracy_finishInt8(
    const int32_t *_Nonnull sums, size_t sumStride, size_t rows, size_t columns, const float *_Nonnull rowScales,
    const int32_t *_Nonnull rowZeros, const float *_Nonnull columnScales, const int32_t *_Nonnull columnSums,
    OracyFinish finish, float *_Nonnull out, size_t outStride);

/// out = bias + sum over `count` inputs j of row[inputs[j]] * weights[j][column]: what the inputs that are kept out of
/// a product add to it, all in float.
void oracy_addInputs(
    const float *_Nonnull bias, const float *_Nonnull row, const int32_t *_Nonnull inputs, size_t count,
    const float *_Nonnull weights, size_t stride, size_t columns, float *_Nonnull out);

// MARK: Rows

/// Normalises a row to mean 0 and variance 1, then scales and shifts it; out may be x.
void oracy_layerNorm(
    const float *_Nonnull x, size_t count, float epsilon, const float *_Nonnull gain, const float *_Nonnull bias,
    float *_Nonnull out);
/// x = exp(x - max) for `count` values, zero up to `padded`; returns the sum of the exponentials.
float oracy_exponentials(float *_Nonnull x, size_t count, size_t padded);
/// out = x * factor.
void oracy_scale(const float *_Nonnull x, size_t count, float factor, float *_Nonnull out);
/// out = x + y.
void oracy_add(const float *_Nonnull x, const float *_Nonnull y, size_t count, float *_Nonnull out);
/// The index of the largest of `count` > 0 values, the first among equals.
size_t oracy_indexOfMaximum(const float *_Nonnull x, size_t count);

/// For each row of `first`, [firstCount, width], the highest product with a row of `second`, [secondCount, width], in own; and
/// the other way round in other; -1 where there is none higher. The same bits in every form.
void oracy_closest(
    const float *_Nonnull first, size_t firstCount, const float *_Nonnull second, size_t secondCount, size_t width,
    float *_Nonnull own, float *_Nonnull other);

/// Tells the processor that the thread is waiting for another one.
static inline void oracy_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
