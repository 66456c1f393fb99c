package io.capsdb.server.evaluate;

import io.capsdb.Collection;
import io.capsdb.ReadOptions;
import io.capsdb.ScrollPage;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Value;
import io.capsdb.point.FieldPath;
import io.capsdb.point.PointId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What stands in the top fields of payloads, to make filters from that select about a wanted share
/// of the points.
final class FieldValues {
  private static final int PAGE = 1_024;
  private static final int MAX_FIELDS = 64;
  private static final int MAX_VALUES = 4_096;

  /// Points that are looked at; the first ones, by id.
  private static final int MAX_POINTS = 200_000;

  /// A value is good enough if its share is within this factor of the one that is wanted.
  private static final double NEAR = 2;

  /// A window of numbers is off by so much, at most: a value wins only when it is nearer.
  private static final double NEAR_WINDOW = 1.2;

  private final Map<String, Field> fields = new TreeMap<>();
  private long points;

  private static final class Field {
    final Map<Value, Integer> counts = new HashMap<>();
    double[] numbers = new double[64];
    int numberCount;
    int distinctCount;

    void count(Value value) {
      if (counts.size() < MAX_VALUES || counts.containsKey(value)) {
        counts.merge(value, 1, Integer::sum);
      }
    }

    void add(double number) {
      if (numberCount == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * numberCount);
      }
      numbers[numberCount++] = number;
    }

    void close() {
      numbers = Arrays.copyOf(numbers, numberCount);
      Arrays.sort(numbers);
      distinctCount = (int) Arrays.stream(numbers).distinct().count();
    }
  }

  static FieldValues of(Collection collection, Reporter reporter) {
    FieldValues values = new FieldValues();
    long total = Math.clamp(collection.status().points(), 1, MAX_POINTS);
    ReadOptions payloads = new ReadOptions(true, false, () -> false);
    Optional<PointId> from = Optional.empty();
    do {
      ScrollPage page = collection.scroll(Filter.ALL, from, PAGE, payloads);
      for (StoredPoint point : page.points()) {
        values.add(point.payload().fields());
      }
      reporter.at("reading payloads", "points", Math.min(total, values.points), total);
      from = page.next();
    } while (from.isPresent() && values.points < MAX_POINTS);
    values.fields.values().forEach(Field::close);
    return values;
  }

  private void add(Map<String, @Nullable Object> payload) {
    points++;
    payload.forEach(
        (key, value) -> {
          if (fields.size() >= MAX_FIELDS && !fields.containsKey(key)) {
            return;
          }
          Field field = fields.computeIfAbsent(key, _ -> new Field());
          switch (value) {
            case String text -> field.count(Value.of(text));
            case Boolean flag -> field.count(Value.of(flag));
            case Long number -> {
              field.count(Value.of(number));
              field.add(number.doubleValue());
            }
            case Double number -> field.add(number);
            case null, default -> {}
          }
        });
  }

  /// A filter for about a share of the points; empty where no field gives one.
  Optional<Workload> near(double share, int queryCount) {
    Optional<Filter> window = window(share);
    Optional<Filter> best = window;
    double off = window.isPresent() ? NEAR_WINDOW : NEAR;
    for (Map.Entry<String, Field> field : fields.entrySet()) {
      for (Map.Entry<Value, Integer> value : field.getValue().counts.entrySet()) {
        double own = (double) value.getValue() / points;
        double factor = Math.max(own / share, share / own);
        if (factor < off) {
          off = factor;
          best = Optional.of(new Filter.In(path(field.getKey()), Set.of(value.getKey())));
        }
      }
    }
    return best.map(filter -> Workload.of(FilterText.of(filter), filter, queryCount));
  }

  /// In the field with the most different numbers: those around the median.
  private Optional<Filter> window(double share) {
    String widest = "";
    double[] numbers = {};
    int most = 0;
    for (Map.Entry<String, Field> field : fields.entrySet()) {
      if (field.getValue().numberCount >= points / 2 && field.getValue().distinctCount > most) {
        widest = field.getKey();
        numbers = field.getValue().numbers;
        most = field.getValue().distinctCount;
      }
    }
    if (most * share < 2) {
      return Optional.empty();
    }
    int wanted = Math.clamp(Math.round(share * points), 1, numbers.length);
    int from = (numbers.length - wanted) / 2;
    return Optional.of(
        new Filter.Range(
            path(widest),
            Filter.Bound.including(numbers[from]),
            Filter.Bound.including(numbers[from + wanted - 1])));
  }

  private static String path(String key) {
    return FieldPath.join("", key);
  }
}
