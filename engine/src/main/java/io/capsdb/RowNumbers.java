package io.capsdb;

import java.util.Arrays;

/// A number for some rows of a segment. Immutable: more of them make a new one, which shares with
/// the old one what did not change. To put one costs a copy of two tables of 64 entries, and of one
/// with an entry for each 4,096 rows; less for each where many are put at once. To look one up
/// costs three reads.
final class RowNumbers {
  static final RowNumbers EMPTY = new RowNumbers(new int[0][][]);

  private static final int BITS = 6;
  private static final int BLOCK_BITS = 2 * BITS;
  private static final int SIZE = 1 << BITS;
  private static final int[] NO_PAGE = {};
  private static final int[][] NO_BLOCK = {};

  /// By row, in parts of 4,096, of 64, and one by one: the number plus one; 0 for none. What has
  /// none is empty.
  private final int[][][] pages;

  private RowNumbers(int[][][] pages) {
    this.pages = pages;
  }

  /// The number of a row; -1 for none.
  int get(int row) {
    int block = row >>> BLOCK_BITS;
    if (block >= pages.length || pages[block].length == 0) {
      return -1;
    }
    int[] page = pages[block][(row >>> BITS) & (SIZE - 1)];
    return page.length == 0 ? -1 : page[row & (SIZE - 1)] - 1;
  }

  /// These, and `first`, `first + 1` ... for some rows, in their order, in the place of what they
  /// had.
  RowNumbers with(int[] rows, int first) {
    int last = Arrays.stream(rows).max().orElse(-1);
    int[][][] next = Arrays.copyOf(pages, Math.max(pages.length, (last >>> BLOCK_BITS) + 1));
    Arrays.fill(next, pages.length, next.length, NO_BLOCK);
    for (int i = 0; i < rows.length; i++) {
      int[] page = ownPage(next, rows[i]);
      page[rows[i] & (SIZE - 1)] = first + i + 1;
    }
    return new RowNumbers(next);
  }

  /// The page of a row in tables that are being made, copied unless that was done before.
  @SuppressWarnings("ReferenceEquality") // a page that is no longer the old one is a copy of ours
  private int[] ownPage(int[][][] next, int row) {
    int block = row >>> BLOCK_BITS;
    int[][] oldBlock = block < pages.length ? pages[block] : NO_BLOCK;
    if (next[block] == oldBlock) {
      next[block] = oldBlock.length == 0 ? newBlock() : oldBlock.clone();
    }
    int page = (row >>> BITS) & (SIZE - 1);
    int[] oldPage = oldBlock.length == 0 ? NO_PAGE : oldBlock[page];
    if (next[block][page] == oldPage) {
      next[block][page] = oldPage.length == 0 ? new int[SIZE] : oldPage.clone();
    }
    return next[block][page];
  }

  private static int[][] newBlock() {
    int[][] block = new int[SIZE][];
    Arrays.fill(block, NO_PAGE);
    return block;
  }
}
