package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The codes of the rows of one index part, partition by partition.
///
/// Immutable and safe for use by many threads; the segments stay open as long as it is used.
public final class BinaryCodes {
  private static final ValueLayout.OfInt PARTITION =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int dimension;
  private final Rotation rotation;
  private final float[] rotatedMean;
  private final int[] partitionStart;
  private final long[] partitionOffset;
  private final MemorySegment groups;
  private final Optional<MemorySegment> records;

  /// @param rotatedMean the centre of the rows, rotated
  /// @param partitionStart first ordinal of each partition, then the number of ordinals
  /// @param groups as [CodeLayout] tells
  /// @param records as [CodeRecords] tells; empty where they are not kept
  /// @throws io.capsdb.io.CorruptFileException through `in` if the codes are not of these rows
  BinaryCodes(
      float[] rotatedMean,
      int[] partitionStart,
      MemorySegment groups,
      Optional<MemorySegment> records,
      CheckedReader in) {
    this.dimension = rotatedMean.length;
    this.rotation = new Rotation(dimension);
    this.rotatedMean = rotatedMean;
    this.partitionStart = partitionStart;
    this.partitionOffset = offsets(partitionStart, dimension);
    this.groups = groups;
    long bytes = partitionOffset[partitionOffset.length - 1];
    if (groups.byteSize() != bytes) {
      throw in.corrupt("codes of " + groups.byteSize() + " bytes instead of " + bytes);
    }
    this.records = records;
    if (records.isPresent()) {
      checkRecords(records.get(), in);
    }
  }

  /// Where each partition begins, in bytes, then the end.
  static long[] offsets(int[] partitionStart, int dimension) {
    long[] offsets = new long[partitionStart.length];
    for (int p = 0; p + 1 < partitionStart.length; p++) {
      int rows = partitionStart[p + 1] - partitionStart[p];
      offsets[p + 1] = offsets[p] + CodeLayout.groups(rows) * CodeLayout.groupBytes(dimension);
    }
    return offsets;
  }

  private void checkRecords(MemorySegment all, CheckedReader in) {
    int rows = partitionStart[partitionStart.length - 1];
    long recordBytes = (long) CodeRecords.lines(dimension) * CodeRecords.LINE_BYTES;
    if (all.byteSize() != rows * recordBytes) {
      throw in.corrupt(
          "code records of " + all.byteSize() + " bytes instead of " + rows * recordBytes);
    }
    for (int partition = 0; partition + 1 < partitionStart.length; partition++) {
      for (int row = partitionStart[partition]; row < partitionStart[partition + 1]; row++) {
        if (all.get(PARTITION, (row + 1) * recordBytes - 4) != partition) {
          throw in.corrupt("the code record of row " + row + " names another partition");
        }
      }
    }
  }

  /// Whether rows can be scored one by one.
  public boolean hasRecords() {
    return records.isPresent();
  }

  /// About how many nanoseconds it takes to score a row by its record.
  public double recordNanos() {
    return 4 + 13.0 * CodeRecords.lines(dimension);
  }

  /// About how many nanoseconds it takes to score a row of a scanned partition.
  public double scanNanos() {
    return 0.15 + 0.15 * CodeLayout.words(dimension);
  }

  /// Begins scoring rows one by one; only where [#hasRecords].
  ///
  /// @param centroidDistances squared distance of the query to the centroid of each partition
  public ListScan listScan(QueryCode query, float[] centroidDistances, float confidence) {
    return new ListScan(
        records.orElseThrow(() -> new IllegalStateException("there are no code records")),
        query,
        centroidDistances,
        confidence);
  }

  Rotation rotation() {
    return rotation;
  }

  float[] rotatedMean() {
    return rotatedMean;
  }

  /// Codes a query, which is compared with the rows of all partitions in that form.
  ///
  /// @param query of the dimension of the codes
  public QueryCode code(float[] query) {
    float[] rotated = query.clone();
    rotation.rotate(rotated);
    for (int i = 0; i < rotated.length; i++) {
      rotated[i] -= rotatedMean[i];
    }
    return QueryCode.of(rotated, CodeKernels.LOOPS);
  }

  /// Adds the rows of a partition whose lower bound is below a limit.
  ///
  /// @param centroidDistance squared distance of the query to the centroid of the partition
  /// @param confidence standard deviations of the estimate's error by which the bound is lower than
  ///     the estimate
  /// @param mask rows that may be hits: row `i` of the partition at bit `i & 63` of word `i >> 6`;
  ///     null where all may
  public void scan(
      QueryCode query,
      int partition,
      float centroidDistance,
      float confidence,
      float limit,
      long @Nullable [] mask,
      Candidates candidates) {
    int from = partitionStart[partition];
    int rows = partitionStart[partition + 1] - from;
    CodeKernels.LOOPS.scan(
        groups,
        partitionOffset[partition],
        rows,
        query,
        query.terms(centroidDistance, confidence, limit),
        mask,
        from,
        candidates);
  }
}
