package io.capsdb.embeddings.training;

import java.util.Arrays;
import java.util.SplittableRandom;

/// The rows of an epoch in their order, batch by batch. The order comes from the seed and the
/// number of the epoch alone, so that a run that goes on in the middle sees the same batches.
public final class Batches {
  private static final long EPOCH_STRIDE = 0x9E3779B97F4A7C15L;

  private final int[] order;
  private final int batchRows;

  private Batches(int[] order, int batchRows) {
    this.order = order;
    this.batchRows = batchRows;
  }

  /// @param rowCount at least 1
  /// @param batchRows rows of a batch, at least 1; the last one takes what is left
  public static Batches ofEpoch(long seed, int epoch, int rowCount, int batchRows) {
    int[] order = new int[rowCount];
    Arrays.setAll(order, i -> i);
    SplittableRandom random = new SplittableRandom(seed + EPOCH_STRIDE * (epoch + 1));
    for (int i = rowCount - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return new Batches(order, batchRows);
  }

  public static int count(int rowCount, int batchRows) {
    return (rowCount + batchRows - 1) / batchRows;
  }

  public int count() {
    return count(order.length, batchRows);
  }

  public int[] batch(int number) {
    int from = number * batchRows;
    return Arrays.copyOfRange(order, from, Math.min(order.length, from + batchRows));
  }
}
