package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.EnumMap;
import java.util.Map;
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
record PathValues(
    String path,
    RoaringBitmap filled,
    RoaringBitmap nulls,
    RoaringBitmap many,
    RoaringBitmap objects,
    RoaringBitmap longTexts,
    Map<ValueType, TypedValues> types) {

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
        moved);
  }

  void write(CheckedWriter out) {
    out.writeString(path);
    Bitmaps.write(out, filled);
    Bitmaps.write(out, nulls);
    Bitmaps.write(out, many);
    Bitmaps.write(out, objects);
    Bitmaps.write(out, longTexts);
    out.writeInt(types.size());
    types.forEach(
        (type, values) -> {
          out.writeString(type.name());
          out.writeByte(values instanceof PostingValues ? 1 : 2);
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
    Map<ValueType, TypedValues> types = new EnumMap<>(ValueType.class);
    int count = in.readLength(1);
    for (int i = 0; i < count; i++) {
      ValueType type = readType(in);
      TypedValues values =
          switch (in.readByte()) {
            case 1 -> PostingValues.read(in, type, size);
            case 2 -> SortedValues.read(in, type, size);
            default -> throw in.corrupt("an unknown kind of field");
          };
      types.put(type, values);
    }
    return new PathValues(path, filled, nulls, many, objects, longTexts, types);
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
