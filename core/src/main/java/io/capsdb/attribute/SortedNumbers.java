package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.roaringbitmap.RoaringBitmap;

/// Very many distinct numbers or date-times: the code of each row, and the rows in the order of
/// their codes. Codes are places in a [Dictionary], plus one.
///
/// The order can be left out where there is a column: rows are found by comparing all codes then.
/// It always is where every row has a number of its own that falls on no steps, because keys take
/// 8 bytes a row there and codes 4.
///
/// | bytes | what |
/// |---|---|
/// | 1 | 1 where codes stand by ordinal, 2 where they stand by place in the order |
/// | 1 | 1 [Keys], 2 [Steps] |
/// | … | the dictionary |
/// | … | codes, in the first case as [Column] |
/// | 4 + 4n | ordinals by code; none where the order is left out |
final class SortedNumbers implements TypedValues {
  private static final int[] NONE = {};

  /// Rows compared at a time when all are.
  private static final int BLOCK = 4_096;

  /// Rows that are compared in the time in which one is copied.
  private static final int COMPARED_IN_STEP = 16;

  private final ValueType type;
  private final int size;
  private final Dictionary dictionary;
  private final Optional<Column> column;
  private final int[] codes;
  private final int[] ordinals;

  /// Whether no two rows have the same number; known where the order is left out.
  private final boolean isEachOnce;

  /// @param column codes by ordinal, where no row has two values and enough have one
  /// @param codes by place in `ordinals`; empty where there is a column
  /// @param ordinals by ascending code; empty where rows are found by their codes
  private SortedNumbers(
      ValueType type,
      int size,
      Dictionary dictionary,
      Optional<Column> column,
      int[] codes,
      int[] ordinals) {
    this.type = type;
    this.size = size;
    this.dictionary = dictionary;
    this.column = column;
    this.codes = codes;
    this.ordinals = ordinals;
    this.isEachOnce = ordinals.length == 0 && column.isPresent() && isEachOnce(column.get(), size);
  }

  private static boolean isEachOnce(Column column, int size) {
    RoaringBitmap seen = new RoaringBitmap();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      int code = column.code(ordinal);
      if (code > 0 && !seen.checkedAdd(code)) {
        return false;
      }
    }
    return true;
  }

  /// @param size number of ordinals of the part
  /// @param keys ascending, at least one
  /// @param ordinals of the same length, ascending among equal keys
  static SortedNumbers of(ValueType type, int size, long[] keys, int[] ordinals) {
    long[] distinct = Arrays.stream(keys).distinct().toArray();
    Keys listed = new Keys(type, distinct);
    Optional<Steps> steps =
        Steps.of(type, distinct)
            .filter(
                all ->
                    all.bytes() + Column.bytes(size, all.count())
                        <= listed.bytes() + Column.bytes(size, listed.count()));
    int[] codes = new int[keys.length];
    for (int i = 0, code = -1; i < keys.length; i++) {
      code += i == 0 || keys[i] != keys[i - 1] ? 1 : 0;
      codes[i] = 1 + (steps.isPresent() ? steps.get().codeOf(keys[i]) : code);
    }
    Dictionary dictionary = steps.<Dictionary>map(all -> all).orElse(listed);
    Optional<Column> column = column(dictionary.count(), size, codes, ordinals);
    boolean isUnlisted = column.isPresent() && steps.isEmpty() && distinct.length == keys.length;
    return new SortedNumbers(
        type,
        size,
        dictionary,
        column,
        column.isPresent() ? NONE : codes,
        isUnlisted ? NONE : ordinals);
  }

  private static Optional<Column> column(int count, int size, int[] codes, int[] ordinals) {
    if (!Column.isWorthwhile(ordinals.length, size)) {
      return Optional.empty();
    }
    int[] byOrdinal = new int[size];
    for (int i = 0; i < ordinals.length; i++) {
      if (byOrdinal[ordinals[i]] != 0) {
        return Optional.empty();
      }
      byOrdinal[ordinals[i]] = codes[i];
    }
    return Optional.of(Column.of(byOrdinal, count));
  }

  @Override
  public ValueType type() {
    return type;
  }

  @Override
  public int valueCount() {
    return isUnlisted() ? dictionary.count() : ordinals.length;
  }

  /// Whether some row has each value of the dictionary.
  boolean isListedByValue() {
    return isUnlisted() && dictionary instanceof Keys;
  }

  Object value(int code) {
    return dictionary.value(code);
  }

  /// Tells the value of each ordinal that has one; only where rows are known by their column.
  void forEach(AttributeField.Holders holders) {
    Column all = column.orElseThrow();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      int code = all.code(ordinal);
      if (code > 0) {
        holders.accept(code - 1, ordinal);
      }
    }
  }

  private boolean isUnlisted() {
    return ordinals.length == 0;
  }

  @Override
  public RoaringBitmap holding(Object value) {
    return slice(codesOf(value));
  }

  @Override
  public RoaringBitmap holdingOther(Set<Object> excluded) {
    RoaringBitmap others = any();
    for (Object value : excluded) {
      others.andNot(holding(value));
    }
    if (column.isEmpty()) {
      addOthers(excluded, others);
    }
    return others;
  }

  /// Adds the rows that hold an excluded value and another one.
  private void addOthers(Set<Object> excluded, RoaringBitmap others) {
    int[] sorted =
        excluded.stream().mapToInt(value -> dictionary.find(value) + 1).sorted().toArray();
    for (int i = 0; i < ordinals.length; i++) {
      if (Arrays.binarySearch(sorted, codes[i]) < 0) {
        others.add(ordinals[i]);
      }
    }
  }

  @Override
  public RoaringBitmap between(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    return slice(codesBetween(isHighEnough, isLowEnough));
  }

  @Override
  public RoaringBitmap any() {
    return Reordering.bitmap(isUnlisted() ? scan(1, dictionary.count()) : ordinals, size);
  }

  @Override
  public Optional<Column> column(int partSize) {
    return column;
  }

  @Override
  public CodeInterval codesOf(Object value) {
    int code = dictionary.find(value);
    return code < 0 ? CodeInterval.EMPTY : new CodeInterval(code + 1, code + 1);
  }

  @Override
  public CodeInterval codesBetween(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    return new CodeInterval(
        dictionary.firstWhere(isHighEnough) + 1, dictionary.firstWhere(isLowEnough.negate()));
  }

  @Override
  public long countOf(int low, int high) {
    if (isUnlisted()) {
      return isEachOnce ? Math.min(size, high - low + 1L) : size;
    }
    return (long) placeOf(high + 1) - placeOf(low);
  }

  @Override
  public int[] holdersOf(int low, int high) {
    return isUnlisted()
        ? scan(low, high)
        : Arrays.copyOfRange(ordinals, placeOf(low), placeOf(high + 1));
  }

  @Override
  public long holderSteps(int low, int high) {
    return countOf(low, high) + (isUnlisted() ? size / COMPARED_IN_STEP : 0);
  }

  private int[] scan(int low, int high) {
    Column all = column.orElseThrow();
    int[] found = new int[(int) Math.min(size, countOf(low, high))];
    int count = 0;
    long[] mask = new long[BLOCK / 64];
    for (int from = 0; from < size && count < found.length; from += BLOCK) {
      int to = Math.min(size, from + BLOCK);
      all.between(low, high, from, to, mask);
      for (int word = 0; word << 6 < to - from; word++) {
        for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
          found[count++] = from + (word << 6) + Long.numberOfTrailingZeros(bits);
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  /// The same with the column alone, where there is one.
  @Override
  public TypedValues slim(int partSize) {
    return column.isEmpty() || isUnlisted() ? this : ofColumn(type, size, dictionary, column.get());
  }

  /// Numbers known by their column alone.
  ///
  /// @param column places in the dictionary, plus one
  static SortedNumbers ofColumn(ValueType type, int size, Dictionary dictionary, Column column) {
    return new SortedNumbers(type, size, dictionary, Optional.of(column), NONE, NONE);
  }

  @Override
  public SortedNumbers reorder(Reordering reordering) {
    int[] moved = new int[ordinals.length];
    Arrays.setAll(moved, i -> reordering.apply(ordinals[i]));
    Optional<Column> movedColumn = column;
    if (column.isPresent()) {
      int[] byOrdinal = new int[size];
      for (int ordinal = 0; ordinal < size; ordinal++) {
        byOrdinal[reordering.apply(ordinal)] = column.get().code(ordinal);
      }
      movedColumn = Optional.of(Column.of(byOrdinal, dictionary.count()));
    }
    return new SortedNumbers(type, size, dictionary, movedColumn, codes, moved);
  }

  @Override
  public void collect(int[] rowOf, ValueCollector into) {
    int[] pairRows = column.isPresent() ? rowOf : new int[ordinals.length];
    int[] pairCodes = column.isPresent() ? new int[size] : codes;
    if (column.isPresent()) {
      Arrays.setAll(pairCodes, column.get()::code);
    } else {
      Arrays.setAll(pairRows, i -> rowOf[ordinals[i]]);
    }
    if (dictionary.count() <= PostingValues.MAX_VALUES) {
      collectByCode(pairRows, pairCodes, into);
      return;
    }
    for (int i = 0; i < pairCodes.length; i++) {
      if (pairCodes[i] > 0 && pairRows[i] >= 0) {
        into.addKey(ValueKeys.of(type, dictionary.value(pairCodes[i] - 1)), pairRows[i]);
      }
    }
  }

  private void collectByCode(int[] pairRows, int[] pairCodes, ValueCollector into) {
    int[] next = new int[dictionary.count() + 2];
    for (int i = 0; i < pairCodes.length; i++) {
      next[pairCodes[i] + 1] += pairRows[i] >= 0 ? 1 : 0;
    }
    Arrays.parallelPrefix(next, Integer::sum);
    int[] sorted = new int[next[next.length - 1]];
    int[] start = next.clone();
    for (int i = 0; i < pairCodes.length; i++) {
      if (pairRows[i] >= 0) {
        sorted[next[pairCodes[i]]++] = pairRows[i];
      }
    }
    for (int code = 1; code <= dictionary.count(); code++) {
      int[] rows = Arrays.copyOfRange(sorted, start[code], start[code + 1]);
      into.addAll(dictionary.value(code - 1), rows, rows.length);
    }
  }

  @Override
  public long bytes(int partSize) {
    long columnBytes = column.isPresent() ? Column.bytes(size, dictionary.count()) : 0;
    return dictionary.bytes()
        + columnBytes
        + 4L * codes.length
        + 4L * ordinals.length
        + OBJECT_BYTES;
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeByte(column.isPresent() ? 1 : 2);
    out.writeByte(dictionary instanceof Steps ? 2 : 1);
    dictionary.write(out);
    if (column.isPresent()) {
      column.get().write(out, size);
    } else {
      out.writeInts(codes);
    }
    out.writeInts(ordinals);
  }

  static SortedNumbers read(CheckedReader in, ValueType type, int size) {
    boolean isColumn = in.readByte() == 1;
    Dictionary dictionary = in.readByte() == 2 ? Steps.read(in, type) : Keys.read(in, type);
    Optional<Column> column =
        isColumn ? Optional.of(Column.read(in, size, dictionary.count())) : Optional.empty();
    int[] codes = isColumn ? NONE : in.readInts();
    int[] ordinals = in.readInts();
    if (!isColumn && (ordinals.length == 0 || codes.length != ordinals.length)) {
      throw in.corrupt(codes.length + " codes and " + ordinals.length + " ordinals");
    }
    for (int ordinal : ordinals) {
      if (ordinal < 0 || ordinal >= size) {
        throw in.corrupt("ordinal " + ordinal + " of " + size);
      }
    }
    SortedNumbers numbers = new SortedNumbers(type, size, dictionary, column, codes, ordinals);
    int last = 1;
    for (int i = 0; i < ordinals.length; i++) {
      if (numbers.codeAt(i) < last || numbers.codeAt(i) > dictionary.count()) {
        throw in.corrupt("rows are not in the order of their numbers");
      }
      last = numbers.codeAt(i);
    }
    return numbers;
  }

  private int codeAt(int place) {
    return column.isPresent() ? column.get().code(ordinals[place]) : codes[place];
  }

  /// The first place whose code is not below one.
  private int placeOf(int code) {
    int low = 0;
    int high = ordinals.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (codeAt(middle) < code) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private RoaringBitmap slice(CodeInterval interval) {
    return interval.isEmpty()
        ? Bitmaps.EMPTY
        : Reordering.bitmap(holdersOf(interval.low(), interval.high()), size);
  }
}
