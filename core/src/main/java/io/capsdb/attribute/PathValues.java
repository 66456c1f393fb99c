package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// All that is known of one path.
///
/// @param path a path of keys, as `FieldPath.join` writes it
/// @param filled ordinals where something other than null and `[]` stands
/// @param nulls ordinals where null stands, alone or in an array
/// @param many ordinals with more than one element
/// @param objects ordinals with an element that is an object or an array
/// @param longTexts ordinals with a string too long to be indexed
/// @param types the indexed values
/// @param unindexed types of which some row has a value that is not indexed: documents decide
record PathValues(
    String path,
    RoaringBitmap filled,
    RoaringBitmap nulls,
    RoaringBitmap many,
    RoaringBitmap objects,
    RoaringBitmap longTexts,
    Map<ValueType, TypedValues> types,
    Set<ValueType> unindexed) {
  /// Objects of a path and its place in a table.
  private static final long OBJECT_BYTES = 200;

  boolean isSingleValued() {
    return many.isEmpty();
  }

  PathValues reorder(Reordering reordering) {
    Map<ValueType, TypedValues> moved = new EnumMap<>(ValueType.class);
    types.forEach((type, values) -> moved.put(type, values.reorder(reordering)));
    return new PathValues(
        path,
        reordering.apply(filled),
        reordering.apply(nulls),
        reordering.apply(many),
        reordering.apply(objects),
        reordering.apply(longTexts),
        moved,
        unindexed);
  }

  /// The same with some of the values only.
  PathValues keeping(Map<ValueType, TypedValues> kept) {
    Set<ValueType> without = EnumSet.noneOf(ValueType.class);
    without.addAll(unindexed);
    without.addAll(types.keySet());
    without.removeAll(kept.keySet());
    return new PathValues(path, filled, nulls, many, objects, longTexts, kept, without);
  }

  /// About the bytes in memory of what is known of the path beside the values.
  long bytes() {
    long sum = OBJECT_BYTES + 2L * path.length();
    for (RoaringBitmap bitmap : List.of(filled, nulls, many, objects, longTexts)) {
      sum += Bitmaps.bytes(bitmap);
    }
    return sum;
  }

  void write(CheckedWriter out) {
    out.writeString(path);
    Bitmaps.write(out, filled);
    Bitmaps.write(out, nulls);
    Bitmaps.write(out, many);
    Bitmaps.write(out, objects);
    Bitmaps.write(out, longTexts);
    out.writeInt(unindexed.size());
    unindexed.forEach(type -> out.writeString(type.name()));
    out.writeInt(types.size());
    types.forEach(
        (type, values) -> {
          out.writeString(type.name());
          out.writeByte(
              switch (values) {
                case PostingValues _ -> 1;
                case SortedNumbers _ -> 2;
                case HashedTexts _ -> 3;
              });
          values.write(out);
        });
  }

  static PathValues read(CheckedReader in, int size) {
    String path = in.readString();
    RoaringBitmap filled = Bitmaps.read(in, size);
    RoaringBitmap nulls = Bitmaps.read(in, size);
    RoaringBitmap many = Bitmaps.read(in, size);
    RoaringBitmap objects = Bitmaps.read(in, size);
    RoaringBitmap longTexts = Bitmaps.read(in, size);
    Set<ValueType> unindexed = EnumSet.noneOf(ValueType.class);
    int unindexedCount = in.readLength(1);
    for (int i = 0; i < unindexedCount; i++) {
      unindexed.add(readType(in));
    }
    Map<ValueType, TypedValues> types = new EnumMap<>(ValueType.class);
    int count = in.readLength(1);
    for (int i = 0; i < count; i++) {
      ValueType type = readType(in);
      types.put(type, readValues(in, type, size));
    }
    return new PathValues(path, filled, nulls, many, objects, longTexts, types, unindexed);
  }

  private static TypedValues readValues(CheckedReader in, ValueType type, int size) {
    int kind = in.readByte();
    boolean isNumber = type != ValueType.KEYWORD && type != ValueType.BOOLEAN;
    if (kind == 1) {
      return PostingValues.read(in, type, size);
    }
    if (kind == 2 && isNumber) {
      return SortedNumbers.read(in, type, size);
    }
    if (kind == 3 && type == ValueType.KEYWORD) {
      return HashedTexts.read(in, size);
    }
    throw in.corrupt("an unknown kind of field");
  }

  private static ValueType readType(CheckedReader in) {
    String name = in.readString();
    for (ValueType type : ValueType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw in.corrupt("an unknown type of values");
  }
}
