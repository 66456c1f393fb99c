package io.capsdb.caps.code;

import io.capsdb.index.CostModel;
import io.capsdb.index.QueryMemo;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.PartReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Codes of signs, partition by partition.
public final class BinaryCodes implements RowCodes {
  private static final ValueLayout.OfInt PARTITION =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final SignFrame frame;
  private final int bits;
  private final int[] partitionStart;
  private final long[] partitionOffset;
  private final MemorySegment groups;
  private final Optional<MemorySegment> records;
  private final CentroidCodes centroids;

  /// @param partitionStart first ordinal of each partition, then the number of ordinals
  /// @param groups as [CodeLayout] tells
  /// @param records as [CodeRecords] tells; empty where they are not kept
  /// @throws io.capsdb.io.CorruptFileException through `in` if the codes are not of these rows
  BinaryCodes(
      SignFrame frame,
      int[] partitionStart,
      float[][] centroids,
      MemorySegment groups,
      Optional<MemorySegment> records,
      CheckedReader in) {
    this.frame = frame;
    this.bits = frame.bits();
    this.partitionStart = partitionStart;
    this.partitionOffset = offsets(partitionStart, bits);
    this.groups = groups;
    long bytes = partitionOffset[partitionOffset.length - 1];
    if (groups.byteSize() != bytes) {
      throw in.corrupt("codes of " + groups.byteSize() + " bytes instead of " + bytes);
    }
    this.records = records;
    if (records.isPresent()) {
      checkRecords(records.get(), in);
    }
    this.centroids = CentroidCodes.of(centroids, frame);
  }

  /// Opens what [CodeWriter] wrote.
  ///
  /// @param isFormer whether they lie as [FormerLayout] tells
  /// @param in the part of the frame, for errors
  static BinaryCodes read(
      SignFrame frame,
      boolean isFormer,
      PartReader parts,
      int[] partitionStart,
      float[][] centroids,
      CheckedReader in) {
    MemorySegment groups = parts.segment(CodeParts.CODES);
    return new BinaryCodes(
        frame,
        partitionStart,
        centroids,
        isFormer ? FormerLayout.convert(groups, frame.bits(), in) : groups,
        parts.has(CodeParts.RECORDS)
            ? Optional.of(parts.segment(CodeParts.RECORDS))
            : Optional.empty(),
        in);
  }

  /// Where each partition begins, in bytes, then the end.
  static long[] offsets(int[] partitionStart, int bits) {
    long[] offsets = new long[partitionStart.length];
    for (int p = 0; p + 1 < partitionStart.length; p++) {
      int rows = partitionStart[p + 1] - partitionStart[p];
      offsets[p + 1] = offsets[p] + CodeLayout.groups(rows) * CodeLayout.groupBytes(bits);
    }
    return offsets;
  }

  private void checkRecords(MemorySegment all, CheckedReader in) {
    int rows = partitionStart[partitionStart.length - 1];
    long recordBytes = (long) CodeRecords.lines(bits) * CodeRecords.LINE_BYTES;
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

  @Override
  public String name() {
    return frame.name();
  }

  @Override
  public boolean hasRecords() {
    return records.isPresent();
  }

  @Override
  public double recordNanos(CostModel costs) {
    return costs.recordNanos(CodeRecords.lines(bits));
  }

  @Override
  public double scanNanos(CostModel costs) {
    return costs.scanNanos(2 * CodeLayout.words(bits));
  }

  /// Begins scoring rows one by one; only where [#hasRecords].
  ///
  /// @param centroidDistances squared distance of the query to the centroid of each partition
  ListScan listScan(QueryCode query, float[] centroidDistances, float confidence) {
    return new ListScan(
        records.orElseThrow(() -> new IllegalStateException("there are no code records")),
        query,
        centroidDistances,
        confidence);
  }

  @Override
  public CodedQuery query(float[] query, float confidence, QueryMemo memo) {
    return new BinaryQuery(this, memo.get(frame, QueryCode.class, () -> code(query)), confidence);
  }

  @Override
  public Optional<RowRanking> ranking(float[] query, QueryMemo memo) {
    if (!(frame instanceof ProjectedFrame learned)) {
      return RowCodes.super.ranking(query, memo);
    }
    return learned
        .signed(query)
        .map(signed -> new AgreementRanking(groups, partitionStart, partitionOffset, signed));
  }

  CentroidCodes centroids() {
    return centroids;
  }

  QueryCode code(float[] query) {
    return frame.code(query);
  }

  SignFrame frame() {
    return frame;
  }

  /// Adds the rows of a partition whose lower bound is below a limit.
  ///
  /// @param centroidDistance squared distance of the query to the centroid of the partition
  /// @param confidence standard deviations of the estimate's error by which the bound is lower than
  ///     the estimate
  /// @param mask rows that may be hits: row `i` of the partition at bit `i & 63` of word `i >> 6`;
  ///     null where all may
  void scan(
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
