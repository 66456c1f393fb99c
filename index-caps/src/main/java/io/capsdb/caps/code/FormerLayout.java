package io.capsdb.caps.code;

import io.capsdb.io.CheckedReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How codes lay in forms 2 and 4, which are turned into [CodeLayout] when they are opened: words
/// of 32 bits, each row on as many cache lines as it had words and two more.
///
/// | bytes of a group of 16 rows | what |
/// |---|---|
/// | 64 for each 32 values | word `w` of the rows, int32 |
/// | 64 | `f` of the rows, float32 |
/// | 64 | `g` of the rows, float32 |
final class FormerLayout {
  private static final int ROW_OF_WORDS = 4 * CodeLayout.GROUP;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FormerLayout() {}

  /// The same codes as [CodeLayout] tells, in memory.
  ///
  /// @param in for errors
  /// @throws io.capsdb.io.CorruptFileException through `in` if they are no whole groups
  static MemorySegment convert(MemorySegment former, int bits, CheckedReader in) {
    int words = CodeRecords.words(bits);
    long formerBytes = (long) ROW_OF_WORDS * (words + 2);
    long groups = former.byteSize() / formerBytes;
    if (former.byteSize() != groups * formerBytes) {
      throw in.corrupt("codes of " + former.byteSize() + " bytes, no multiple of " + formerBytes);
    }
    long bytes = groups * CodeLayout.groupBytes(bits);
    MemorySegment codes = Arena.ofAuto().allocate(Math.max(64, bytes), 64).asSlice(0, bytes);
    for (long group = 0; group < groups; group++) {
      for (int row = 0; row < CodeLayout.GROUP; row++) {
        long from = group * formerBytes + 4L * row;
        long at = CodeLayout.address(group * CodeLayout.groupBytes(bits), row, bits);
        for (int word = 0; word < words; word++) {
          codes.set(
              INT,
              at + (long) CodeLayout.ROW_OF_WORDS * (word / 2) + 4L * (word % 2),
              former.get(INT, from + (long) ROW_OF_WORDS * word));
        }
        long corrections = at + (long) CodeLayout.ROW_OF_WORDS * CodeLayout.words(bits);
        for (int half = 0; half < 2; half++) {
          codes.set(
              INT,
              corrections + 4L * half,
              former.get(INT, from + (long) ROW_OF_WORDS * (words + half)));
        }
      }
    }
    return codes;
  }
}
