package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads and writes the words and the corrections of a row in its group; `at` is the address of the
/// row as [CodeLayout] tells.
final class Corrections {
  /// Above it a bound could overflow.
  private static final double MOST_G = 1e35;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Corrections() {}

  static long word(MemorySegment groups, long at, int word) {
    return groups.get(LONG, at + (long) CodeLayout.ROW_OF_WORDS * word);
  }

  static void writeWord(MemorySegment groups, long at, int word, long code) {
    groups.set(LONG, at + (long) CodeLayout.ROW_OF_WORDS * word, code);
  }

  /// @param words of the code
  static float f(MemorySegment groups, long at, int words) {
    return groups.get(FLOAT, at + (long) CodeLayout.ROW_OF_WORDS * words);
  }

  /// @param words of the code
  static float g(MemorySegment groups, long at, int words) {
    return groups.get(FLOAT, at + (long) CodeLayout.ROW_OF_WORDS * words + Float.BYTES);
  }

  /// @param words of the code
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
    long place = at + (long) CodeLayout.ROW_OF_WORDS * words;
    groups.set(FLOAT, place, f);
    groups.set(FLOAT, place + Float.BYTES, g);
  }
}
