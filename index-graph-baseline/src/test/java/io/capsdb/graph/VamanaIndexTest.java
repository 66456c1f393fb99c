package io.capsdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Value;
import io.capsdb.index.Hits;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.OpenedIndex;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndexContract;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The graphs that were built with attributes in view.
class VamanaIndexTest {
  private static final VamanaParams SMALL = new VamanaParams(6, 20, 1.2, 12);

  private static IndexFactory factory(String kind) {
    return switch (kind) {
      case "filtered-vamana" ->
          new VamanaIndexFactory(VamanaIndexFactory.Form.FILTERED, VamanaParams.DEFAULT);
      case "stitched-vamana" ->
          new VamanaIndexFactory(VamanaIndexFactory.Form.STITCHED, VamanaParams.DEFAULT);
      default -> new NhqIndexFactory(GraphParams.DEFAULT);
    };
  }

  @Nested
  class Filtered extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new VamanaIndexFactory(VamanaIndexFactory.Form.FILTERED, SMALL);
    }
  }

  @Nested
  class Stitched extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new VamanaIndexFactory(VamanaIndexFactory.Form.STITCHED, SMALL);
    }
  }

  @Nested
  class Nhq extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new NhqIndexFactory(new GraphParams(4, 16));
    }
  }

  /// Labels 0 to 7, and a second field of 3 values.
  private static TestData labelled(java.util.random.RandomGenerator random, int rows) {
    TestData data = TestData.clustered(random, rows, 16);
    List<Payload> payloads = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      payloads.add(
          Payload.of(Map.of("label", (long) random.nextInt(8), "kind", "k" + random.nextInt(3))));
    }
    return new TestData(data.vectors(), payloads, data.queries());
  }

  @ParameterizedTest
  @ValueSource(strings = {"filtered-vamana", "stitched-vamana", "nhq"})
  void walksUnderALabelFindNearlyAllAndReadFewRows(String kind) {
    Seed.repeat(
        1,
        random -> {
          TestData data = labelled(random, 6_000);
          OpenedIndex opened =
              OpenedIndex.of(
                  factory(kind), Metric.EUCLID, data.vectors(), data.payloads(), random.nextLong());
          Filter filter = new Filter.In("label", Set.of(Value.of(3)));
          List<Integer> matching = opened.matching(filter);
          int found = 0;
          long read = 0;
          for (float[] query : data.queries()) {
            Hits right = opened.oracle(query, matching, 10);
            Set<Long> keys = new HashSet<>();
            for (long key : right.keys()) {
              keys.add(key);
            }
            ProbeQueue.Outcome outcome =
                opened.search(query, opened.select(filter), 10, new SearchBudget(150, 0));
            for (long key : outcome.hits().keys()) {
              found += keys.contains(key) ? 1 : 0;
            }
            read += outcome.counters().vectorsRead;
          }
          assertThat(found / (10.0 * data.queries().size())).isGreaterThanOrEqualTo(0.9);
          assertThat(read / data.queries().size()).isLessThan(2_500);
        });
  }

  @Test
  void labelsAreTheValuesOfFieldsAndOneForRowsWithout() {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    builder.add(Payload.of(Map.of("a", "x", "b", 1L)));
    builder.add(Payload.of(Map.of("a", List.of("x", "y"))));
    builder.add(Payload.empty());
    builder.add(Payload.of(Map.of("a", "y", "b", 1L)));
    Labels labels = Labels.of(builder.build());
    assertThat(labels.count()).isEqualTo(4);
    assertThat(labels.meet(0, 1)).isTrue();
    assertThat(labels.meet(0, 2)).isFalse();
    assertThat(labels.meet(1, 3)).isTrue();
    assertThat(labels.isBetween(0, 3, 1)).as("b = 1 is no label of row 1").isFalse();
    assertThat(labels.isBetween(0, 1, 1)).isTrue();
    assertThat(labels.isBetween(1, 3, 0)).as("a = y is no label of row 0").isFalse();
    Filter x = new Filter.In("a", Set.of(Value.of("x")));
    Filter one = new Filter.In("b", Set.of(Value.of(1)));
    assertThat(labels.required(x)).hasSize(1);
    assertThat(labels.required(new Filter.And(List.of(x, one)))).hasSize(2);
    assertThat(labels.required(new Filter.Or(List.of(x, one)))).isEmpty();
    assertThat(labels.rows(labels.required(x).getFirst()).toArray()).containsExactly(0, 1);
  }

  @Test
  void badValuesAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VamanaParams(1, 100, 1.2, 64))
        .withMessage("connections must be in 2..256, was 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VamanaParams(32, 10, 1.2, 64))
        .withMessage("beamWidth must be in 32..10000, was 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VamanaParams(32, 100, 0.5, 64))
        .withMessage("stretch must be in 1..10, was 0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VamanaParams(32, 100, 1.2, 16))
        .withMessage("stitched must be in 32..1024, was 16");
  }
}
