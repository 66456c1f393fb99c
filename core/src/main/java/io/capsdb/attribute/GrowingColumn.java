package io.capsdb.attribute;

import io.capsdb.filter.DateTimes;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What stands at one path in the rows of [GrowingColumns]: a kind and 64 bits for each row, and
/// texts by number.
///
/// One writer; readers see the rows that were published to them.
final class GrowingColumn {
  // What stands in a row; the bits hold the number, the flag, or the number of the text.
  private static final byte ABSENT = 0;
  private static final byte NULL = 1;
  private static final byte EMPTY = 2;
  private static final byte OBJECT = 3;
  private static final byte INTEGER = 4;
  private static final byte FLOAT = 5;
  private static final byte FLAG = 6;
  private static final byte TEXT = 7;

  /// An array with elements: its document tells.
  private static final byte ARRAY = 8;

  private final byte[] kinds;
  private final long[] bits;
  private final Map<String, Integer> texts = new ConcurrentHashMap<>();

  /// Date-time of each text in microseconds, [#NO_DATE] for none. Replaced when it is full.
  private volatile long[] dates = new long[16];

  private static final long NO_DATE = Long.MIN_VALUE;

  GrowingColumn(int capacity) {
    this.kinds = new byte[capacity];
    this.bits = new long[capacity];
  }

  void put(int row, @Nullable Object value) {
    switch (value) {
      case null -> kinds[row] = NULL;
      case Long number -> set(row, INTEGER, number);
      case Double number -> set(row, FLOAT, Double.doubleToRawLongBits(number));
      case Boolean flag -> set(row, FLAG, flag ? 1 : 0);
      case String text -> set(row, TEXT, number(text));
      case List<?> list -> kinds[row] = list.isEmpty() ? EMPTY : ARRAY;
      default -> kinds[row] = OBJECT;
    }
  }

  private void set(int row, byte kind, long value) {
    bits[row] = value;
    kinds[row] = kind;
  }

  private int number(String text) {
    Integer known = texts.get(text);
    if (known != null) {
      return known;
    }
    int number = texts.size();
    long[] room = number < dates.length ? dates : Arrays.copyOf(dates, 2 * number);
    room[number] = DateTimes.parse(text).orElse(NO_DATE);
    dates = room;
    texts.put(text, number);
    return number;
  }

  RowMasks test(Filter.Leaf leaf, int rows) {
    return switch (leaf) {
      case Filter.In(_, Set<Value> values) -> testValues(values, rows, false);
      case Filter.Except(_, Set<Value> values) -> testValues(values, rows, true);
      case Filter.Range(_, Bound<Double> low, Bound<Double> high) -> testRange(low, high, rows);
      case Filter.DateRange range -> testDates(range, rows);
      case Filter.IsEmpty(_) -> testKinds(rows, ABSENT, NULL, EMPTY);
      case Filter.IsNull(_) -> testKinds(rows, NULL);
      case Filter.DocumentTest _ -> RowMasks.undecided(rows);
    };
  }

  private RowMasks testValues(Set<Value> values, int rows, boolean isOther) {
    long[] wholes = new long[values.size()];
    boolean[] named = new boolean[texts.size() + 1];
    int wholeCount = 0;
    boolean hasTrue = false;
    boolean hasFalse = false;
    for (Value value : values) {
      switch (value) {
        case Value.Whole(long whole) -> wholes[wholeCount++] = whole;
        case Value.Flag(boolean flag) -> {
          hasTrue |= flag;
          hasFalse |= !flag;
        }
        case Value.Keyword(String text) -> {
          Integer number = texts.get(text);
          // A text that came after the rows that were published may have any number.
          if (number != null && number < named.length) {
            named[number] = true;
          }
        }
      }
    }
    long[] sorted = Arrays.copyOf(wholes, wholeCount);
    Arrays.sort(sorted);
    RowMasks masks = RowMasks.none(rows);
    for (int row = 0; row < rows; row++) {
      long value = bits[row];
      boolean isAmong;
      switch (kinds[row]) {
        case INTEGER ->
            isAmong =
                sorted.length == 1 ? sorted[0] == value : Arrays.binarySearch(sorted, value) >= 0;
        case TEXT -> isAmong = value < named.length && named[(int) value];
        case FLAG -> isAmong = value == 1 ? hasTrue : hasFalse;
        case FLOAT, OBJECT -> isAmong = false;
        case ARRAY -> {
          masks.possible()[row >> 6] |= 1L << row;
          continue;
        }
        default -> {
          // Nothing stands here, which neither equals nor differs.
          continue;
        }
      }
      set(masks, row, isAmong != isOther);
    }
    return masks;
  }

  private RowMasks testRange(Bound<Double> low, Bound<Double> high, int rows) {
    // The same comparison for both ends: an open one takes in all up to infinity.
    double least = low.value().orElse(Double.NEGATIVE_INFINITY);
    double most = high.value().orElse(Double.POSITIVE_INFINITY);
    boolean withLeast = low.isInclusive() || low.value().isEmpty();
    boolean withMost = high.isInclusive() || high.value().isEmpty();
    RowMasks masks = RowMasks.none(rows);
    for (int row = 0; row < rows; row++) {
      byte kind = kinds[row];
      if (kind == INTEGER || kind == FLOAT) {
        double value = kind == INTEGER ? bits[row] : Double.longBitsToDouble(bits[row]);
        set(
            masks,
            row,
            (withLeast ? value >= least : value > least)
                && (withMost ? value <= most : value < most));
      } else if (kind == ARRAY) {
        masks.possible()[row >> 6] |= 1L << row;
      }
    }
    return masks;
  }

  private RowMasks testDates(Filter.DateRange range, int rows) {
    long[] known = dates;
    RowMasks masks = RowMasks.none(rows);
    for (int row = 0; row < rows; row++) {
      if (kinds[row] == TEXT) {
        long micros = known[(int) bits[row]];
        set(
            masks,
            row,
            micros != NO_DATE
                && FilterEvaluator.isAbove(range.low(), micros)
                && FilterEvaluator.isBelow(range.high(), micros));
      } else if (kinds[row] == ARRAY) {
        masks.possible()[row >> 6] |= 1L << row;
      }
    }
    return masks;
  }

  private RowMasks testKinds(int rows, byte... wanted) {
    RowMasks masks = RowMasks.none(rows);
    for (int row = 0; row < rows; row++) {
      boolean isMatch = false;
      for (byte kind : wanted) {
        isMatch |= kinds[row] == kind;
      }
      set(masks, row, isMatch);
      if (kinds[row] == ARRAY) {
        masks.possible()[row >> 6] |= 1L << row;
      }
    }
    return masks;
  }

  private static void set(RowMasks masks, int row, boolean isMatch) {
    long bit = (isMatch ? 1L : 0) << row;
    masks.certain()[row >> 6] |= bit;
    masks.possible()[row >> 6] |= bit;
  }
}
