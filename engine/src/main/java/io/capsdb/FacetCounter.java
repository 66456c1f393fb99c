package io.capsdb;

import io.capsdb.attribute.AttributeField;
import io.capsdb.attribute.AttributeIndex;
import io.capsdb.point.FieldPath;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Counts the values of one field: by postings where they tell all of them, on documents otherwise.
/// Not for more than one thread.
final class FacetCounter {
  private static final Comparator<FacetValue> ORDER =
      Comparator.comparingLong((FacetValue value) -> -value.count())
          .thenComparingInt(value -> kind(value.value()))
          .thenComparing(value -> value.value() instanceof Long number ? number : 0L)
          .thenComparing(value -> String.valueOf(value.value()));

  /// Where fewer rows than one in so many are counted, each of them is looked at.
  private static final int FEW_PART = 8;

  private final FieldPath path;
  private final Cancellation cancellation;
  private final Map<Object, Long> counts = new HashMap<>();

  FacetCounter(FieldPath path, Cancellation cancellation) {
    this.path = path;
    this.cancellation = cancellation;
  }

  private static int kind(Object value) {
    return switch (value) {
      case Boolean _ -> 0;
      case Long _ -> 1;
      default -> 2;
    };
  }

  List<FacetValue> count(SegmentSet set, RowMatcher matcher, int limit) {
    for (SegmentView view : set.views()) {
      RoaringBitmap rows = matcher.rows(view, cancellation);
      Optional<RowAttributes> table = view.segment().attributes();
      Optional<List<AttributeField>> fields = table.flatMap(own -> own.index().countable(path));
      if (fields.isPresent()) {
        // Postings do not know of payloads that were changed since.
        RoaringBitmap changed = RoaringBitmap.and(rows, view.overlay().rows());
        rows.andNot(changed);
        RoaringBitmap ordinals = ordinals(rows, table.get());
        AttributeIndex index = table.get().index();
        for (AttributeField field : fields.get()) {
          Optional<IntUnaryOperator> codeOf =
              ordinals.getLongCardinality() < index.size() / FEW_PART
                  ? index.codeOf(field)
                  : Optional.empty();
          if (codeOf.isPresent()) {
            addCodes(field, codeOf.get(), ordinals);
          } else {
            addPostings(field, ordinals);
          }
        }
        changed.forEach((int row) -> addDocument(view, row));
      } else {
        rows.forEach((int row) -> addDocument(view, row));
      }
    }
    return counts.entrySet().stream()
        .map(entry -> new FacetValue(entry.getKey(), entry.getValue()))
        .sorted(ORDER)
        .limit(limit)
        .toList();
  }

  private static RoaringBitmap ordinals(RoaringBitmap rows, RowAttributes table) {
    IntUnaryOperator ordinalOf = table.ordinalOf();
    RoaringBitmap ordinals = new RoaringBitmap();
    rows.forEach((int row) -> ordinals.add(ordinalOf.applyAsInt(row)));
    return ordinals;
  }

  private void addPostings(AttributeField field, RoaringBitmap ordinals) {
    for (int code = 0; code < field.valueCount(); code++) {
      cancellation.passRow();
      int count = RoaringBitmap.andCardinality(field.ordinals(code), ordinals);
      if (count > 0) {
        counts.merge(field.value(code), (long) count, Long::sum);
      }
    }
  }

  /// Counts row by row: postings are as long as all rows are many.
  private void addCodes(AttributeField field, IntUnaryOperator codeOf, RoaringBitmap ordinals) {
    int[] counted = new int[field.valueCount() + 1];
    ordinals.forEach((int ordinal) -> counted[codeOf.applyAsInt(ordinal)]++);
    for (int code = 1; code < counted.length; code++) {
      if (counted[code] > 0) {
        counts.merge(field.value(code - 1), (long) counted[code], Long::sum);
      }
    }
  }

  private void addDocument(SegmentView view, int row) {
    cancellation.passRow();
    Set<Object> values = new HashSet<>();
    path.any(
        view.payload(row),
        value -> {
          addValue(value, values);
          return false;
        });
    values.forEach(value -> counts.merge(value, 1L, Long::sum));
  }

  private static void addValue(@Nullable Object value, Set<Object> values) {
    switch (value) {
      case String text -> values.add(text);
      case Long number -> values.add(number);
      case Boolean flag -> values.add(flag);
      case List<?> list -> {
        for (Object element : list) {
          if (element instanceof String || element instanceof Long || element instanceof Boolean) {
            values.add(element);
          }
        }
      }
      case null, default -> {}
    }
  }
}
