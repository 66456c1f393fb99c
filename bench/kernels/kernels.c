// The work of the kernels in plain C, as loops that a compiler turns into vector instructions: what the vector loops of
// Java are measured against. One line for each measurement: name, dimension, nanoseconds a row.
//
// Each is the median of short steps, as in the part in Java.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
  BLOCK_ROWS = 32,
  GROUP = 16,
  CACHE_ROWS = 8192,   // of a scan in cache
  MEMORY_ROWS = 2048,  // of a step over rows from memory
  SCAN_ROWS = 65536,   // of a step over codes from memory
  READ_ROW = 4096,     // bytes that count as a row where memory is only read
  PIECE_BYTES = 1 << 20,
  MOST_DIMENSION = 768,
  MOST_TIMES = 200000
};

static const size_t MEMORY_BYTES = (size_t)1 << 30; // beyond the caches
static const double NANOS = 5e8;                    // of each measurement

static volatile float sink;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void squared_l2(const float *query, const float *rows, int dimension, long count, float *out) {
  for (long r = 0; r < count; r++, rows += dimension) {
    float sum = 0;
    for (int i = 0; i < dimension; i++) sum += (query[i] - rows[i]) * (query[i] - rows[i]);
    out[r % BLOCK_ROWS] = sum;
  }
}

static void dot(const float *query, const float *rows, int dimension, long count, float *out) {
  for (long r = 0; r < count; r++, rows += dimension) {
    float sum = 0;
    for (int i = 0; i < dimension; i++) sum += query[i] * rows[i];
    out[r % BLOCK_ROWS] = -sum;
  }
}

static void manhattan(const float *query, const float *rows, int dimension, long count, float *out) {
  for (long r = 0; r < count; r++, rows += dimension) {
    float sum = 0;
    for (int i = 0; i < dimension; i++) sum += __builtin_fabsf(query[i] - rows[i]);
    out[r % BLOCK_ROWS] = sum;
  }
}

// Groups of 16 rows: words of the code, word by word, then f and g; see CodeLayout in index-caps.
static inline long scan_words(const char *groups, long count, const uint32_t *planes, int words, float limit, int *found) {
  long kept = 0;
  for (long g = 0; g < count; g++, groups += 64L * (words + 2)) {
    const uint32_t *code = (const uint32_t *)groups;
    const float *f = (const float *)(groups + 64L * words);
    int s0[GROUP] = {0}, s1[GROUP] = {0}, s2[GROUP] = {0}, s3[GROUP] = {0};
    for (int w = 0; w < words; w++) {
      uint32_t p0 = planes[4 * w], p1 = planes[4 * w + 1], p2 = planes[4 * w + 2], p3 = planes[4 * w + 3];
      for (int lane = 0; lane < GROUP; lane++) {
        uint32_t x = code[w * GROUP + lane];
        s0[lane] += __builtin_popcount(x ^ p0);
        s1[lane] += __builtin_popcount(x ^ p1);
        s2[lane] += __builtin_popcount(x ^ p2);
        s3[lane] += __builtin_popcount(x ^ p3);
      }
    }
    float bound[GROUP];
    int near = 0;
    for (int lane = 0; lane < GROUP; lane++) {
      int s = s0[lane] + 2 * s1[lane] + 4 * (s2[lane] + 2 * s3[lane]);
      bound[lane] = ((float)s * 0.01f - 1) * f[lane] + f[GROUP + lane];
      near |= bound[lane] < limit;
    }
    if (near) {
      for (int lane = 0; lane < GROUP; lane++) {
        if (bound[lane] < limit) found[kept++ % CACHE_ROWS] = (int)(g * GROUP + lane);
      }
    }
  }
  return kept;
}

// The number of words as a constant, so that the compiler may unroll.
static long scan(const char *groups, long count, const uint32_t *planes, int words, float limit, int *found) {
  switch (words) {
    case 4: return scan_words(groups, count, planes, 4, limit, found);
    case 12: return scan_words(groups, count, planes, 12, limit, found);
    case 24: return scan_words(groups, count, planes, 24, limit, found);
    default: return scan_words(groups, count, planes, words, limit, found);
  }
}

typedef void (*distance)(const float *, const float *, int, long, float *);

// What is measured, on the bytes at `at`; answers the number of rows.
typedef struct {
  distance kernel;
  int dimension;
  const float *query;
  const uint32_t *planes;
  int *found;
} work;

typedef long (*step)(const work *, const char *at, size_t bytes);

static long distances(const work *w, const char *at, size_t bytes) {
  float out[BLOCK_ROWS];
  long rows = (long)(bytes / 4 / (size_t)w->dimension);
  w->kernel(w->query, (const float *)at, w->dimension, rows, out);
  sink = out[0];
  return rows;
}

static long codes(const work *w, const char *at, size_t bytes) {
  int words = w->dimension / 32;
  long groups = (long)(bytes / (size_t)(64 * (words + 2)));
  sink = (float)scan(at, groups, w->planes, words, -1e30f, w->found);
  return groups * GROUP;
}

static long read_all(const work *w, const char *at, size_t bytes) {
  (void)w;
  const float *values = (const float *)at;
  float sum = 0;
  for (size_t i = 0; i < bytes / 4; i++) sum += values[i];
  sink = sum;
  return (long)(bytes / READ_ROW);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// The median of steps over the same bytes, or over all of the memory, piece by piece.
static void measure(const char *name, step of, const work *w, const char *memory, size_t bytes, int from_memory) {
  static double times[MOST_TIMES];
  int count = 0;
  size_t at = 0;
  int repeats = from_memory ? 1 : 1 + (int)(200000 / bytes);
  for (double end = now() + NANOS; count < MOST_TIMES && now() < end; count++) {
    long rows = 0;
    double begin = now();
    for (int i = 0; i < repeats; i++) rows += of(w, memory + at, bytes);
    times[count] = (now() - begin) / (double)rows;
    at = from_memory && at + 2 * bytes <= MEMORY_BYTES ? at + bytes : 0;
  }
  qsort(times, (size_t)count, sizeof(double), ascending);
  printf("%s %d %.4f\n", name, w->dimension, times[count / 2]);
}

int main(void) {
  char *memory = aligned_alloc(64, MEMORY_BYTES);
  int *found = malloc(CACHE_ROWS * sizeof(int));
  if (!memory || !found) return 1;
  for (size_t i = 0; i < MEMORY_BYTES / 4; i++) ((float *)memory)[i] = (float)(i * 2654435761u >> 8 & 1023) - 512;
  float query[MOST_DIMENSION];
  uint32_t planes[4 * MOST_DIMENSION / 32];
  for (int i = 0; i < MOST_DIMENSION; i++) query[i] = (float)(i % 7) - 3;
  for (int i = 0; i < 4 * MOST_DIMENSION / 32; i++) planes[i] = (uint32_t)rand() * 2654435761u;
  work w = {squared_l2, READ_ROW / 4, query, planes, found};
  measure("read-memory", read_all, &w, memory, PIECE_BYTES, 1);
  int dimensions[] = {128, 384, MOST_DIMENSION};
  distance kernels[] = {squared_l2, dot, manhattan};
  const char *block[] = {"EUCLID-block", "DOT-block", "MANHATTAN-block"};
  const char *sequential[] = {"EUCLID-memory", "DOT-memory", "MANHATTAN-memory"};
  for (int i = 0; i < 3; i++) {
    w.dimension = dimensions[i];
    for (int k = 0; k < 3; k++) {
      w.kernel = kernels[k];
      measure(block[k], distances, &w, memory, 4 * (size_t)w.dimension * BLOCK_ROWS, 0);
      measure(sequential[k], distances, &w, memory, 4 * (size_t)w.dimension * MEMORY_ROWS, 1);
    }
    size_t group = 64 * (size_t)(w.dimension / 32 + 2);
    measure("scan-cache", codes, &w, memory, CACHE_ROWS / GROUP * group, 0);
    measure("scan-memory", codes, &w, memory, SCAN_ROWS / GROUP * group, 1);
  }
  return 0;
}
