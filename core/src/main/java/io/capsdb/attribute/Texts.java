package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.LongPredicate;

/// Distinct texts, in the order of their UTF-8 bytes, one after the other in one array: an object
/// for each would cost more than most texts.
@SuppressWarnings("ArrayRecordComponent") // made once, never handed out
record Texts(byte[] bytesOfAll, int[] start) implements Dictionary {
  /// @param texts distinct, in any order
  static Texts of(Collection<String> texts) {
    byte[][] sorted =
        texts.stream()
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .sorted(Arrays::compareUnsigned)
            .toArray(byte[][]::new);
    int[] start = new int[sorted.length + 1];
    for (int code = 0; code < sorted.length; code++) {
      start[code + 1] = start[code] + sorted[code].length;
    }
    byte[] all = new byte[start[sorted.length]];
    for (int code = 0; code < sorted.length; code++) {
      System.arraycopy(sorted[code], 0, all, start[code], sorted[code].length);
    }
    return new Texts(all, start);
  }

  @Override
  public int count() {
    return start.length - 1;
  }

  @Override
  public String value(int code) {
    return new String(
        bytesOfAll, start[code], start[code + 1] - start[code], StandardCharsets.UTF_8);
  }

  @Override
  public int find(Object value) {
    byte[] wanted = ((String) value).getBytes(StandardCharsets.UTF_8);
    int low = 0;
    int high = count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, wanted, 0, wanted.length);
      if (order == 0) {
        // Half a surrogate pair has the bytes of a question mark.
        return value(middle).equals(value) ? middle : -1;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private int compare(int code, byte[] other, int from, int to) {
    return Arrays.compareUnsigned(bytesOfAll, start[code], start[code + 1], other, from, to);
  }

  @Override
  public int firstWhere(LongPredicate test) {
    throw new IllegalStateException("texts have no ordered keys");
  }

  @Override
  public long bytes() {
    return bytesOfAll.length + 4L * start.length + 64;
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeBytes(bytesOfAll);
    out.writeInts(start);
  }

  static Texts read(CheckedReader in) {
    Texts texts = new Texts(in.readBytes(), in.readInts());
    int[] start = texts.start;
    if (start.length == 0 || start[0] != 0 || start[start.length - 1] != texts.bytesOfAll.length) {
      throw in.corrupt("a dictionary of texts without a begin or end");
    }
    for (int code = 1; code < start.length; code++) {
      if (start[code] < start[code - 1] || start[code] > texts.bytesOfAll.length) {
        throw in.corrupt("text " + code + " of a dictionary lies elsewhere");
      }
    }
    for (int code = 1; code < texts.count(); code++) {
      if (texts.compare(code - 1, texts.bytesOfAll, start[code], start[code + 1]) >= 0) {
        throw in.corrupt("a dictionary is not sorted");
      }
    }
    return texts;
  }
}
