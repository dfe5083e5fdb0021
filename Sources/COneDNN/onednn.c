// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#define _GNU_SOURCE
#include "oracy_onednn.h"

#include <dlfcn.h>
#include <dnnl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct OracyProduct {
    dnnl_primitive_t primitive;
    dnnl_memory_desc_t rows, packed, out, scratch;
};

static dnnl_engine_t engine;
static void (*setThreads)(int);
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) {
    if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
    // The library's OpenMP runtime, whichever it is, came with it.
    setThreads = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
}

/// The calling thread's OpenMP calls stay on it: with two spinning threads and a busy neighbour, small products become
/// slower by up to a thousand times. Parallel work is ours.
static void stayOnThisThread(void) {
    static __thread int done;
    if (!done && setThreads) setThreads(1);
    done = 1;
}

static dnnl_status_t describe(
    OracyProduct *product, OracyProductNumbers numbers, dnnl_dim_t rows, dnnl_dim_t inner, dnnl_dim_t columns) {
    static const struct {
        dnnl_data_type_t rows, packed, out;
        dnnl_format_tag_t layout;
    } kinds[] = {
        {dnnl_f32, dnnl_f32, dnnl_f32, dnnl_BA16a64b},
        {dnnl_bf16, dnnl_bf16, dnnl_f32, dnnl_BA16a64b2a},
        {dnnl_u8, dnnl_s8, dnnl_s32, dnnl_BA16a64b4a},
    };
    const dnnl_dims_t rowDims = {rows, inner}, packedDims = {inner, columns}, outDims = {rows, columns};
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(&product->rows, 2, rowDims, kinds[numbers].rows, dnnl_ab);
    if (status == dnnl_success)
        status = dnnl_memory_desc_init_by_tag(
            &product->packed, 2, packedDims, kinds[numbers].packed, kinds[numbers].layout);
    if (status == dnnl_success)
        status = dnnl_memory_desc_init_by_tag(&product->out, 2, outDims, kinds[numbers].out, dnnl_ab);
    return status;
}

/// Builds the primitive if its implementation is one of the blocked, packed ones ("brg..."); the others are slower
/// than our own kernels.
static dnnl_status_t build(OracyProduct *product) {
    dnnl_matmul_desc_t operation;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t status =
        dnnl_matmul_desc_init(&operation, &product->rows, &product->packed, NULL, &product->out);
    if (status == dnnl_success) status = dnnl_primitive_attr_create(&attributes);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(&description, &operation, attributes, engine, NULL);
    const char *name = NULL;
    if (status == dnnl_success) status = dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name);
    if (status == dnnl_success && strncmp(name, "brg", 3) != 0) status = dnnl_unimplemented;
    const dnnl_memory_desc_t *scratch = NULL;
    if (status == dnnl_success) {
        scratch = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
        if (scratch)
            product->scratch = *scratch;
        else
            status = dnnl_runtime_error;
    }
    if (status == dnnl_success) status = dnnl_primitive_create(&product->primitive, description);
    if (description) dnnl_primitive_desc_destroy(description);
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    return status;
}

OracyProduct *oracy_productCreate(OracyProductNumbers numbers, size_t rows, size_t inner, size_t columns) {
    pthread_once(&once, start);
    stayOnThisThread();
    if (!engine) return NULL;
    OracyProduct *product = calloc(1, sizeof *product);
    if (!product) return NULL;
    dnnl_status_t status =
        describe(product, numbers, (dnnl_dim_t)rows, (dnnl_dim_t)inner, (dnnl_dim_t)columns);
    if (status == dnnl_success) status = build(product);
    if (status == dnnl_success) return product;
    free(product);
    return NULL;
}

void oracy_productDestroy(OracyProduct *product) {
    dnnl_primitive_destroy(product->primitive);
    free(product);
}

size_t oracy_productScratch(const OracyProduct *product) { return dnnl_memory_desc_get_size(&product->scratch); }

int oracy_productRun(const OracyProduct *product, const void *rows, const void *packed, void *out, void *scratch) {
    stayOnThisThread();
    dnnl_memory_t memories[4] = {NULL, NULL, NULL, NULL};
    dnnl_stream_t stream = NULL;
    dnnl_status_t status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    if (status == dnnl_success) status = dnnl_memory_create(&memories[0], &product->rows, engine, (void *)rows);
    if (status == dnnl_success) status = dnnl_memory_create(&memories[1], &product->packed, engine, (void *)packed);
    if (status == dnnl_success) status = dnnl_memory_create(&memories[2], &product->out, engine, out);
    if (status == dnnl_success) status = dnnl_memory_create(&memories[3], &product->scratch, engine, scratch);
    if (status == dnnl_success) {
        const dnnl_exec_arg_t arguments[] = {
            {DNNL_ARG_SRC, memories[0]},
            {DNNL_ARG_WEIGHTS, memories[1]},
            {DNNL_ARG_DST, memories[2]},
            {DNNL_ARG_SCRATCHPAD, memories[3]},
        };
        status = dnnl_primitive_execute(product->primitive, stream, 4, arguments);
    }
    for (int i = 0; i < 4; i++)
        if (memories[i]) dnnl_memory_destroy(memories[i]);
    if (stream) dnnl_stream_destroy(stream);
    return (int)status;
}
