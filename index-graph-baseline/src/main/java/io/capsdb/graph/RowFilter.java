package io.capsdb.graph;

import io.capsdb.attribute.Selection;
import io.capsdb.index.SearchCounters;

/// Tells one walk which rows may be hits. Not for more than one thread.
final class RowFilter {
  /// A row's test by columns costs about as much as this many rows of a mask.
  private static final int MASKED_FOR_TEST = 40;

  private final Selection selection;
  private final SearchCounters counters;
  private final boolean isAll;
  private final boolean isExact;
  private final long[] possible;
  private final long[] certain;

  /// @param tests about how many rows will be asked for
  RowFilter(Selection selection, SearchCounters counters, double tests) {
    this.selection = selection;
    this.counters = counters;
    this.isAll = selection.isAll();
    this.isExact = isAll || selection.isExact();
    boolean isMasked = !isAll && (!isExact || tests * MASKED_FOR_TEST > selection.size());
    this.possible = isMasked ? mask(selection) : new long[0];
    this.certain = isExact ? new long[0] : new long[possible.length];
    if (!isExact) {
      selection.certain().forEach((int ordinal) -> certain[ordinal >>> 6] |= 1L << ordinal);
    }
  }

  private static long[] mask(Selection selection) {
    long[] mask = new long[(selection.size() + 63) >>> 6];
    selection.rangeTest().fill(0, selection.size(), mask);
    return mask;
  }

  boolean isAll() {
    return isAll;
  }

  /// Whether a row matches; reads its document where nothing else tells, once.
  boolean admits(int ordinal) {
    if (isAll) {
      return true;
    }
    if (possible.length == 0) {
      return selection.mayMatch(ordinal);
    }
    long bit = 1L << ordinal;
    int word = ordinal >>> 6;
    if ((possible[word] & bit) == 0) {
      return false;
    }
    return isExact || (certain[word] & bit) != 0 || verify(ordinal);
  }

  private boolean verify(int ordinal) {
    counters.documentsVerified++;
    boolean isMatch = selection.verify().test(ordinal);
    (isMatch ? certain : possible)[ordinal >>> 6] ^= 1L << ordinal;
    return isMatch;
  }
}
