package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The plain loops.
final class ScalarByteLoops implements ByteLoops {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public void code(
      float[] vector,
      float[] low,
      int at,
      float step,
      boolean isManhattan,
      int[] words,
      float[] beyond) {
    codeFrom(0, vector, low, at, step, isManhattan, words, beyond);
  }

  /// The words from `first` on.
  static void codeFrom(
      int first,
      float[] vector,
      float[] low,
      int at,
      float step,
      boolean isManhattan,
      int[] words,
      float[] beyond) {
    float inverse = 1 / step;
    float span = ByteLayout.MOST_CODE * step;
    for (int word = first; word < words.length; word++) {
      int code = 0;
      for (int p = 0; p < 4; p++) {
        int i = p * words.length + word;
        float above = vector[i] - low[at + i];
        float inside = Math.clamp(above * inverse, 0f, ByteLayout.MOST_CODE);
        float outside = Math.max(Math.max(above - span, -above), 0f);
        beyond[word % CodeLayout.GROUP] += isManhattan ? outside : outside * outside;
        code |= (int) (inside + 0.5f) << (8 * p);
      }
      words[word] = code;
    }
  }

  @Override
  public void scan(
      MemorySegment groups,
      long offset,
      int rowCount,
      int[] words,
      ByteTerms terms,
      long @Nullable [] mask,
      int firstRow,
      Candidates candidates) {
    candidates.reserve(rowCount);
    for (int row = 0; row < rowCount; row++) {
      if (mask == null || (mask[row >> 6] >>> row & 1) != 0) {
        float estimate = terms.estimate(sum(groups, offset, row, words, terms.isManhattan()));
        if (estimate < terms.limit() - terms.base()) {
          candidates.add(firstRow + row, estimate + terms.base());
        }
      }
    }
  }

  private static int sum(
      MemorySegment groups, long offset, int row, int[] words, boolean isManhattan) {
    long at = ByteLayout.address(offset, row, words.length);
    int sum = 0;
    for (int word = 0; word < words.length; word++) {
      int code = groups.get(INT, at + (long) ByteLayout.ROW_OF_WORDS * word);
      for (int shift = 0; shift < 32; shift += 8) {
        int difference = Math.abs((code >>> shift & 0xff) - (words[word] >>> shift & 0xff));
        sum += isManhattan ? difference : difference * difference;
      }
    }
    return sum;
  }
}
