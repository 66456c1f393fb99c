package io.capsdb.graph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The links of the rows of one level, in native memory: for each row an int32 count, then as many
/// places as a row can have links, little-endian.
///
/// While a graph is built, rows may be written by one thread each and read by none.
///
/// @param bytes `rowCount` lists of `most + 1` int32
/// @param most links that a row can have
record Links(MemorySegment bytes, int rowCount, int most) {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  Links {
    if (bytes.byteSize() != byteSize(rowCount, most)) {
      throw new IllegalArgumentException(
          rowCount + " lists of " + most + " links do not take " + bytes.byteSize() + " bytes");
    }
  }

  /// Lists without links.
  static Links empty(int rowCount, int most, Arena arena) {
    return new Links(arena.allocate(byteSize(rowCount, most), 64), rowCount, most);
  }

  static long byteSize(int rowCount, int most) {
    return rowCount * listBytes(most);
  }

  private static long listBytes(int most) {
    return 4L * (most + 1);
  }

  int count(int row) {
    return bytes.get(INT, row * listBytes(most));
  }

  int get(int row, int place) {
    return bytes.get(INT, row * listBytes(most) + 4L * (place + 1));
  }

  /// Copies the links of a row; answers how many there are.
  int read(int row, int[] into) {
    long at = row * listBytes(most);
    int count = bytes.get(INT, at);
    for (int i = 0; i < count; i++) {
      at += 4;
      into[i] = bytes.get(INT, at);
    }
    return count;
  }

  /// Replaces the links of a row.
  void write(int row, int[] links, int count) {
    long at = row * listBytes(most);
    bytes.set(INT, at, count);
    for (int i = 0; i < count; i++) {
      at += 4;
      bytes.set(INT, at, links[i]);
    }
  }
}
