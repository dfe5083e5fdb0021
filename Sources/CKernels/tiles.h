// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Products on the matrix units of AMX, shared by bfloat16 and int8: a group of both is four bytes wide, so that a step
// takes 64 bytes of each row and sixteen groups of a panel.
//
// Eight registers of 16 x 64 bytes hold 2 x 2 tiles of sums, two of rows and two of weights.
#pragma once

#include "forms.h"

#if ORACY_X86
/// What the instruction LDTILECFG reads (Intel, Software Developer's Manual, volume 1, 18.4).
typedef struct {
    uint8_t palette, startRow, reserved[14];
    uint16_t rowBytes[16];
    uint8_t rows[16];
} OracyTileConfiguration;

enum { ORACY_TILE = 16 };

/// Sets the registers up for `top` + `bottom` rows, both at most 16 and the first at least 1.
AMX INLINE void oracy_configureTiles(size_t top, size_t bottom) {
    OracyTileConfiguration configuration = {.palette = 1};
    const size_t rows[8] = {top, top, bottom, bottom, top, bottom, ORACY_TILE, ORACY_TILE};
    for (int i = 0; i < 8; i++) {
        configuration.rowBytes[i] = rows[i] ? 64 : 0;
        configuration.rows[i] = (uint8_t)rows[i];
    }
    _tile_loadconfig(&configuration);
}

#define MULTIPLY(sum, a, b)                     \
    do {                                        \
        if (isInt8)                             \
            _tile_dpbusd(sum, a, b);            \
        else                                    \
            _tile_dpbf16ps(sum, a, b);          \
    } while (0)

/// Sums of up to 32 rows by 32 columns into registers 0 to 3. Strides are in bytes.
AMX INLINE void oracy_loadSums(const bool hasBottom, const char *sums, size_t stride) {
    _tile_loadd(0, sums, stride);
    _tile_loadd(1, sums + 64, stride);
    if (hasBottom) {
        _tile_loadd(2, sums + ORACY_TILE * stride, stride);
        _tile_loadd(3, sums + ORACY_TILE * stride + 64, stride);
    }
}

AMX INLINE void oracy_clearSums(const bool hasBottom) {
    _tile_zero(0);
    _tile_zero(1);
    if (hasBottom) {
        _tile_zero(2);
        _tile_zero(3);
    }
}

AMX INLINE void oracy_storeSums(const bool hasBottom, char *sums, size_t stride) {
    _tile_stored(0, sums, stride);
    _tile_stored(1, sums + 64, stride);
    if (hasBottom) {
        _tile_stored(2, sums + ORACY_TILE * stride, stride);
        _tile_stored(3, sums + ORACY_TILE * stride + 64, stride);
    }
}

/// Adds the products of one step to the sums in registers; `weights` are the step's for a half of a panel.
AMX INLINE void oracy_addStep(
    const bool isInt8, const bool hasBottom, const char *x, size_t xStride, const char *weights) {
    _tile_loadd(6, weights, 128);
    _tile_loadd(4, x, xStride);
    MULTIPLY(0, 4, 6);
    _tile_loadd(7, weights + 64, 128);
    MULTIPLY(1, 4, 7);
    if (hasBottom) {
        _tile_loadd(5, x + ORACY_TILE * xStride, xStride);
        MULTIPLY(2, 5, 6);
        MULTIPLY(3, 5, 7);
    }
}
#undef MULTIPLY

/// A tile row of sums: up to 32 rows by the 32 columns of one half of a panel. Strides are in bytes. Where there is a
/// `next`, 256 bytes for each step of what follows it come nearer meanwhile.
AMX INLINE void oracy_multiplyTiles(
    const bool isInt8, const bool hasBottom, const char *x, size_t xStride, const char *panel, size_t half,
    size_t steps, const bool adds, char *out, size_t outStride, const char *next) {
    if (adds)
        oracy_loadSums(hasBottom, out, outStride);
    else
        oracy_clearSums(hasBottom);
    for (size_t step = 0; step < steps; step++, x += 64) {
        if (next)
            UNROLL for (size_t i = 0; i < 4; i++) _mm_prefetch(next + step * 256 + i * 64, _MM_HINT_T1);
        oracy_addStep(isInt8, hasBottom, x, xStride, panel + oracy_groupOffset(step * ORACY_STEP_GROUPS, half));
    }
    oracy_storeSums(hasBottom, out, outStride);
}

/// All rows with panels `first`..<`end`. A half panel stays in the first-level cache while the rows pass by, and the
/// next panel comes into the second.
AMX INLINE void oracy_tileProduct(
    const bool isInt8, const char *x, size_t xStride, size_t rows, const char *packed, size_t steps, size_t first,
    size_t end, const bool adds, char *out, size_t outStride) {
    const size_t whole = rows / 32 * 32, rest = rows - whole, size = steps * ORACY_STEP;
    packed += first * size;
    if (whole) {
        oracy_configureTiles(ORACY_TILE, ORACY_TILE);
        for (size_t half = 0; half < 2 * (end - first); half++) {
            const char *panel = packed + half / 2 * size, *next = panel + (half % 2 ? 3 : 2) * size / 2;
            for (size_t row = 0; row < whole; row += 32)
                oracy_multiplyTiles(
                    isInt8, true, x + row * xStride, xStride, panel, half % 2, steps, adds,
                    out + row * outStride + half * 128, outStride, next + row / 32 * steps * 256);
        }
    }
    if (rest) {
        const size_t top = oracy_least(rest, ORACY_TILE);
        oracy_configureTiles(top, rest - top);
        x += whole * xStride;
        out += whole * outStride;
        for (size_t half = 0; half < 2 * (end - first); half++) {
            const char *panel = packed + half / 2 * size;
            if (rest > top)
                oracy_multiplyTiles(
                    isInt8, true, x, xStride, panel, half % 2, steps, adds, out + half * 128, outStride, NULL);
            else
                oracy_multiplyTiles(
                    isInt8, false, x, xStride, panel, half % 2, steps, adds, out + half * 128, outStride, NULL);
        }
    }
    _tile_release();
}
#endif
