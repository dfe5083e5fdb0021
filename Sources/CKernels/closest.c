// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// The closest of directions. All forms give the same bits: sixteen sums side by side, added one after the other, and no
// multiplication fused with an addition.
#include "forms.h"

#pragma clang fp contract(off)

typedef float Lanes __attribute__((vector_size(64), aligned(4)));

/// The products of `rows` x `columns` directions, of which `own` and `other` keep the highest.
INLINE void block(
    const float *first, const float *second, size_t width, const size_t rows, const size_t columns, float *own,
    float *other) {
    Lanes sums[4][2] = {};
    const size_t whole = width / 16 * 16;
    for (size_t index = 0; index < whole; index += 16) {
        UNROLL for (size_t row = 0; row < rows; row++) {
            const Lanes value = *(const Lanes *)(first + row * width + index);
            UNROLL for (size_t column = 0; column < columns; column++)
                sums[row][column] += value * *(const Lanes *)(second + column * width + index);
        }
    }
    UNROLL for (size_t row = 0; row < rows; row++) {
        UNROLL for (size_t column = 0; column < columns; column++) {
            float sum = sums[row][column][0];
            UNROLL for (size_t lane = 1; lane < 16; lane++) sum += sums[row][column][lane];
            float rest = 0;
            for (size_t index = whole; index < width; index++)
                rest += first[row * width + index] * second[column * width + index];
            sum += rest;
            if (sum > own[row]) own[row] = sum;
            if (sum > other[column]) other[column] = sum;
        }
    }
}

/// Blocks of `rows` x `columns`, as many sums as the form has registers for, and what is left over one by one.
INLINE void closest(
    const float *first, size_t firstCount, const float *second, size_t secondCount, size_t width, float *own,
    float *other, const size_t rows, const size_t columns) {
    for (size_t row = 0; row < firstCount; row++) own[row] = -1;
    for (size_t column = 0; column < secondCount; column++) other[column] = -1;
    const size_t wholeRows = firstCount / rows * rows;
    const size_t wholeColumns = secondCount / columns * columns;
    for (size_t row = 0; row < firstCount; row += row < wholeRows ? rows : 1) {
        size_t column = 0;
        if (row < wholeRows) {
            for (; column < wholeColumns; column += columns)
                block(first + row * width, second + column * width, width, rows, columns, own + row, other + column);
        }
        const size_t left = row < wholeRows ? rows : 1;
        for (; column < secondCount; column++) {
            for (size_t one = 0; one < left; one++)
                block(first + (row + one) * width, second + column * width, width, 1, 1, own + row + one, other + column);
        }
    }
}

static void closestScalar(
    const float *first, size_t firstCount, const float *second, size_t secondCount, size_t width, float *own,
    float *other) {
    closest(first, firstCount, second, secondCount, width, own, other, 1, 2);
}

#if ORACY_X86
AVX2 static void closestAVX2(
    const float *first, size_t firstCount, const float *second, size_t secondCount, size_t width, float *own,
    float *other) {
    closest(first, firstCount, second, secondCount, width, own, other, 2, 2);
}

AVX512 static void closestAVX512(
    const float *first, size_t firstCount, const float *second, size_t secondCount, size_t width, float *own,
    float *other) {
    closest(first, firstCount, second, secondCount, width, own, other, 4, 2);
}
#endif

void oracy_closest(
    const float *first, size_t firstCount, const float *second, size_t secondCount, size_t width, float *own,
    float *other) {
#if ORACY_X86
    if (oracy_form() >= ORACY_AVX512)
        return closestAVX512(first, firstCount, second, secondCount, width, own, other);
    if (oracy_form() >= ORACY_AVX2) return closestAVX2(first, firstCount, second, secondCount, width, own, other);
#endif
    closestScalar(first, firstCount, second, secondCount, width, own, other);
}
