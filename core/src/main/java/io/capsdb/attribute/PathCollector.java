package io.capsdb.attribute;

import io.capsdb.filter.DateTimes;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Collects what stands at one path, row by row, in ascending order of ordinals.
final class PathCollector {
  /// Longer strings, in bytes, are not indexed: they are texts, not keywords.
  static final int MAX_KEYWORD_BYTES = 256;

  private final String path;
  private final boolean isTenant;
  private final RoaringBitmap filled = new RoaringBitmap();
  private final RoaringBitmap nulls = new RoaringBitmap();
  private final RoaringBitmap many = new RoaringBitmap();
  private final RoaringBitmap objects = new RoaringBitmap();
  private final RoaringBitmap longTexts = new RoaringBitmap();
  private final Map<ValueType, ValueCollector> types = new EnumMap<>(ValueType.class);

  /// @param isTenant whether its texts tell tenants apart
  PathCollector(String path, boolean isTenant) {
    this.path = path;
    this.isTenant = isTenant;
  }

  void add(int ordinal, @Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      addElement(ordinal, value);
      if (value != null) {
        filled.add(ordinal);
      }
      return;
    }
    for (Object element : list) {
      addElement(ordinal, element);
    }
    if (!list.isEmpty()) {
      filled.add(ordinal);
    }
    if (list.size() > 1) {
      many.add(ordinal);
    }
  }

  /// Adds what another index knows of the path, for the rows that its ordinals have become.
  ///
  /// @param other with all its values
  /// @param rowOf for each ordinal its row; -1 for those that are left out
  void addAll(PathValues other, int[] rowOf) {
    addAll(other.filled(), rowOf, filled);
    addAll(other.nulls(), rowOf, nulls);
    addAll(other.many(), rowOf, many);
    addAll(other.objects(), rowOf, objects);
    addAll(other.longTexts(), rowOf, longTexts);
    other
        .types()
        .forEach(
            (type, values) -> {
              ValueCollector collector = collector(type);
              values.collect(rowOf, collector);
              if (collector.isEmpty()) {
                types.remove(type);
              }
            });
  }

  private static void addAll(RoaringBitmap ordinals, int[] rowOf, RoaringBitmap into) {
    ordinals.forEach(
        (int ordinal) -> {
          if (rowOf[ordinal] >= 0) {
            into.add(rowOf[ordinal]);
          }
        });
  }

  private void addElement(int ordinal, @Nullable Object element) {
    switch (element) {
      case null -> nulls.add(ordinal);
      case Long number -> collector(ValueType.INTEGER).add(ordinal, number);
      case Double number -> collector(ValueType.FLOAT).add(ordinal, number + 0.0);
      case Boolean flag -> collector(ValueType.BOOLEAN).add(ordinal, flag);
      case String text -> addText(ordinal, text);
      default -> objects.add(ordinal);
    }
  }

  private void addText(int ordinal, String text) {
    if (isLong(text)) {
      longTexts.add(ordinal);
      return;
    }
    collector(ValueType.KEYWORD).add(ordinal, text);
    OptionalLong micros = DateTimes.parse(text);
    if (micros.isPresent()) {
      collector(ValueType.DATETIME).add(ordinal, micros.getAsLong());
    }
  }

  static boolean isLong(String text) {
    return text.length() > MAX_KEYWORD_BYTES
        || (text.length() > MAX_KEYWORD_BYTES / 4
            && text.getBytes(StandardCharsets.UTF_8).length > MAX_KEYWORD_BYTES);
  }

  private ValueCollector collector(ValueType type) {
    return types.computeIfAbsent(
        type, own -> new ValueCollector(own, isTenant && own == ValueType.KEYWORD));
  }

  String path() {
    return path;
  }

  /// Rows that hold something at the path.
  int filledCount() {
    return filled.getCardinality();
  }

  PathValues build(int size) {
    Map<ValueType, TypedValues> built = new EnumMap<>(ValueType.class);
    types.forEach((type, collector) -> built.put(type, collector.build(size)));
    return new PathValues(
        path,
        packed(filled),
        packed(nulls),
        packed(many),
        packed(objects),
        packed(longTexts),
        built,
        Set.of());
  }

  private static RoaringBitmap packed(RoaringBitmap bitmap) {
    if (bitmap.isEmpty()) {
      return Bitmaps.EMPTY;
    }
    bitmap.runOptimize();
    bitmap.trim();
    return bitmap;
  }
}
