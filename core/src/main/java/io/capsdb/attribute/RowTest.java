package io.capsdb.attribute;

import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/// A filter that columns and bitmaps of a part decide without reading documents: evaluated on a
/// range of ordinals as a mask of bits, or on one ordinal.
///
/// Immutable and safe for use by many threads.
sealed interface RowTest {
  /// Which rows a mask is about.
  enum Rows {
    /// The ordinals of the part.
    ALL,
    /// The places of its [Sample].
    SAMPLED
  }

  /// Sets bit `i & 63` of `mask[i >> 6]` where `from + i` passes, clears it where it does not, for
  /// `from + i` below `to`; bits of the last word beyond are cleared.
  void fill(Rows rows, int from, int to, long[] mask, MaskStack stack);

  boolean matches(int ordinal);

  /// False where it is cheap to tell that no row of a run passes.
  ///
  /// @param from first ordinal of the run
  /// @param to one more than its last ordinal
  default boolean mayPass(int run, int from, int to) {
    return true;
  }

  /// No more rows than these pass.
  long most();

  /// No row outside passes, as far as that is quickly told.
  default OrdinalRange extent() {
    return OrdinalRange.ALL;
  }

  /// The ordinals that pass, where they can be listed without testing others; costs as many steps.
  ///
  /// @throws IllegalStateException if [#isListable] is not so
  int[] list();

  boolean isListable();

  /// About how many steps [#list] takes, each as long as copying an ordinal; only where
  /// [#isListable].
  default long listSteps() {
    return most();
  }

  /// All rows, or none.
  record Constant(boolean isTrue, int size) implements RowTest {
    @Override
    public void fill(Rows rows, int from, int to, long[] mask, MaskStack stack) {
      int words = (to - from + 63) >>> 6;
      Arrays.fill(mask, 0, words, isTrue ? -1L : 0);
      cut(mask, to - from);
    }

    @Override
    public boolean matches(int ordinal) {
      return isTrue;
    }

    @Override
    public long most() {
      return isTrue ? size : 0;
    }

    @Override
    public OrdinalRange extent() {
      return isTrue ? OrdinalRange.ALL : OrdinalRange.NONE;
    }

    @Override
    public boolean isListable() {
      return !isTrue;
    }

    @Override
    public int[] list() {
      if (isTrue) {
        throw new IllegalStateException("all rows cannot be listed without testing any");
      }
      return new int[0];
    }
  }

  /// Rows whose code in a column lies in an interval.
  ///
  /// @param span where the codes stand in the counts of the runs
  record Interval(TypedValues values, Columns columns, int low, int high, RunCounts.Span span)
      implements RowTest {
    /// Codes whose extents are put together, before all rows are taken.
    private static final int MOST_MERGED = 16;

    Interval(TypedValues values, Columns columns, CodeInterval codes) {
      this(values, columns, codes.low(), codes.high(), columns.counts().span(codes));
    }

    @Override
    public void fill(Rows rows, int from, int to, long[] mask, MaskStack stack) {
      if (rows == Rows.SAMPLED) {
        columns.sampled().between(low, high, from, to, mask);
      } else if (columns.runs().contain(from, to)) {
        int first = Runs.firstFrom(columns.all(), low, from, to);
        int end = Runs.firstFrom(columns.all(), high + 1, first, to);
        set(mask, first - from, end - from, to - from);
      } else {
        columns.all().between(low, high, from, to, mask);
      }
    }

    @Override
    public boolean mayPass(int run, int from, int to) {
      if (!span.mayHold(run)) {
        return false;
      }
      if (!columns.runs().contain(from, to)) {
        return true;
      }
      int first = Runs.firstFrom(columns.all(), low, from, to);
      return first < to && columns.all().code(first) <= high;
    }

    @Override
    public boolean matches(int ordinal) {
      int code = columns.all().code(ordinal);
      return code >= low && code <= high;
    }

    @Override
    public long most() {
      return values.countOf(low, high);
    }

    @Override
    public OrdinalRange extent() {
      return high - low < MOST_MERGED ? values.extentOf(low, high) : OrdinalRange.ALL;
    }

    @Override
    public boolean isListable() {
      return true;
    }

    @Override
    public int[] list() {
      return values.holdersOf(low, high);
    }

    @Override
    public long listSteps() {
      return values.holderSteps(low, high);
    }
  }

  /// Rows in a bitmap.
  record Members(RoaringBitmap bitmap, Sample sample) implements RowTest {
    @Override
    public void fill(Rows rows, int from, int to, long[] mask, MaskStack stack) {
      if (rows == Rows.SAMPLED) {
        sample.mask(bitmap, to, mask);
        return;
      }
      Arrays.fill(mask, 0, (to - from + 63) >>> 6, 0);
      PeekableIntIterator members = bitmap.getIntIterator();
      members.advanceIfNeeded(from);
      while (members.hasNext()) {
        int place = members.next() - from;
        if (place >= to - from) {
          break;
        }
        mask[place >> 6] |= 1L << place;
      }
    }

    @Override
    public boolean matches(int ordinal) {
      return bitmap.contains(ordinal);
    }

    @Override
    public long most() {
      return bitmap.getCardinality();
    }

    @Override
    public OrdinalRange extent() {
      return OrdinalRange.of(bitmap);
    }

    @Override
    public boolean isListable() {
      return true;
    }

    @Override
    public int[] list() {
      return bitmap.toArray();
    }
  }

  /// Rows that fail a test.
  record Inverse(RowTest part, int size) implements RowTest {
    @Override
    public void fill(Rows rows, int from, int to, long[] mask, MaskStack stack) {
      part.fill(rows, from, to, mask, stack);
      for (int word = 0; word << 6 < to - from; word++) {
        mask[word] = ~mask[word];
      }
      cut(mask, to - from);
    }

    @Override
    public boolean matches(int ordinal) {
      return !part.matches(ordinal);
    }

    @Override
    public long most() {
      return size;
    }

    @Override
    public boolean isListable() {
      return false;
    }

    @Override
    public int[] list() {
      throw new IllegalStateException("the rows that fail a test cannot be listed");
    }
  }

  /// Rows that pass every part, of which there is at least one.
  record Every(List<RowTest> parts) implements RowTest {
    /// Steps that testing a row by a part takes: mostly its code comes from memory.
    private static final int TEST_STEPS = 8;

    @Override
    public void fill(Rows rows, int from, int to, long[] mask, MaskStack stack) {
      int words = (to - from + 63) >>> 6;
      parts.getFirst().fill(rows, from, to, mask, stack);
      long[] other = stack.take(words);
      for (int i = 1; i < parts.size() && isAny(mask, words); i++) {
        parts.get(i).fill(rows, from, to, other, stack);
        for (int word = 0; word < words; word++) {
          mask[word] &= other[word];
        }
      }
      stack.give(other);
    }

    @Override
    public boolean mayPass(int run, int from, int to) {
      for (int i = 0; i < parts.size(); i++) {
        if (!parts.get(i).mayPass(run, from, to)) {
          return false;
        }
      }
      return true;
    }

    private static boolean isAny(long[] mask, int words) {
      long any = 0;
      for (int word = 0; word < words; word++) {
        any |= mask[word];
      }
      return any != 0;
    }

    @Override
    public boolean matches(int ordinal) {
      for (int i = 0; i < parts.size(); i++) {
        if (!parts.get(i).matches(ordinal)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public long most() {
      return parts.stream().mapToLong(RowTest::most).min().orElseThrow();
    }

    @Override
    public OrdinalRange extent() {
      OrdinalRange extent = OrdinalRange.ALL;
      for (int i = 0; i < parts.size(); i++) {
        extent = extent.and(parts.get(i).extent());
      }
      return extent;
    }

    @Override
    public boolean isListable() {
      return parts.stream().anyMatch(RowTest::isListable);
    }

    /// Lists the rarest part and tests the others row by row.
    @Override
    public int[] list() {
      int rarest = rarest();
      int[] ordinals = parts.get(rarest).list();
      for (int i = 0; i < parts.size(); i++) {
        if (i != rarest) {
          ordinals = passing(parts.get(i), ordinals);
        }
      }
      return ordinals;
    }

    @Override
    public long listSteps() {
      RowTest rarest = parts.get(rarest());
      return rarest.listSteps() + (long) TEST_STEPS * (parts.size() - 1) * rarest.most();
    }

    private int rarest() {
      int rarest = -1;
      for (int i = 0; i < parts.size(); i++) {
        RowTest part = parts.get(i);
        if (part.isListable() && (rarest < 0 || part.most() < parts.get(rarest).most())) {
          rarest = i;
        }
      }
      if (rarest < 0) {
        throw new IllegalStateException("no part can be listed");
      }
      return rarest;
    }

    private static int[] passing(RowTest test, int[] ordinals) {
      int kept = 0;
      for (int ordinal : ordinals) {
        ordinals[kept] = ordinal;
        kept += test.matches(ordinal) ? 1 : 0;
      }
      return Arrays.copyOf(ordinals, kept);
    }
  }

  /// Rows that pass some part, of which there is at least one.
  record Some(List<RowTest> parts, int size) implements RowTest {
    @Override
    public void fill(Rows rows, int from, int to, long[] mask, MaskStack stack) {
      int words = (to - from + 63) >>> 6;
      parts.getFirst().fill(rows, from, to, mask, stack);
      long[] other = stack.take(words);
      for (int i = 1; i < parts.size(); i++) {
        parts.get(i).fill(rows, from, to, other, stack);
        for (int word = 0; word < words; word++) {
          mask[word] |= other[word];
        }
      }
      stack.give(other);
    }

    @Override
    public boolean mayPass(int run, int from, int to) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i).mayPass(run, from, to)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean matches(int ordinal) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i).matches(ordinal)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public long most() {
      return Math.min(size, parts.stream().mapToLong(RowTest::most).sum());
    }

    @Override
    public OrdinalRange extent() {
      OrdinalRange extent = OrdinalRange.NONE;
      for (int i = 0; i < parts.size(); i++) {
        extent = extent.or(parts.get(i).extent());
      }
      return extent;
    }

    @Override
    public boolean isListable() {
      return parts.stream().allMatch(RowTest::isListable);
    }

    @Override
    public long listSteps() {
      return parts.stream().mapToLong(RowTest::listSteps).sum();
    }

    @Override
    public int[] list() {
      return FastAggregation.or(
              parts.stream()
                  .map(part -> Reordering.bitmap(part.list(), size))
                  .toArray(RoaringBitmap[]::new))
          .toArray();
    }
  }

  /// Rows that pass at least `count` of the parts.
  record AtLeast(int count, List<RowTest> parts, int size) implements RowTest {
    @Override
    public void fill(Rows rows, int from, int to, long[] mask, MaskStack stack) {
      int words = (to - from + 63) >>> 6;
      // reached[c] holds the rows that pass at least c + 1 of the parts seen so far.
      long[][] reached = new long[count][words];
      long[] own = stack.take(words);
      for (RowTest part : parts) {
        part.fill(rows, from, to, own, stack);
        for (int c = count - 1; c >= 0; c--) {
          for (int word = 0; word < words; word++) {
            reached[c][word] |= c == 0 ? own[word] : reached[c - 1][word] & own[word];
          }
        }
      }
      stack.give(own);
      System.arraycopy(reached[count - 1], 0, mask, 0, words);
    }

    @Override
    public boolean matches(int ordinal) {
      int passed = 0;
      for (int i = 0; i < parts.size(); i++) {
        passed += parts.get(i).matches(ordinal) ? 1 : 0;
      }
      return passed >= count;
    }

    @Override
    public long most() {
      return size;
    }

    @Override
    public boolean isListable() {
      return false;
    }

    @Override
    public int[] list() {
      throw new IllegalStateException("rows that pass some of many tests cannot be listed");
    }
  }

  /// Sets the bits of `from .. to - 1`, clears the others below `count`.
  private static void set(long[] mask, int from, int to, int count) {
    Arrays.fill(mask, 0, (count + 63) >>> 6, 0);
    if (from >= to) {
      return;
    }
    int first = from >> 6;
    int last = (to - 1) >> 6;
    Arrays.fill(mask, first, last + 1, -1L);
    mask[first] &= -1L << from;
    mask[last] &= -1L >>> -to;
  }

  /// Clears the bits of the last word beyond the last row.
  private static void cut(long[] mask, int count) {
    if ((count & 63) != 0) {
      mask[count >> 6] &= (1L << count) - 1;
    }
  }

  /// A field's column, for all rows and for the sampled ones, and what is known of its runs.
  ///
  /// @param runs where it ascends
  /// @param counts which codes stand in each run
  record Columns(Column all, Column sampled, Runs runs, RunCounts counts) {
    static Columns of(Column all, Sample sample) {
      return new Columns(all, all.of(sample.ordinals()), Runs.NONE, RunCounts.NONE);
    }

    Columns inRuns(int[] starts) {
      return new Columns(all, sampled, Runs.of(all, starts), RunCounts.of(all, starts));
    }
  }
}
