package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/// The ordinals of a part that satisfy a filter and are not hidden, as far as the attribute index
/// knows them.
///
/// Rows in `certain` match; rows outside `possible` do not; a row between the two is decided by
/// reading its document. What is asked for is computed: a search that probes needs masks of the
/// partitions that it visits, not the bitmaps of the whole part. Safe for use by many threads if
/// `verify` is.
public final class Selection {
  /// Ordinals tested at a time when all of a part are.
  private static final int BLOCK = 4_096;

  /// Matching rows among the first of a sample that say too little; the others are looked at then.
  private static final int FEW = 16;

  /// Times a number by which an estimate must be above it to tell that the count is.
  private static final int SURELY_MORE = 4;

  private final int size;
  private final Filter filter;
  private final IntPredicate verify;
  private final Optional<Decided> decided;
  private final Supplier<FilterResolver.Bounds> resolve;
  private final RoaringBitmap hidden;
  private final RoaringBitmap extra;
  private volatile FilterResolver.@Nullable Bounds bounds;
  private volatile @Nullable Estimate estimate;

  /// A filter that needs no documents.
  record Decided(RowTest test, Sample sample) {}

  Selection(
      int size,
      Filter filter,
      IntPredicate verify,
      Optional<Decided> decided,
      Supplier<FilterResolver.Bounds> resolve,
      RoaringBitmap hidden) {
    this(size, filter, verify, decided, resolve, hidden, new RoaringBitmap());
  }

  /// @param extra ordinals that match whatever else is said of them
  private Selection(
      int size,
      Filter filter,
      IntPredicate verify,
      Optional<Decided> decided,
      Supplier<FilterResolver.Bounds> resolve,
      RoaringBitmap hidden,
      RoaringBitmap extra) {
    this.size = size;
    this.filter = filter;
    this.verify = verify;
    this.decided = decided;
    this.resolve = resolve;
    this.hidden = hidden;
    this.extra = extra;
  }

  /// A selection that is known already. The bitmaps are not copied and must not change.
  ///
  /// @param size number of ordinals of the part, matching or not
  /// @param certain subset of `possible`
  /// @param possible subset of `0 .. size - 1`
  /// @param verify tells of an ordinal in `possible` but not in `certain` whether it matches
  /// @param filter the normal form of the filter; every selected ordinal satisfies it
  public Selection(
      int size, RoaringBitmap certain, RoaringBitmap possible, IntPredicate verify, Filter filter) {
    this(
        size,
        filter,
        verify,
        Optional.empty(),
        () -> new FilterResolver.Bounds(certain, possible),
        new RoaringBitmap());
  }

  /// All of `0 .. size - 1`.
  public static Selection all(int size) {
    RoaringBitmap all = RoaringBitmap.bitmapOfRange(0, size);
    return new Selection(
        size,
        Filter.ALL,
        _ -> true,
        Optional.of(new Decided(new RowTest.Constant(true, size), new Sample(0))),
        () -> new FilterResolver.Bounds(all, all),
        new RoaringBitmap());
  }

  /// Exactly the ordinals of the bitmap, whatever filter they come from.
  public static Selection exactly(int size, RoaringBitmap ordinals) {
    return new Selection(size, ordinals, ordinals, _ -> true, Filter.ALL);
  }

  /// Number of ordinals of the part, matching or not.
  public int size() {
    return size;
  }

  /// The normal form of the filter; every selected ordinal satisfies it.
  public Filter filter() {
    return filter;
  }

  /// Tells of an ordinal in `possible` but not in `certain` whether it matches.
  public IntPredicate verify() {
    return verify;
  }

  /// Ordinals that match; computed when first asked for, and not to be changed.
  public RoaringBitmap certain() {
    return bounds().certain();
  }

  /// Ordinals that can match; computed when first asked for, and not to be changed.
  public RoaringBitmap possible() {
    return bounds().possible();
  }

  private FilterResolver.Bounds bounds() {
    FilterResolver.Bounds known = bounds;
    if (known == null) {
      known = resolve.get();
      if (!hidden.isEmpty()) {
        boolean isExact = known.isExact();
        RoaringBitmap possible = RoaringBitmap.andNot(known.possible(), hidden);
        known =
            new FilterResolver.Bounds(
                isExact ? possible : RoaringBitmap.andNot(known.certain(), hidden), possible);
      }
      if (!extra.isEmpty()) {
        known =
            new FilterResolver.Bounds(
                RoaringBitmap.or(known.certain(), extra),
                RoaringBitmap.or(known.possible(), extra));
      }
      bounds = known;
    }
    return known;
  }

  /// Whether every ordinal is known to match.
  public boolean isAll() {
    if (decided.isPresent()) {
      return hidden.isEmpty() && decided.get().test().equals(new RowTest.Constant(true, size));
    }
    return certain().getLongCardinality() == size;
  }

  /// Whether no document needs to be read.
  public boolean isExact() {
    return decided.isPresent() || certain().getLongCardinality() == possible().getLongCardinality();
  }

  /// Fewest ordinals that can match.
  public int minCount() {
    return certain().getCardinality();
  }

  /// Most ordinals that can match.
  public int maxCount() {
    return possible().getCardinality();
  }

  /// About how many ordinals match, counted on a fixed sample of them. Depends on the set of
  /// matching ordinals alone, not on how the filter is written.
  ///
  /// @param least no fewer of the sample match, scaled to the part
  /// @param most no more of the sample match, scaled to the part; equal to `least` where no
  ///     document would have to be read
  public record Estimate(long least, long most) {}

  /// About how many ordinals match, as far as can be told without documents.
  public Estimate estimate() {
    Estimate known = estimate;
    if (known == null) {
      known = count();
      estimate = known;
    }
    return known;
  }

  private Estimate count() {
    if (decided.isPresent()) {
      RowTest test = decided.get().test();
      long matching = extra.getCardinality();
      if (test instanceof RowTest.Constant) {
        matching += test.most() == 0 ? 0 : size - hidden.getCardinality();
      } else {
        matching += countByTest(test, decided.get().sample());
      }
      return new Estimate(matching, matching);
    }
    Sample sample = Sample.first(size);
    return new Estimate(
        scaled(sample.count(certain()), sample.count()),
        scaled(sample.count(possible()), sample.count()));
  }

  /// About how many ordinals match; reads documents where it has to.
  public long verifiedEstimate() {
    Estimate bounds = estimate();
    if (bounds.least() == bounds.most()) {
      return bounds.least();
    }
    Sample sample = Sample.first(size);
    long matching = 0;
    for (int ordinal : sample.ordinals()) {
      boolean isMatch =
          certain().contains(ordinal) || (possible().contains(ordinal) && verify.test(ordinal));
      matching += isMatch ? 1 : 0;
    }
    return scaled(matching, sample.count());
  }

  /// No ordinal outside can match, as far as that is told without documents. Quick where columns
  /// and postings decide.
  public OrdinalRange extent() {
    if (decided.isEmpty()) {
      return OrdinalRange.of(possible());
    }
    OrdinalRange extent = decided.get().test().extent();
    return extra.isEmpty() ? extent : extent.or(OrdinalRange.of(extra));
  }

  private long countByTest(RowTest test, Sample sample) {
    long matching = countByTest(test, sample, sample.firstCount());
    return matching < FEW
        ? scaled(countByTest(test, sample, sample.count()), sample.count())
        : scaled(matching, sample.firstCount());
  }

  /// @param count places of the sample to look at
  private long countByTest(RowTest test, Sample sample, int count) {
    long[] mask = new long[(count + 63) >>> 6];
    test.fill(RowTest.Rows.SAMPLED, 0, count, mask, new MaskStack());
    long matching = 0;
    for (int word = 0; word < mask.length; word++) {
      if (hidden.isEmpty()) {
        matching += Long.bitCount(mask[word]);
        continue;
      }
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        int place = (word << 6) + Long.numberOfTrailingZeros(bits);
        matching += hidden.contains(sample.ordinals()[place]) ? 0 : 1;
      }
    }
    return matching;
  }

  private long scaled(long matching, int sampled) {
    return sampled == size ? matching : Math.round((double) matching * size / sampled);
  }

  /// All ordinals that can match, in no order.
  public int[] list() {
    if (decided.isEmpty()) {
      return possible().toArray();
    }
    RowTest test = decided.get().test();
    int[] ordinals = test.isListable() && test.most() < size / 16 ? test.list() : listByTest(test);
    if (hidden.isEmpty()) {
      return ordinals;
    }
    int kept = 0;
    for (int ordinal : ordinals) {
      ordinals[kept] = ordinal;
      kept += hidden.contains(ordinal) ? 0 : 1;
    }
    int[] list = Arrays.copyOf(ordinals, kept + extra.getCardinality());
    PeekableIntIterator more = extra.getIntIterator();
    while (more.hasNext()) {
      list[kept++] = more.next();
    }
    return list;
  }

  /// The same, where it takes no longer than copying so many ordinals; else empty.
  public Optional<int[]> listWithin(long steps) {
    if (decided.isEmpty()
        || !decided.get().test().isListable()
        // Known from planning, and counting exactly takes searches in memory.
        || estimate().most() > SURELY_MORE * steps) {
      return Optional.empty();
    }
    return decided.get().test().listSteps() + extra.getCardinality() <= steps
        ? Optional.of(list())
        : Optional.empty();
  }

  private int[] listByTest(RowTest test) {
    int[] ordinals = new int[64];
    int count = 0;
    long[] mask = new long[BLOCK / 64];
    MaskStack stack = new MaskStack();
    for (int from = 0; from < size; from += BLOCK) {
      int to = Math.min(size, from + BLOCK);
      test.fill(RowTest.Rows.ALL, from, to, mask, stack);
      for (int word = 0; word << 6 < to - from; word++) {
        if (count + 64 > ordinals.length) {
          ordinals = Arrays.copyOf(ordinals, 2 * ordinals.length);
        }
        for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
          ordinals[count++] = from + (word << 6) + Long.numberOfTrailingZeros(bits);
        }
      }
    }
    return Arrays.copyOf(ordinals, count);
  }

  /// Whether some ordinal of a run of [AttributeIndex#inRuns] can match; true where that is not
  /// known yet and not cheap to tell.
  ///
  /// @param from first ordinal of the run
  /// @param to one more than its last ordinal
  public boolean mayMatch(int run, int from, int to) {
    return decided.isPresent()
        ? decided.get().test().mayPass(run, from, to) || extra.intersects(from, to)
        : possible().intersects(from, to);
  }

  /// Whether an ordinal can match.
  public boolean mayMatch(int ordinal) {
    return decided.isPresent()
        ? (decided.get().test().matches(ordinal) && !hidden.contains(ordinal))
            || extra.contains(ordinal)
        : possible().contains(ordinal);
  }

  /// A test of range after range. Not for more than one thread.
  public RangeTest rangeTest() {
    return new RangeTest(this);
  }

  /// Tells which ordinals of a range can match.
  public static final class RangeTest {
    private final Selection selection;
    private final MaskStack stack = new MaskStack();

    private RangeTest(Selection selection) {
      this.selection = selection;
    }

    /// Sets bit `i & 63` of `mask[i >> 6]` where `from + i` can match, for `from + i` below `to`.
    ///
    /// @param mask at least a word for each 64 ordinals; what it held is overwritten
    /// @return the number of these ordinals
    public int fill(int from, int to, long[] mask) {
      if (selection.decided.isPresent()) {
        selection.decided.get().test().fill(RowTest.Rows.ALL, from, to, mask, stack);
        if (!selection.hidden.isEmpty()) {
          clear(selection.hidden, from, to, mask);
          set(selection.extra, from, to, mask);
        }
      } else {
        Arrays.fill(mask, 0, (to - from + 63) >>> 6, 0);
        set(selection.possible(), from, to, mask);
      }
      int count = 0;
      for (int word = 0; word << 6 < to - from; word++) {
        count += Long.bitCount(mask[word]);
      }
      return count;
    }

    private static void set(RoaringBitmap ordinals, int from, int to, long[] mask) {
      PeekableIntIterator next = ordinals.getIntIterator();
      next.advanceIfNeeded(from);
      while (next.hasNext()) {
        int place = next.next() - from;
        if (place >= to - from) {
          break;
        }
        mask[place >> 6] |= 1L << place;
      }
    }

    private static void clear(RoaringBitmap ordinals, int from, int to, long[] mask) {
      PeekableIntIterator next = ordinals.getIntIterator();
      next.advanceIfNeeded(from);
      while (next.hasNext()) {
        int place = next.next() - from;
        if (place >= to - from) {
          break;
        }
        mask[place >> 6] &= ~(1L << place);
      }
    }
  }

  /// Whether some ordinal of a range matches although its slot may say otherwise; see [#replacing].
  public boolean hasExtra(int from, int to) {
    return extra.intersects(from, to);
  }

  /// The same without some ordinals, for example deleted ones, which are not copied and must not
  /// change.
  public Selection without(RoaringBitmap ordinals) {
    return ordinals.isEmpty() ? this : replacing(ordinals, new RoaringBitmap());
  }

  /// The same, but of some ordinals only those that are named match, whatever the attribute index
  /// holds of them: their payload was changed later.
  ///
  /// @param changed ordinals that are decided here; not copied
  /// @param matching those of them that match; not copied
  public Selection replacing(RoaringBitmap changed, RoaringBitmap matching) {
    // Mostly one of the two is empty, and then nothing is copied.
    RoaringBitmap more = matching;
    if (!extra.isEmpty()) {
      more = RoaringBitmap.andNot(extra, changed);
      more.or(matching);
    }
    RoaringBitmap left = hidden.isEmpty() ? changed : RoaringBitmap.or(hidden, changed);
    return new Selection(size, filter, verify, decided, resolve, left, more);
  }
}
