package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.Payload;
import java.util.List;
import java.util.function.IntPredicate;
import org.roaringbitmap.RoaringBitmap;

/// The typed fields of the rows of one index part, by ordinal.
///
/// Immutable and safe for use by many threads.
public final class AttributeIndex {
  private final int size;

  private AttributeIndex(int size) {
    this.size = size;
  }

  public int size() {
    return size;
  }

  /// The indexed fields, ordered by path and type.
  public List<AttributeField> fields() {
    return List.of();
  }

  /// Whether no row has more than one element at this path, over all types and nulls.
  public boolean isSingleValued(String path) {
    return false;
  }

  /// The same rows in another order: ordinal `i` of the answer is what was ordinal `order[i]`.
  public AttributeIndex reorder(int[] order) {
    return new AttributeIndex(order.length);
  }

  /// Resolves a filter to ordinals.
  ///
  /// @param verify reads the document of an ordinal and tells whether it matches the filter
  public Selection select(Filter filter, IntPredicate verify) {
    if (filter.equals(Filter.ALL)) {
      return Selection.all(size);
    }
    return new Selection(size, new RoaringBitmap(), RoaringBitmap.bitmapOfRange(0, size), verify);
  }

  public void write(CheckedWriter out) {
    out.writeInt(size);
  }

  /// @throws io.capsdb.io.CorruptFileException if the bytes do not hold together
  public static AttributeIndex read(CheckedReader in) {
    return new AttributeIndex(in.readInt());
  }

  /// Collects the payloads of rows in order.
  public static final class Builder {
    private int size;

    public Builder() {}

    /// Adds the next row.
    @SuppressWarnings("unused") // fields are not indexed yet
    public void add(Payload payload) {
      size++;
    }

    public AttributeIndex build() {
      return new AttributeIndex(size);
    }
  }
}
