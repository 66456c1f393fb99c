package io.capsdb.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The lines of a file as bytes, so that a line that is no text spoils no other. Of a line that is
/// too long only so much is kept as may be.
final class LineBytes {
  private static final int BUFFER = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;
  private byte[] line = new byte[4096];
  private int length;
  private boolean isTooLong;
  private boolean isFirst = true;

  LineBytes(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /// Goes to the next line; false at the end.
  boolean advance() throws IOException {
    length = 0;
    isTooLong = false;
    boolean isThere = false;
    boolean isComplete = false;
    while (!isComplete && fill()) {
      isThere = true;
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      take(end - from);
      isComplete = end < to;
      from = isComplete ? end + 1 : end;
    }
    if (isFirst && startsWithMark()) {
      length -= BYTE_ORDER_MARK.length;
      System.arraycopy(line, BYTE_ORDER_MARK.length, line, 0, length);
    }
    isFirst = false;
    return isThere;
  }

  private boolean startsWithMark() {
    return length >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  private boolean fill() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(buffer, 0, buffer.length));
    }
    return from < to;
  }

  private void take(int count) {
    if (isTooLong || count > maxBytes - length) {
      isTooLong = true;
      return;
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.min(maxBytes, Math.max(2 * line.length, length + count)));
    }
    System.arraycopy(buffer, from, line, length, count);
    length += count;
  }

  boolean isTooLong() {
    return isTooLong;
  }

  /// Whether the line holds nothing but white space.
  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return !isTooLong;
  }

  /// @throws CharacterCodingException if the line is not UTF-8
  String text() throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
  }
}
