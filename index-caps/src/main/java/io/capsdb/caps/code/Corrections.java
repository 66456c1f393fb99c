package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Writes the words and the corrections of a row into its group.
final class Corrections {
  /// Above it a bound could overflow.
  private static final double MOST_G = 1e35;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Corrections() {}

  static void writeWord(MemorySegment groups, long at, int word, int code) {
    groups.set(INT, at + (long) CodeLayout.ROW_OF_WORDS * word, code);
  }

  /// @param words of the code, before which nothing of the corrections stands
  static void write(MemorySegment groups, long at, int words, double f, double g) {
    boolean isBounded = f < QueryCode.MOST_STEP && Math.abs(g) < MOST_G;
    // Else the bound would overflow: one below every limit has the vector read.
    writeRaw(
        groups,
        at,
        words,
        isBounded ? (float) f : 0,
        isBounded ? (float) g : Float.NEGATIVE_INFINITY);
  }

  /// For a place of a group where no row stands.
  static void writeNone(MemorySegment groups, long at, int words) {
    writeRaw(groups, at, words, 0, Float.POSITIVE_INFINITY);
  }

  private static void writeRaw(MemorySegment groups, long at, int words, float f, float g) {
    groups.set(FLOAT, at + (long) CodeLayout.ROW_OF_WORDS * words, f);
    groups.set(FLOAT, at + (long) CodeLayout.ROW_OF_WORDS * (words + 1), g);
  }
}
