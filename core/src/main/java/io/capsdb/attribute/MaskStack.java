package io.capsdb.attribute;

import java.util.ArrayDeque;
import java.util.Deque;

/// Masks that are used again while one filter is tested on range after range. Not for more than one
/// thread.
final class MaskStack {
  private final Deque<long[]> free = new ArrayDeque<>();

  /// A mask of at least that many words, with anything in it.
  long[] take(int words) {
    long[] mask = free.poll();
    return mask == null || mask.length < words ? new long[words] : mask;
  }

  void give(long[] mask) {
    free.push(mask);
  }
}
