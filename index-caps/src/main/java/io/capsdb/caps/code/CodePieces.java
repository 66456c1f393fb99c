package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Codes of rows that there are not, to time what it takes to score by them. Not for more than one
/// thread.
public final class CodePieces {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Rows of a partition.
  public static final int PARTITION = 512;

  /// Groups of a partition that a masked scan reaches: each by itself.
  public static final int MASKED_GROUPS = PARTITION / CodeLayout.GROUP / 4;

  /// No bound is below it: nothing is kept.
  private static final float NOTHING = -1e30f;

  private final BinaryCodes codes;
  private final QueryCode query;
  private final ListScan list;
  private final Candidates candidates = new Candidates();
  private final long[] mask = new long[PARTITION / 64];
  private final int partitions;
  private int next;

  /// @param bytes of codes, about; where they are more than caches hold, rows come from memory
  /// @param arena holds them
  public CodePieces(int dimension, long bytes, RandomGenerator random, Arena arena) {
    long partitionBytes = CodeLayout.groups(PARTITION) * CodeLayout.groupBytes(dimension);
    this.partitions = (int) Math.max(2, bytes / partitionBytes);
    int[] starts = new int[partitions + 1];
    Arrays.setAll(starts, partition -> partition * PARTITION);
    MemorySegment groups = arena.allocate(partitions * partitionBytes, 64);
    groups.fill((byte) 0x3f);
    int lines = CodeRecords.lines(dimension);
    MemorySegment records =
        arena.allocate((long) CodeRecords.LINE_BYTES * lines * partitions * PARTITION, 64);
    records.fill((byte) 0x3f);
    for (int row = 0; row < partitions * PARTITION; row++) {
      records.set(INT, (row + 1L) * lines * CodeRecords.LINE_BYTES - 4, row / PARTITION);
    }
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    this.codes =
        new BinaryCodes(
            new RotatedFrame(new Rotation(dimension), new float[dimension]),
            starts,
            new float[partitions][dimension],
            groups,
            Optional.of(records),
            new CheckedReader("codes", 0, MemorySegment.ofArray(new byte[0])));
    this.query = codes.code(vector);
    this.list = codes.listScan(query, new float[partitions], 3);
    Arrays.fill(mask, 1);
  }

  /// Rows that there are.
  public int rowCount() {
    return partitions * PARTITION;
  }

  /// Scans the next partition, which is not the one after.
  public void scan() {
    scan(null);
  }

  /// The same with a row in one group of four.
  public void scanMasked() {
    scan(mask);
  }

  private void scan(long @org.jspecify.annotations.Nullable [] rows) {
    // A step that has no divisor in common with most numbers: partitions come in no order.
    next = (int) ((next + 7_919L) % partitions);
    codes.scan(query, next, 1, 3, NOTHING, rows, candidates);
    candidates.clear();
  }

  /// Scores rows by their records.
  public void score(int[] ordinals, int from, int count) {
    list.score(ordinals, from, count, candidates);
    candidates.clear();
  }

  /// Words of 32 bits of a code.
  public static int words(int dimension) {
    return 2 * CodeLayout.words(dimension);
  }

  /// Rows of a group.
  public static int groupRows() {
    return CodeLayout.GROUP;
  }

  /// Cache lines of a record.
  public static int lines(int dimension) {
    return CodeRecords.lines(dimension);
  }
}
