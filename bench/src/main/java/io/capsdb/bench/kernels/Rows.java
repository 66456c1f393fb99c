package io.capsdb.bench.kernels;

import io.capsdb.vector.Floats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/// Native memory full of floats, and how much of it is in cache or beyond.
final class Rows {
  /// Beyond the caches of a processor.
  static final long MEMORY_BYTES = 1L << 30;

  private static final int PATTERN = 1 << 20;

  private Rows() {}

  static float[] gaussian(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /// Of whole megabytes of floats, one megabyte after the other.
  static MemorySegment fill(Arena arena, long bytes) {
    MemorySegment segment = arena.allocate(bytes, 64);
    float[] pattern = gaussian(new SplittableRandom(1), PATTERN / Float.BYTES);
    for (long at = 0; at < bytes; at += PATTERN) {
      int count = (int) Math.min(pattern.length, (bytes - at) / Float.BYTES);
      MemorySegment.copy(pattern, 0, segment, Floats.LITTLE_ENDIAN, at, count);
    }
    return segment;
  }
}
