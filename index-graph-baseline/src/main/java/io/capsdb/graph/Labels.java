package io.capsdb.graph;

import io.capsdb.attribute.AttributeField;
import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.ValueType;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// The labels of rows: a label is a value of a field. Fields with many values have none; rows
/// without any label have one of their own, that no filter asks for. Immutable and safe for use by
/// many threads.
final class Labels {
  private static final int MAX_VALUES = 1_000;
  private static final int MAX_LABELS = 10_000;

  private final List<RoaringBitmap> rows = new ArrayList<>();
  private final Map<Filter, Integer> numbers = new HashMap<>();
  private final int[] starts;
  private final int[] byRow;

  private Labels(AttributeIndex attributes) {
    for (AttributeField field : attributes.fields()) {
      if (isLabelled(field) && rows.size() + field.valueCount() <= MAX_LABELS) {
        for (int code = 0; code < field.valueCount(); code++) {
          numbers.put(equality(field.path(), field.value(code)), rows.size());
          rows.add(field.ordinals(code));
        }
      }
    }
    RoaringBitmap without = RoaringBitmap.bitmapOfRange(0, attributes.size());
    rows.forEach(without::andNot);
    if (!without.isEmpty()) {
      rows.add(without);
    }
    this.starts = new int[attributes.size() + 1];
    for (RoaringBitmap each : rows) {
      each.forEach((int row) -> starts[row + 1]++);
    }
    for (int row = 0; row < attributes.size(); row++) {
      starts[row + 1] += starts[row];
    }
    this.byRow = new int[starts[attributes.size()]];
    int[] next = starts.clone();
    for (int label = 0; label < rows.size(); label++) {
      int own = label;
      rows.get(label).forEach((int row) -> byRow[next[row]++] = own);
    }
  }

  static Labels of(AttributeIndex attributes) {
    return new Labels(attributes);
  }

  private static boolean isLabelled(AttributeField field) {
    boolean isEqualityType =
        field.type() == ValueType.KEYWORD
            || field.type() == ValueType.INTEGER
            || field.type() == ValueType.BOOLEAN;
    return isEqualityType && field.hasPostings() && field.valueCount() <= MAX_VALUES;
  }

  private static Filter equality(String path, Object value) {
    return new Filter.In(
        path,
        Set.of(
            switch (value) {
              case String text -> Value.of(text);
              case Long number -> Value.of(number);
              case Boolean flag -> Value.of(flag);
              default -> throw new IllegalStateException("a label of type " + value.getClass());
            }));
  }

  int count() {
    return rows.size();
  }

  /// The rows that have a label; not to be changed.
  RoaringBitmap rows(int label) {
    return rows.get(label);
  }

  /// The labels that every row must have to satisfy a filter in normal form, the rarest first.
  List<Integer> required(Filter filter) {
    List<Filter> parts = filter instanceof Filter.And(List<Filter> all) ? all : List.of(filter);
    return parts.stream()
        .flatMap(part -> Optional.ofNullable(numbers.get(part)).stream())
        .sorted((left, right) -> Integer.compare(size(left), size(right)))
        .toList();
  }

  private int size(int label) {
    return rows.get(label).getCardinality();
  }

  /// The labels of a row, ascending.
  int[] of(int row) {
    return Arrays.copyOfRange(byRow, starts[row], starts[row + 1]);
  }

  /// Whether two rows have a label in common.
  boolean meet(int row, int other) {
    int i = starts[row];
    int j = starts[other];
    while (i < starts[row + 1] && j < starts[other + 1]) {
      if (byRow[i] == byRow[j]) {
        return true;
      }
      if (byRow[i] < byRow[j]) {
        i++;
      } else {
        j++;
      }
    }
    return false;
  }

  /// Whether all labels that two rows have in common are labels of a third one.
  boolean isBetween(int row, int other, int third) {
    int i = starts[row];
    int j = starts[other];
    int t = starts[third];
    while (i < starts[row + 1] && j < starts[other + 1]) {
      if (byRow[i] == byRow[j]) {
        while (t < starts[third + 1] && byRow[t] < byRow[i]) {
          t++;
        }
        if (t == starts[third + 1] || byRow[t] != byRow[i]) {
          return false;
        }
        i++;
        j++;
      } else if (byRow[i] < byRow[j]) {
        i++;
      } else {
        j++;
      }
    }
    return true;
  }
}
