package io.capsdb.server.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The bytes of one body, never more than allowed and all of them counted. For the event loop only.
final class BodyBuffer {
  private static final byte[] NONE = new byte[0];
  private static final int FIRST_BYTES = 4_096;
  static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

  private final BodyBudget budget;
  private final long most;
  private byte[] bytes = NONE;
  private int length;
  private long taken;
  private boolean isReleased;

  BodyBuffer(BodyBudget budget, long most) {
    this.budget = budget;
    this.most = most;
  }

  /// Makes room for an announced length, so that a body which cannot be held is refused before it
  /// is sent.
  ///
  /// @param contentLength the header; null for a chunked body
  /// @throws Problem 413 if it is too long, 429 if all bodies together are
  void expect(@Nullable String contentLength) {
    if (contentLength == null) {
      return;
    }
    if (!LENGTH.matcher(contentLength).matches()) {
      throw new Problem(400, "Content-Length: must be a whole number of bytes");
    }
    long announced = Long.parseLong(contentLength);
    requireAllowed(announced);
    take(announced);
  }

  /// Counts bytes that others hold for this request, until [#release].
  ///
  /// @throws Problem 429 if all bodies together are too long
  void reserve(long bytes) {
    take(bytes);
  }

  /// @throws Problem as [#expect]
  void append(Buffer chunk) {
    int needed = length + chunk.length();
    requireAllowed(needed);
    if (needed > taken) {
      take(Math.max(needed, Math.min(most, 2 * taken)));
    }
    if (needed > bytes.length) {
      // Room is made as bytes come, not as they are announced: announcing costs a client nothing.
      long room = Math.min(taken, Math.max(FIRST_BYTES, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, room));
    }
    chunk.getBytes(bytes, length);
    length = needed;
  }

  private void requireAllowed(long wanted) {
    if (wanted > most) {
      throw new Problem(413, "Payload too large: the body may have at most " + most + " bytes");
    }
  }

  private void take(long wanted) {
    if (wanted <= taken) {
      return;
    }
    if (isReleased || !budget.take(wanted - taken, wanted)) {
      throw Problem.tooMuch(
          "the bodies of all requests together are above "
              + budget.most()
              + " bytes, try again later");
    }
    taken = wanted;
  }

  /// What has come; not to be changed.
  byte[] bytes() {
    return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
  }

  /// Forgets the bytes and gives them back to the budget.
  void release() {
    budget.give(taken);
    taken = 0;
    bytes = NONE;
    length = 0;
    isReleased = true;
  }
}
