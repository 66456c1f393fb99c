package io.capsdb.graph;

import io.capsdb.attribute.AttributeField;
import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.ValueType;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Value;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Distances that count attributes too: the distance of the vectors, longer by the share of the
/// attributes that differ (Wang et al., "An Efficient and Robust Framework for Approximate Nearest
/// Neighbor Search with Attribute Constraint", 2023, their fusion distance with both weights as
/// proposed there).
///
/// An attribute is a field with one value a row at most, and not many values. What a query does not
/// ask for does not count.
final class FusedSpace implements Space {
  private static final int MAX_VALUES = 1_000;
  private static final int MAX_ATTRIBUTES = 32;

  /// In the place of a code that is not asked for.
  private static final int FREE = -1;

  private final OfVectors vectors;

  /// By attribute, by row.
  private final int[][] codes;

  private final Map<Filter, Asked> asked;

  /// What an equality asks for.
  private record Asked(int attribute, int code) {}

  private FusedSpace(OfVectors vectors, int[][] codes, Map<Filter, Asked> asked) {
    this.vectors = vectors;
    this.codes = codes;
    this.asked = asked;
  }

  static FusedSpace of(Metric metric, VectorMatrix rows, AttributeIndex attributes) {
    AttributeIndex columned = attributes.withColumns();
    List<int[]> codes = new ArrayList<>();
    Map<Filter, Asked> asked = new HashMap<>();
    for (AttributeField field : columned.fields()) {
      boolean isEqualityType =
          field.type() == ValueType.KEYWORD
              || field.type() == ValueType.INTEGER
              || field.type() == ValueType.BOOLEAN;
      if (!isEqualityType
          || !field.hasPostings()
          || field.valueCount() > MAX_VALUES
          || codes.size() == MAX_ATTRIBUTES) {
        continue;
      }
      Optional<int[]> column = columned.codes(field);
      if (column.isPresent()) {
        for (int code = 0; code < field.valueCount(); code++) {
          asked.put(equality(field.path(), field.value(code)), new Asked(codes.size(), code + 1));
        }
        codes.add(column.get());
      }
    }
    return new FusedSpace(new OfVectors(metric, rows), codes.toArray(int[][]::new), asked);
  }

  private static Filter equality(String path, Object value) {
    return new Filter.In(
        path,
        Set.of(
            switch (value) {
              case String text -> Value.of(text);
              case Long number -> Value.of(number);
              case Boolean flag -> Value.of(flag);
              default -> throw new IllegalStateException("a value of type " + value.getClass());
            }));
  }

  /// A query with what a filter in normal form asks of attributes.
  Origin query(float[] vector, Filter filter) {
    int[] wanted = new int[codes.length];
    Arrays.fill(wanted, FREE);
    List<Filter> parts = filter instanceof Filter.And(List<Filter> all) ? all : List.of(filter);
    for (Filter part : parts) {
      Asked own = asked.get(part);
      if (own != null) {
        wanted[own.attribute()] = own.code();
      }
    }
    return new Origin(vector, wanted);
  }

  /// The same without attributes.
  OfVectors vectors() {
    return vectors;
  }

  @Override
  public int rowCount() {
    return vectors.rowCount();
  }

  @Override
  public Origin newOrigin() {
    return new Origin(new float[vectors.rows().dimension()], new int[codes.length]);
  }

  @Override
  public void copy(int ordinal, Origin into) {
    vectors.copy(ordinal, into);
    for (int attribute = 0; attribute < codes.length; attribute++) {
      into.codes()[attribute] = codes[attribute][ordinal];
    }
  }

  @Override
  public void distances(Origin origin, int[] ordinals, int count, float[] out) {
    vectors.distances(origin, ordinals, count, out);
    int[] wanted = origin.codes();
    for (int i = 0; i < count; i++) {
      int differing = 0;
      for (int attribute = 0; attribute < codes.length; attribute++) {
        boolean differs =
            wanted[attribute] != FREE && wanted[attribute] != codes[attribute][ordinals[i]];
        differing += differs ? 1 : 0;
      }
      if (differing > 0) {
        out[i] += Math.abs(out[i]) * differing / codes.length;
      }
    }
  }
}
