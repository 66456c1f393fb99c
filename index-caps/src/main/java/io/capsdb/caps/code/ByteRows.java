package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Rows in partitions, a byte for each value. Immutable and safe for use by many threads.
///
/// Each partition has a step of its own, the same for all values so that differences of codes need
/// no weights, and for each value what code 0 stands for. All its rows are inside of what can be
/// coded, so no row is cut; a query that lies outside is moved to the nearest point inside, which
/// makes no row farther, and how far it was moved is added to the bound.
///
/// As bytes, little-endian: the number of values, int32, and two runs of float32 with their
/// lengths, the step of each partition and the value of code 0, partition by partition. Rows that
/// no step can part have an infinite one: their vectors are read.
final class ByteRows {
  /// Of the 127 steps those that the widest value of a partition spans; the others are for queries
  /// beside it.
  private static final int STEPS = 112;

  /// Wider partitions would let sums overflow.
  private static final double MOST_WIDTH = 1e30;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int dimension;
  private final boolean isManhattan;
  private final int[] partitionStart;
  private final long[] partitionOffset;
  private final float[] steps;
  private final float[] lows;
  private final MemorySegment groups;

  private ByteRows(
      int dimension,
      boolean isManhattan,
      int[] partitionStart,
      float[] steps,
      float[] lows,
      MemorySegment groups) {
    this.dimension = dimension;
    this.isManhattan = isManhattan;
    this.partitionStart = partitionStart;
    this.partitionOffset = offsets(partitionStart, dimension);
    this.steps = steps;
    this.lows = lows;
    this.groups = groups;
  }

  private static long[] offsets(int[] partitionStart, int dimension) {
    long[] offsets = new long[partitionStart.length];
    for (int p = 0; p + 1 < partitionStart.length; p++) {
      int rows = partitionStart[p + 1] - partitionStart[p];
      offsets[p + 1] = offsets[p] + CodeLayout.groups(rows) * ByteLayout.groupBytes(dimension);
    }
    return offsets;
  }

  /// Codes all rows, on all processors.
  ///
  /// @param rows the row at an ordinal; not changed
  static ByteRows encode(
      int dimension, boolean isManhattan, int[] partitionStart, IntFunction<float[]> rows) {
    int partitions = partitionStart.length - 1;
    long[] offsets = offsets(partitionStart, dimension);
    MemorySegment groups =
        Arena.ofAuto()
            .allocate(Math.max(64, offsets[partitions]), 64)
            .asSlice(0, offsets[partitions]);
    float[] steps = new float[partitions];
    float[] lows = new float[partitions * ByteLayout.padded(dimension)];
    ByteRows coded = new ByteRows(dimension, isManhattan, partitionStart, steps, lows, groups);
    IntStream.range(0, partitions).parallel().forEach(p -> coded.encodePartition(p, rows));
    return coded;
  }

  private void encodePartition(int partition, IntFunction<float[]> rows) {
    int from = partitionStart[partition];
    float[][] own = new float[partitionStart[partition + 1] - from][];
    for (int row = 0; row < own.length; row++) {
      own[row] = rows.apply(from + row);
    }
    fit(partition, own);
    if (!isParted(partition)) {
      return;
    }
    int padded = ByteLayout.padded(dimension);
    int[] words = new int[padded / 4];
    float[] beyond = new float[CodeLayout.GROUP];
    for (int row = 0; row < own.length; row++) {
      float[] filled = Arrays.copyOf(own[row], padded);
      ByteKernels.LOOPS.code(
          filled, lows, partition * padded, steps[partition], isManhattan, words, beyond);
      long at = ByteLayout.address(partitionOffset[partition], row, words.length);
      for (int word = 0; word < words.length; word++) {
        groups.set(INT, at + (long) ByteLayout.ROW_OF_WORDS * word, words[word]);
      }
    }
  }

  /// Chooses the step and what code 0 stands for: values in the middle of what can be coded.
  private void fit(int partition, float[][] own) {
    double[] least = new double[dimension];
    double[] most = new double[dimension];
    double width = 0;
    for (int i = 0; i < dimension; i++) {
      least[i] = Double.POSITIVE_INFINITY;
      most[i] = Double.NEGATIVE_INFINITY;
      for (float[] row : own) {
        least[i] = Math.min(least[i], row[i]);
        most[i] = Math.max(most[i], row[i]);
      }
      width = own.length == 0 ? 0 : Math.max(width, most[i] - least[i]);
    }
    if (!(width < MOST_WIDTH)) {
      steps[partition] = Float.POSITIVE_INFINITY;
      return;
    }
    float step = (float) Math.max(width / STEPS, ByteLayout.LEAST_STEP);
    steps[partition] = step;
    for (int i = 0; i < dimension && own.length > 0; i++) {
      lows[partition * ByteLayout.padded(dimension) + i] =
          (float) ((least[i] + most[i]) / 2 - ByteLayout.MOST_CODE / 2.0 * step);
    }
  }

  int dimension() {
    return dimension;
  }

  boolean isManhattan() {
    return isManhattan;
  }

  MemorySegment groups() {
    return groups;
  }

  /// Whether the rows of a partition differ by steps that can be counted.
  boolean isParted(int partition) {
    return steps[partition] < Float.POSITIVE_INFINITY;
  }

  /// Adds the rows of a partition whose lower bound is below a limit.
  ///
  /// @param query filled up with zeros to the values of all words
  /// @param words room for its code
  /// @param beyond 16 places
  void scan(
      float[] query,
      int[] words,
      float[] beyond,
      int partition,
      float confidence,
      float limit,
      long @Nullable [] mask,
      Candidates candidates) {
    int from = partitionStart[partition];
    int rows = partitionStart[partition + 1] - from;
    if (!isParted(partition)) {
      addAll(from, rows, mask, candidates);
      return;
    }
    float step = steps[partition];
    Arrays.fill(beyond, 0);
    ByteKernels.LOOPS.code(query, lows, partition * query.length, step, isManhattan, words, beyond);
    float base = 0;
    for (float part : beyond) {
      base += part;
    }
    ByteTerms terms = ByteTerms.of(isManhattan, dimension, step, base, confidence, limit);
    if (terms.isEmpty()) {
      return;
    }
    ByteKernels.LOOPS.scan(
        groups, partitionOffset[partition], rows, words, terms, mask, from, candidates);
  }

  private static void addAll(int from, int rows, long @Nullable [] mask, Candidates candidates) {
    candidates.reserve(rows);
    for (int row = 0; row < rows; row++) {
      if (mask == null || (mask[row >> 6] >>> row & 1) != 0) {
        candidates.add(from + row, Float.NEGATIVE_INFINITY);
      }
    }
  }

  void writeSteps(CheckedWriter out) {
    out.writeInt(dimension);
    out.writeFloats(steps);
    out.writeFloats(lows);
  }

  /// @param groups of the same rows
  static ByteRows read(
      CheckedReader in,
      int dimension,
      boolean isManhattan,
      int[] partitionStart,
      MemorySegment groups) {
    int written = in.readInt();
    if (written != dimension) {
      throw in.corrupt("codes of dimension " + written + ", not " + dimension);
    }
    float[] steps = in.readFloats();
    float[] lows = in.readFloats();
    if (steps.length != partitionStart.length - 1
        || lows.length != steps.length * ByteLayout.padded(dimension)) {
      throw in.corrupt(
          "steps of " + steps.length + " partitions instead of " + (partitionStart.length - 1));
    }
    for (float step : steps) {
      if (!(step >= ByteLayout.LEAST_STEP)) {
        throw in.corrupt("a step of " + step);
      }
    }
    for (float low : lows) {
      if (!Float.isFinite(low)) {
        throw in.corrupt("code 0 stands for " + low);
      }
    }
    ByteRows rows = new ByteRows(dimension, isManhattan, partitionStart, steps, lows, groups);
    long bytes = rows.partitionOffset[steps.length];
    if (groups.byteSize() != bytes) {
      throw in.corrupt("codes of " + groups.byteSize() + " bytes instead of " + bytes);
    }
    return rows;
  }
}
