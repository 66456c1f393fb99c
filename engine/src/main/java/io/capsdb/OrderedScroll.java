package io.capsdb;

import io.capsdb.filter.DateTimes;
import io.capsdb.point.FieldPath;
import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the first points in the order of a field, reading the payloads of all that match.
final class OrderedScroll {
  private final FieldOrder order;
  private final FieldPath path;
  private final Comparator<Entry> byOrder;

  private record Entry(Number value, PointId id, Found found) {}

  OrderedScroll(FieldOrder order) {
    this.order = order;
    this.path = FieldPath.parse(order.field());
    Comparator<Entry> byValue = (a, b) -> compare(a.value(), b.value());
    this.byOrder = (order.isDescending() ? byValue.reversed() : byValue).thenComparing(Entry::id);
  }

  /// By their exact values: a double has not room for every whole number.
  private static int compare(Number a, Number b) {
    if (a instanceof Long left) {
      return b instanceof Long right
          ? Long.compare(left, right)
          : compareExactly(left, b.doubleValue());
    }
    return b instanceof Long right
        ? -compareExactly(right, a.doubleValue())
        : Double.compare(a.doubleValue() + 0.0, b.doubleValue() + 0.0); // -0.0 is 0
  }

  private static int compareExactly(long whole, double number) {
    int rounded = Double.compare((double) whole, number + 0.0);
    if (rounded != 0) {
      return rounded;
    }
    // 2^63, which the largest whole numbers are rounded to, is beyond all of them.
    return number >= 0x1p63 ? -1 : Long.compare(whole, (long) number);
  }

  List<OrderedPoint> first(SegmentSet set, RowMatcher matcher, int limit, ReadOptions options) {
    Cancellation cancellation = new Cancellation(options.isCancelled());
    PriorityQueue<Entry> worstFirst = new PriorityQueue<>(byOrder.reversed());
    for (SegmentView view : set.views()) {
      matcher
          .rows(view, cancellation)
          .forEach(
              (int row) -> {
                cancellation.passRow();
                for (Number value : values(view, row)) {
                  if (isFromStart(value)) {
                    worstFirst.add(new Entry(value, view.segment().id(row), new Found(view, row)));
                    if (worstFirst.size() > limit) {
                      worstFirst.remove();
                    }
                  }
                }
              });
    }
    List<Entry> entries = new ArrayList<>(worstFirst);
    Collections.sort(entries, byOrder);
    List<StoredPoint> points =
        Found.points(entries.stream().map(Entry::found).toList(), options, cancellation);
    List<OrderedPoint> ordered = new ArrayList<>(entries.size());
    for (int i = 0; i < entries.size(); i++) {
      ordered.add(new OrderedPoint(points.get(i), entries.get(i).value()));
    }
    return ordered;
  }

  private boolean isFromStart(Number value) {
    if (order.start().isEmpty()) {
      return true;
    }
    int compared = compare(value, order.start().get());
    return order.isDescending() ? compared <= 0 : compared >= 0;
  }

  /// Different ones, so that a point comes once for each.
  private Set<Number> values(SegmentView view, int row) {
    Set<Number> values = new LinkedHashSet<>();
    path.any(
        view.payload(row),
        value -> {
          if (value instanceof List<?> list) {
            list.forEach(element -> add(element, values));
          } else {
            add(value, values);
          }
          return false;
        });
    return values;
  }

  private static void add(@Nullable Object element, Set<Number> values) {
    switch (element) {
      case Long number -> values.add(number);
      case Double number -> values.add(number);
      case String text -> DateTimes.parse(text).ifPresent(values::add);
      case null, default -> {}
    }
  }
}
