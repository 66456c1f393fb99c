package io.capsdb.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The lines of a body, one after the other, in a buffer that grows to the longest of them. For one
/// thread.
final class LineInput {
  private static final int FIRST_BYTES = 64 << 10;

  private final InputStream in;
  private final int most;
  private byte[] buffer;
  private int from;
  private int end;
  private int to;
  private long number;
  private boolean isTooLong;
  private boolean isEnded;

  /// @param most bytes of a line; longer ones are passed over
  LineInput(InputStream in, int most) {
    this.in = in;
    this.most = most;
    this.buffer = new byte[Math.min(FIRST_BYTES, most + 1)];
  }

  /// Goes to the next line; false where there is none. A new line at the end begins no other line.
  boolean next() throws IOException {
    from = end < to ? end + 1 : to;
    isTooLong = false;
    int at = from;
    while (true) {
      while (at < to && buffer[at] != '\n') {
        at++;
      }
      if (at < to) {
        break;
      }
      if (at - from > most) {
        isTooLong = true;
        from = at;
      }
      int before = from;
      boolean hasMore = fill();
      at -= before - from;
      if (!hasMore) {
        if (at == from && !isTooLong) {
          return false;
        }
        break;
      }
    }
    end = at;
    isTooLong |= end - from > most;
    number++;
    return true;
  }

  /// Reads more; moves what there is to the front, or to a larger buffer.
  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(most + 1L, 2L * buffer.length));
    }
    int count = isEnded ? -1 : in.read(buffer, to, buffer.length - to);
    isEnded = count < 0;
    to += Math.max(0, count);
    return !isEnded;
  }

  /// Number of the line, from 1.
  long number() {
    return number;
  }

  /// Whether it was passed over.
  boolean isTooLong() {
    return isTooLong;
  }

  /// Where the line stands; valid until the next one.
  byte[] buffer() {
    return buffer;
  }

  int from() {
    return from;
  }

  int length() {
    return end - from;
  }
}
