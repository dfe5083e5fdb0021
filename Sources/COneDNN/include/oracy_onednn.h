// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// The few things that the engine asks of oneDNN (2.6, libdnnl): products of many rows with a packed matrix, in the
// layout of oracy_kernels.h. A product is for fixed sizes, may be run by several threads at once, and runs on the
// calling thread alone.
#pragma once

#include <stddef.h>

/// The numbers of a product. Sums are float, but 32-bit integers for int8.
typedef enum {
    /// float rows, float weights
    ORACY_PRODUCT_FLOAT = 0,
    /// bfloat16 rows, bfloat16 weights
    ORACY_PRODUCT_BFLOAT16 = 1,
    /// uint8 rows, int8 weights
    ORACY_PRODUCT_INT8 = 2,
} OracyProductNumbers;

typedef struct OracyProduct OracyProduct;

/// Prepares [rows, inner] x [inner, columns] -> [rows, columns], all dense. Returns NULL when the library has no fast
/// implementation for this processor: the caller's own kernels then do the work.
OracyProduct *_Nullable oracy_productCreate(
    OracyProductNumbers numbers, size_t rows, size_t inner, size_t columns);
void oracy_productDestroy(OracyProduct *_Nonnull product);
/// The bytes of working memory that a run needs, 64-byte aligned.
size_t oracy_productScratch(const OracyProduct *_Nonnull product);

/// One thread's means to run a product: what the library wants to be told about its operands, made once.
typedef struct OracyProductRun OracyProductRun;

/// Prepares runs of a product, which must outlive them, by one thread at a time. Returns NULL when memory is short.
OracyProductRun *_Nullable oracy_productRunCreate(const OracyProduct *_Nonnull product);
void oracy_productRunDestroy(OracyProductRun *_Nonnull run);
/// Multiplies. Returns 0, or the library's error number. The packed matrix is not changed, but must be
/// writable: the library writes zeros over its padding, which is zero.
int oracy_productRun(
    OracyProductRun *_Nonnull run, const void *_Nonnull rows, const void *_Nonnull packed, void *_Nonnull out,
    void *_Nonnull scratch);
