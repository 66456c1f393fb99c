package io.capsdb.caps.code;

/// How codes lie a second time, row by row, for lists of rows: what is needed of a row stands in as
/// few cache lines as can be.
///
/// A record is lines of 16 int32 places: the words of the code from the first place on, and in the
/// last three places `f`, `g` (float32) and the number of the partition. Records stand in ordinal
/// order. They are kept where they add little to the vectors.
final class CodeRecords {
  static final int LINE = 16;
  static final int LINE_BYTES = 4 * LINE;

  /// Most bytes of a record, as a share of the vector's.
  private static final double MOST_RATIO = 0.045;

  private CodeRecords() {}

  /// Words of 32 bits of a code.
  static int words(int dimension) {
    return (dimension + 31) >>> 5;
  }

  /// Such a word of a code that is made of words of 64 bits.
  ///
  /// @param pair of words, in which it is the lower or the upper one
  static int half(long pair, int word) {
    return (int) (pair >>> (32 * (word & 1)));
  }

  /// Lines of a record.
  static int lines(int dimension) {
    return (words(dimension) + 3 + LINE - 1) / LINE;
  }

  /// @param bits of a code
  /// @param dimension of the vectors
  static boolean areKept(int bits, int dimension) {
    return (double) lines(bits) * LINE_BYTES <= MOST_RATIO * 4 * dimension;
  }

  /// Turns planes that are ordered word by word into planes ordered as records are.
  static int[] planes(QueryCode query) {
    int words = words(query.dimension());
    int[] planes = new int[4 * LINE * lines(query.dimension())];
    for (int word = 0; word < words; word++) {
      for (int p = 0; p < 4; p++) {
        planes[(4 * (word / LINE) + p) * LINE + word % LINE] =
            half(query.planes()[4 * (word / 2) + p], word);
      }
    }
    return planes;
  }

  /// -1 for each place of a record that holds a part of the code, 0 for the others.
  static int[] codeLanes(int dimension) {
    int[] lanes = new int[LINE * lines(dimension)];
    java.util.Arrays.fill(lanes, 0, words(dimension), -1);
    return lanes;
  }
}
