// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// What this processor can do at most: multiply-adds a second in registers, and bytes read a second out of buffers.
//
//     machine-peak THREADS BYTES...
//
// Writes one JSON object: billions of operations a second (a multiply-add counts as two) with the best instructions
// that the processor has, and gigabytes a second for buffers of each size, which all threads share. Best of seven.

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

enum { trials = 7, accumulators = 12 };

typedef float Floats __attribute__((vector_size(16)));
typedef uint64_t Words __attribute__((vector_size(64)));

static volatile float sink;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

// MARK: Multiply-adds. Each function runs `count` times over its accumulators and says how many operations that were.

typedef double (*Kernel)(long count);

#if defined(__x86_64__)
#define REPEAT(macro) macro(0) macro(1) macro(2) macro(3) macro(4) macro(5) \
    macro(6) macro(7) macro(8) macro(9) macro(10) macro(11)

// The sources are hidden from the optimiser, which would otherwise compute the result beforehand.
#define KERNEL(name, features, vector, zero, source, step, operations) \
    __attribute__((target(features), noinline)) static double name(long count) { \
        vector a = source, b = source; \
        __asm__ volatile("" : "+x"(a), "+x"(b)); \
        vector sum[accumulators]; \
        for (int i = 0; i < accumulators; i++) sum[i] = zero; \
        for (long n = 0; n < count; n++) { \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < accumulators; i++) { sum[i] = step; } \
            __asm__ volatile("" : "+x"(a), "+x"(b)); \
        } \
        union { vector v; float f; } first; \
        for (int i = 0; i < accumulators; i++) { \
            first.v = sum[i]; \
            sink = first.f; \
        } \
        return (double)count * accumulators * (operations); \
    }

KERNEL(float512, "avx512f", __m512, _mm512_setzero_ps(), _mm512_set1_ps(0.5f), _mm512_fmadd_ps(a, b, sum[i]), 32)
KERNEL(float256, "avx2,fma", __m256, _mm256_setzero_ps(), _mm256_set1_ps(0.5f), _mm256_fmadd_ps(a, b, sum[i]), 16)
KERNEL(int512, "avx512f,avx512vnni", __m512i, _mm512_setzero_si512(), _mm512_set1_epi8(1),
       _mm512_dpbusd_epi32(sum[i], a, b), 128)
KERNEL(int256, "avx2", __m256i, _mm256_setzero_si256(), _mm256_set1_epi8(1),
       _mm256_add_epi32(sum[i], _mm256_madd_epi16(_mm256_maddubs_epi16(a, b), a)), 64)

__attribute__((target("avx512f,avx512bf16"), noinline)) static double brain512(long count) {
    __m512 one = _mm512_set1_ps(0.5f);
    __m512bh a = _mm512_cvtne2ps_pbh(one, one), b = a;
    __m512 sum[accumulators];
    for (int i = 0; i < accumulators; i++) sum[i] = _mm512_setzero_ps();
    for (long n = 0; n < count; n++) {
        _Pragma("clang loop unroll(full)") for (int i = 0; i < accumulators; i++) {
            sum[i] = _mm512_dpbf16_ps(sum[i], a, b);
        }
        __asm__ volatile("" : "+x"(a), "+x"(b));
    }
    for (int i = 0; i < accumulators; i++) sink = _mm512_reduce_add_ps(sum[i]);
    return (double)count * accumulators * 64;
}

// Intel AMX: tiles of 16 rows of 64 bytes; four sums, so that none waits for itself.
struct TileShape {
    uint8_t palette, first;
    uint8_t reserved[14];
    uint16_t rowBytes[16];
    uint8_t rows[16];
};

__attribute__((target("amx-tile"))) static void beginTiles(void) {
    struct TileShape shape __attribute__((aligned(64)));
    memset(&shape, 0, sizeof shape);
    shape.palette = 1;
    for (int tile = 0; tile < 8; tile++) {
        shape.rowBytes[tile] = 64;
        shape.rows[tile] = 16;
    }
    _tile_loadconfig(&shape);
    _tile_zero(0); _tile_zero(1); _tile_zero(2); _tile_zero(3);
    _tile_zero(4); _tile_zero(5); _tile_zero(6); _tile_zero(7);
}

__attribute__((target("amx-tile,amx-int8"), noinline)) static double intTiles(long count) {
    beginTiles();
    for (long n = 0; n < count; n++) {
        _tile_dpbusd(0, 4, 6);
        _tile_dpbusd(1, 4, 7);
        _tile_dpbusd(2, 5, 6);
        _tile_dpbusd(3, 5, 7);
    }
    _tile_release();
    return (double)count * 4 * 2 * 16 * 16 * 64;
}

__attribute__((target("amx-tile,amx-bf16"), noinline)) static double brainTiles(long count) {
    beginTiles();
    for (long n = 0; n < count; n++) {
        _tile_dpbf16ps(0, 4, 6);
        _tile_dpbf16ps(1, 4, 7);
        _tile_dpbf16ps(2, 5, 6);
        _tile_dpbf16ps(3, 5, 7);
    }
    _tile_release();
    return (double)count * 4 * 2 * 16 * 16 * 32;
}

// The kernel gives tiles only to those who ask (arch_prctl ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA).
static int hasTiles(void) {
    enum { requestPermission = 0x1023, tileData = 18 };
    return __builtin_cpu_supports("amx-tile") && syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
}
#else
__attribute__((noinline)) static double floatPortable(long count) {
    Floats a = {0.5f, 0.5f, 0.5f, 0.5f}, b = a, sum[accumulators] = {{0}};
    for (long n = 0; n < count; n++) {
        for (int i = 0; i < accumulators; i++) sum[i] += a * b;
        __asm__ volatile("" : "+w"(a), "+w"(b));
    }
    for (int i = 0; i < accumulators; i++) sink = sum[i][0];
    return (double)count * accumulators * 8;
}
#endif

// MARK: Reading

// Several streams at once, and lines asked for well before they are needed: one stream alone leaves the memory waiting.
static inline __attribute__((always_inline)) uint64_t readAll(const char *start, size_t bytes, size_t streams) {
    enum { ahead = 32 };
    Words a = {0}, b = a, c = a, d = a;
    size_t length = bytes / streams / sizeof(Words);
    for (size_t i = 0; i + 4 <= length; i += 4) {
        for (size_t stream = 0; stream < streams; stream++) {
            const Words *words = (const Words *)start + stream * length + i;
            for (int line = 0; line < 4; line++) __builtin_prefetch(words + line + ahead);
            a ^= words[0];
            b ^= words[1];
            c ^= words[2];
            d ^= words[3];
        }
    }
    a ^= b ^ c ^ d;
    return a[0] ^ a[1] ^ a[2] ^ a[3] ^ a[4] ^ a[5] ^ a[6] ^ a[7];
}

typedef uint64_t (*Reader)(const char *, size_t, size_t);
static uint64_t readPortable(const char *start, size_t bytes, size_t streams) { return readAll(start, bytes, streams); }
#if defined(__x86_64__)
__attribute__((target("avx2"))) static uint64_t read256(const char *start, size_t bytes, size_t streams) {
    return readAll(start, bytes, streams);
}
__attribute__((target("avx512f"))) static uint64_t read512(const char *start, size_t bytes, size_t streams) {
    return readAll(start, bytes, streams);
}
#endif

// MARK: Threads

struct Team {
    pthread_barrier_t barrier;
    int threads;
    Kernel kernel;
    Reader reader;
    long count;
    const char *memory;
    size_t bytes, streams;
    double work;
};

struct Member {
    struct Team *team;
    int number;
};

static void work(struct Team *team, int number) {
    if (team->kernel) {
        double operations = team->kernel(team->count);
        if (number == 0) team->work = operations * team->threads;
        return;
    }
    size_t share = team->bytes / (size_t)team->threads / 4096 * 4096;
    uint64_t sum = 0;
    for (long n = 0; n < team->count; n++) {
        sum ^= team->reader(team->memory + (size_t)number * share, share, team->streams);
        __asm__ volatile("" : : : "memory");
    }
    sink = (float)sum;
    if (number == 0) team->work = (double)share * team->threads * (double)team->count;
}

static void *member(void *argument) {
    struct Member *self = argument;
    for (int n = 0; n < trials; n++) {
        pthread_barrier_wait(&self->team->barrier);
        work(self->team, self->number);
        pthread_barrier_wait(&self->team->barrier);
    }
    return NULL;
}

// Billions of operations or bytes a second, the best of the trials.
static double rate(struct Team *team) {
    pthread_t threads[256];
    struct Member members[256];
    pthread_barrier_init(&team->barrier, NULL, (unsigned)team->threads);
    for (int i = 1; i < team->threads; i++) {
        members[i] = (struct Member){team, i};
        if (pthread_create(&threads[i], NULL, member, &members[i]) != 0) exit(1);
    }
    double best = 0;
    for (int n = 0; n < trials; n++) {
        pthread_barrier_wait(&team->barrier);
        double start = seconds();
        work(team, 0);
        pthread_barrier_wait(&team->barrier);
        double now = team->work / (seconds() - start) * 1e-9;
        if (now > best) best = now;
    }
    for (int i = 1; i < team->threads; i++) pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&team->barrier);
    return best;
}

static double kernelRate(Kernel kernel, int threads) {
    double start = seconds();
    long count = 100000;
    kernel(count);
    // About 60 ms a trial.
    double each = (seconds() - start) / (double)count;
    struct Team team = {.threads = threads, .kernel = kernel, .count = (long)(0.06 / each) + 1};
    return rate(&team);
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    if (threads < 1 || threads > 256) {
        fprintf(stderr, "usage: machine-peak THREADS BYTES...\n");
        return 64;
    }
    struct {
        const char *name, *instructions;
        Kernel kernel;
    } kinds[3] = {{"f32", "", NULL}, {"bf16", "", NULL}, {"int8", "", NULL}};
    Reader reader = readPortable;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) {
        reader = read256;
        kinds[0].kernel = float256, kinds[0].instructions = "AVX2";
        kinds[2].kernel = int256, kinds[2].instructions = "AVX2";
    }
    if (__builtin_cpu_supports("avx512f")) {
        reader = read512;
        kinds[0].kernel = float512, kinds[0].instructions = "AVX-512";
        if (__builtin_cpu_supports("avx512vnni")) kinds[2].kernel = int512, kinds[2].instructions = "AVX-512 VNNI";
        if (__builtin_cpu_supports("avx512bf16")) kinds[1].kernel = brain512, kinds[1].instructions = "AVX-512 BF16";
    }
    if (hasTiles()) {
        if (__builtin_cpu_supports("amx-bf16")) kinds[1].kernel = brainTiles, kinds[1].instructions = "AMX";
        if (__builtin_cpu_supports("amx-int8")) kinds[2].kernel = intTiles, kinds[2].instructions = "AMX";
    }
#else
    kinds[0].kernel = floatPortable, kinds[0].instructions = "vectors of 16 bytes";
#endif
    printf("{\"threads\": %d", threads);
    for (int i = 0; i < 3; i++) {
        if (!kinds[i].kernel) continue;
        printf(", \"%s\": {\"instructions\": \"%s\", \"gops\": %.1f}", kinds[i].name, kinds[i].instructions,
               kernelRate(kinds[i].kernel, threads));
    }
    printf(", \"read\": {");
    for (int i = 2; i < argc; i++) {
        size_t bytes = (size_t)strtoull(argv[i], NULL, 10) / 4096 * 4096;
        char *memory = bytes ? aligned_alloc(4096, bytes) : NULL;
        if (!memory) return 1;
        memset(memory, 1, bytes);
        double best = 0;
        for (size_t streams = 1; streams <= 8; streams *= 2) {
            struct Team team = {.threads = threads, .reader = reader, .memory = memory, .bytes = bytes,
                                .streams = streams, .count = (long)((128u << 20) / bytes) + 1};
            double now = rate(&team);
            if (now > best) best = now;
        }
        printf("%s\"%s\": %.1f", i > 2 ? ", " : "", argv[i], best);
        free(memory);
    }
    printf("}}\n");
    return 0;
}
