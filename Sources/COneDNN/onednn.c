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

struct OracyProductRun {
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    dnnl_memory_t memories[4];
};

void oracy_productRunDestroy(OracyProductRun *run) {
    for (int i = 0; i < 4; i++)
        if (run->memories[i]) dnnl_memory_destroy(run->memories[i]);
    if (run->stream) dnnl_stream_destroy(run->stream);
    free(run);
}

OracyProductRun *oracy_productRunCreate(const OracyProduct *product) {
    OracyProductRun *run = calloc(1, sizeof *run);
    if (!run) return NULL;
    run->primitive = product->primitive;
    const dnnl_memory_desc_t *descriptions[] = {&product->rows, &product->packed, &product->out, &product->scratch};
    dnnl_status_t status = dnnl_stream_create(&run->stream, engine, dnnl_stream_default_flags);
    for (int i = 0; i < 4 && status == dnnl_success; i++)
        status = dnnl_memory_create(&run->memories[i], descriptions[i], engine, DNNL_MEMORY_NONE);
    if (status == dnnl_success) return run;
    oracy_productRunDestroy(run);
    return NULL;
}

int oracy_productRun(OracyProductRun *run, const void *rows, const void *packed, void *out, void *scratch) {
    stayOnThisThread();
    static const int names[] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD};
    void *const addresses[] = {(void *)rows, (void *)packed, out, scratch};
    dnnl_exec_arg_t arguments[4];
    for (int i = 0; i < 4; i++) {
        // The library writes zeros over a packed matrix's padding here, which is zero already: other threads that read
        // it meanwhile see nothing else.
        dnnl_status_t status = dnnl_memory_set_data_handle(run->memories[i], addresses[i]);
        if (status != dnnl_success) return (int)status;
        arguments[i] = (dnnl_exec_arg_t){names[i], run->memories[i]};
    }
    return (int)dnnl_primitive_execute(run->primitive, run->stream, 4, arguments);
}
