package io.capsdb.caps.code;

import io.capsdb.index.TopK;
import java.lang.foreign.MemorySegment;

/// By the inner product of the projected query with the signs of a row: what learned codes are
/// trained to rank by. Where there are fewer bits than values it tells neighbours apart better than
/// an estimate of the distance, which every row corrects by numbers of its own.
///
/// A table holds the sum of each byte of a code, so that a row costs one addition for eight bits.
final class AgreementRanking implements RowRanking {
  private static final int BYTES = 8;
  private static final int VALUES = 256;

  private final MemorySegment groups;
  private final int[] partitionStart;
  private final long[] partitionOffset;
  private final int bits;
  private final float[] sums;

  /// @param groups as [CodeLayout] tells
  /// @param partitionOffset where each partition begins, in bytes
  /// @param projected the query as the signs of rows are taken of them
  AgreementRanking(
      MemorySegment groups, int[] partitionStart, long[] partitionOffset, float[] projected) {
    this.groups = groups;
    this.partitionStart = partitionStart;
    this.partitionOffset = partitionOffset;
    this.bits = projected.length;
    this.sums = sums(projected);
  }

  private static float[] sums(float[] projected) {
    int bytes = BYTES * CodeLayout.words(projected.length);
    float[] sums = new float[VALUES * bytes];
    for (int at = 0; at < bytes; at++) {
      for (int value = 0; value < VALUES; value++) {
        float sum = 0;
        for (int bit = 0; bit < 8 && 8 * at + bit < projected.length; bit++) {
          float along = projected[8 * at + bit];
          sum += (value >>> bit & 1) != 0 ? along : -along;
        }
        sums[VALUES * at + value] = sum;
      }
    }
    return sums;
  }

  @Override
  public void offer(int partition, float centroidDistance, long[] mask, TopK top) {
    int from = partitionStart[partition];
    int rowCount = partitionStart[partition + 1] - from;
    for (int word = 0; word << 6 < rowCount; word++) {
      for (long left = mask[word]; left != 0; left &= left - 1) {
        int row = (word << 6) + Long.numberOfTrailingZeros(left);
        long at = CodeLayout.address(partitionOffset[partition], row, bits);
        top.offer(-agreement(at), from + row);
      }
    }
  }

  private float agreement(long at) {
    float sum = 0;
    for (int word = 0; word < CodeLayout.words(bits); word++) {
      long code = Corrections.word(groups, at, word);
      int table = VALUES * BYTES * word;
      for (int i = 0; i < BYTES; i++) {
        sum += sums[table + VALUES * i + (int) (code >>> (8 * i) & 0xff)];
      }
    }
    return sum;
  }
}
