package io.capsdb.caps.code;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;

/// Rows that a scan could not pass over, with the lower bounds of their distances. Not for more
/// than one thread.
///
/// A search needs arrays for all that it could find, and uses little of them: clearing new ones
/// would cost more than the scan, so they are lent.
public final class Candidates {
  /// Of searches that run at a time, more than there are processors.
  private static final AtomicReferenceArray<Candidates> FREE = new AtomicReferenceArray<>(1_024);

  /// Looked at for one that is free; a search needs two for each segment, and three where a filter
  /// passes partitions over.
  private static final int TRIES = 32;

  /// Larger ones are not kept.
  private static final int MOST_KEPT = 1 << 14;

  private static final int BISECTIONS = 30;
  private static final int LEAST_CAPACITY = 1_024;

  /// Larger bounds are equal for the bisection.
  private static final float MOST_BOUND = 1e37f;

  private float[] bounds = new float[0];
  private int[] rows = new int[0];
  private int[] blocks = new int[0];
  private int[] differences = new int[0];
  private float[] estimates = new float[0];
  private final float[] extent = new float[2];
  private int count;

  /// Empty ones, which may be given back with [#giveBack] when they are not used any more.
  public static Candidates borrow() {
    int first = (int) (TRIES * Thread.currentThread().threadId());
    for (int i = first; i < first + TRIES; i++) {
      int slot = i & (FREE.length() - 1);
      Candidates free = FREE.get(slot) == null ? null : FREE.getAndSet(slot, null);
      if (free != null) {
        return free;
      }
    }
    return new Candidates();
  }

  /// Ends the use of what was borrowed.
  public void giveBack() {
    clear();
    int first = (int) (TRIES * Thread.currentThread().threadId());
    for (int i = first; i < first + TRIES && bounds.length <= MOST_KEPT; i++) {
      if (FREE.compareAndSet(i & (FREE.length() - 1), null, this)) {
        return;
      }
    }
  }

  public int count() {
    return count;
  }

  /// Adds one, for which room was made.
  public void add(int row, float bound) {
    rows[count] = row;
    bounds[count++] = bound;
  }

  /// Adds rows 0, 1, … with their bounds.
  public void addAll(float[] all) {
    reserve(all.length);
    for (int row = 0; row < all.length; row++) {
      add(row, all[row]);
    }
  }

  /// Drops all.
  public void clear() {
    count = 0;
  }

  /// Makes room for that many more, and for what a register writes beyond them.
  public void reserve(int more) {
    int needed = count + more + PanamaCodeLoops.MAX_LANES;
    if (needed > bounds.length) {
      int capacity = Math.max(needed, Math.max(LEAST_CAPACITY, 2 * bounds.length));
      bounds = Arrays.copyOf(bounds, capacity);
      rows = Arrays.copyOf(rows, capacity);
    }
  }

  /// Makes room for that many more that a scan of as many rows finds, and for its work.
  ///
  /// @param lanes rows of a block
  void reserveScan(int more, int lanes) {
    reserve(more);
    int pairs = more / lanes + 2;
    if (pairs > blocks.length) {
      blocks = new int[pairs];
    }
    int work = more + 2 * lanes;
    if (work > estimates.length) {
      differences = new int[work];
      estimates = new float[work];
    }
  }

  /// For a scan: the blocks of rows that it looks at.
  int[] blocks() {
    return blocks;
  }

  /// For a scan: what is summed up for each of their rows.
  int[] differences() {
    return differences;
  }

  /// For a scan: the bound of each of their rows, without what is the same for all.
  float[] estimates() {
    return estimates;
  }

  float[] bounds() {
    return bounds;
  }

  int[] rows() {
    return rows;
  }

  void setCount(int newCount) {
    count = newCount;
  }

  /// Drops those whose bound is not below a limit.
  public void keepBelow(float limit) {
    count = CodeKernels.LOOPS.keepBelow(bounds, rows, count, limit);
  }

  /// The number of those whose bound is below a limit.
  public int countBelow(float limit) {
    return CodeKernels.LOOPS.countBelow(bounds, count, limit);
  }

  /// Moves the rows that are not wanted to `others`.
  public void sift(IntPredicate isWanted, Candidates others) {
    others.reserve(count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (isWanted.test(rows[i])) {
        bounds[kept] = bounds[i];
        rows[kept++] = rows[i];
      } else {
        others.add(rows[i], bounds[i]);
      }
    }
    count = kept;
  }

  /// Takes out those with the lowest bounds, in no order: all if there are at most `most` of them,
  /// else between `least` and `most` where bounds differ enough, and never none.
  ///
  /// Found by bisecting the range of bounds and counting, which is cheaper than any sort.
  ///
  /// @param taken of length [#room] of `most`; receives the rows
  /// @return the number taken
  public int takeBest(int least, int most, int[] taken) {
    if (count <= most) {
      System.arraycopy(rows, 0, taken, 0, count);
      int all = count;
      count = 0;
      return all;
    }
    float limit = threshold(least, most);
    int below = CodeKernels.LOOPS.countBelow(bounds, count, limit);
    if (below == 0) {
      return takeLast(most, taken);
    }
    if (below > most) {
      return takeFirst(limit, most, taken);
    }
    CodeKernels.LOOPS.split(bounds, rows, count, limit, taken);
    count -= below;
    return below;
  }

  /// For more equal bounds than can be taken.
  private int takeFirst(float limit, int most, int[] taken) {
    int found = 0;
    int left = 0;
    for (int i = 0; i < count; i++) {
      if (bounds[i] < limit && found < most) {
        taken[found++] = rows[i];
      } else {
        bounds[left] = bounds[i];
        rows[left++] = rows[i];
      }
    }
    count = left;
    return found;
  }

  /// The length of an array that takes that many rows.
  public static int room(int most) {
    return most + PanamaCodeLoops.MAX_LANES;
  }

  /// For bounds that no threshold parts: infinite ones, or no numbers, as of damaged codes.
  private int takeLast(int most, int[] taken) {
    count -= most;
    System.arraycopy(rows, count, taken, 0, most);
    return most;
  }

  private float threshold(int least, int most) {
    CodeKernels.LOOPS.extent(bounds, count, extent);
    float low = Math.max(extent[0], -MOST_BOUND);
    float high = Math.min(Math.nextUp(extent[1]), MOST_BOUND);
    for (int i = 0; i < BISECTIONS; i++) {
      float middle = low + (high - low) / 2;
      int below = CodeKernels.LOOPS.countBelow(bounds, count, middle);
      if (below < least) {
        low = middle;
      } else if (below > most) {
        high = middle;
      } else {
        return middle;
      }
    }
    return high;
  }
}
