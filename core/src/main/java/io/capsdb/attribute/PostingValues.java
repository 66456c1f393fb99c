package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// A sorted dictionary of at most [#MAX_VALUES] distinct values, or [#MAX_TENANTS], and for each
/// the ordinals that hold it.
///
/// | bytes | what |
/// |---|---|
/// | … | dictionary: [Texts] for keywords, [Keys] for others |
/// | … | [Postings] |
final class PostingValues implements TypedValues {
  static final int MAX_VALUES = 4_096;

  /// Of a field that tells tenants apart there may be more.
  static final int MAX_TENANTS = 1 << 17;

  private final ValueType type;
  private final Dictionary dictionary;
  private final Postings postings;
  private final RoaringBitmap any;

  PostingValues(ValueType type, Dictionary dictionary, Postings postings) {
    this.type = type;
    this.dictionary = dictionary;
    this.postings = postings;
    this.any = postings.union(0, postings.codeCount());
    this.any.runOptimize();
    this.any.trim();
  }

  @Override
  public ValueType type() {
    return type;
  }

  @Override
  public int valueCount() {
    return dictionary.count();
  }

  Object value(int code) {
    return dictionary.value(code);
  }

  RoaringBitmap ordinals(int code) {
    return postings.ordinals(code);
  }

  @Override
  public RoaringBitmap holding(Object value) {
    int code = dictionary.find(value);
    return code < 0 ? Bitmaps.EMPTY : postings.ordinals(code);
  }

  @Override
  public RoaringBitmap holdingOther(Set<Object> excluded) {
    Set<Integer> codes = new java.util.HashSet<>();
    excluded.forEach(value -> codes.add(dictionary.find(value)));
    List<RoaringBitmap> parts = new ArrayList<>();
    for (int code = 0; code < postings.codeCount(); code++) {
      if (!codes.contains(code)) {
        parts.add(postings.ordinals(code));
      }
    }
    return FastAggregation.or(parts.iterator());
  }

  @Override
  public RoaringBitmap between(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    CodeInterval codes = codesBetween(isHighEnough, isLowEnough);
    return codes.isEmpty() ? Bitmaps.EMPTY : postings.union(codes.low() - 1, codes.high());
  }

  @Override
  public RoaringBitmap any() {
    return any;
  }

  @Override
  public Optional<Column> column(int size) {
    if (!isSingle() || !Column.isWorthwhile(any.getCardinality(), size)) {
      return Optional.empty();
    }
    int[] codesByOrdinal = new int[size];
    for (int code = 0; code < postings.codeCount(); code++) {
      int own = code + 1;
      postings.ordinals(code).forEach((int ordinal) -> codesByOrdinal[ordinal] = own);
    }
    return Optional.of(Column.of(codesByOrdinal, postings.codeCount()));
  }

  /// Numbers need no postings where they have a column.
  @Override
  public TypedValues slim(int size) {
    if (type != ValueType.INTEGER && type != ValueType.FLOAT && type != ValueType.DATETIME) {
      return this;
    }
    return column(size)
        .<TypedValues>map(own -> SortedNumbers.ofColumn(type, size, dictionary, own))
        .orElse(this);
  }

  private boolean isSingle() {
    return postings.count(0, postings.codeCount()) == any.getCardinality();
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
    return postings.count(low - 1, high);
  }

  @Override
  public int[] holdersOf(int low, int high) {
    return postings.list(low - 1, high);
  }

  @Override
  public OrdinalRange extentOf(int low, int high) {
    return postings.extent(low - 1, high);
  }

  @Override
  public PostingValues reorder(Reordering reordering) {
    return new PostingValues(type, dictionary, postings.reorder(reordering));
  }

  @Override
  public void collect(int[] rowOf, ValueCollector into) {
    for (int code = 0; code < postings.codeCount(); code++) {
      int[] rows = postings.list(code);
      int count = 0;
      for (int ordinal : rows) {
        rows[count] = rowOf[ordinal];
        count += rowOf[ordinal] >= 0 ? 1 : 0;
      }
      into.addAll(dictionary.value(code), rows, count);
    }
  }

  @Override
  public long bytes(int size) {
    long column =
        isSingle() && Column.isWorthwhile(any.getCardinality(), size)
            ? Column.bytes(size, postings.codeCount())
            : 0;
    return dictionary.bytes() + postings.bytes() + Bitmaps.bytes(any) + column + OBJECT_BYTES;
  }

  @Override
  public void write(CheckedWriter out) {
    dictionary.write(out);
    postings.write(out);
  }

  static PostingValues read(CheckedReader in, ValueType type, int size) {
    Dictionary dictionary = type == ValueType.KEYWORD ? Texts.read(in) : Keys.read(in, type);
    if (dictionary.count() > MAX_TENANTS) {
      throw in.corrupt(
          "a dictionary of " + dictionary.count() + " values, at most " + MAX_TENANTS + " can be");
    }
    return new PostingValues(type, dictionary, Postings.read(in, dictionary.count(), size));
  }
}
