package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.Value;
import io.capsdb.index.OpenedIndex;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/// The slots of partitions whose trees differ: where the reference code pruned all partitions by
/// the tree of the first one, and lost matches.
class CapsProberTest {
  private static final int CLUSTERS = 8;
  private static final int ROWS_EACH = 64;

  /// Cluster `c` is far from the others. Its rows are mostly of color `c`, some of color `(c + 1) %
  /// 8`; every 7th has no color.
  private static OpenedIndex opened(int height) {
    List<float[]> vectors = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    RandomGenerator random = new Seed(7).random();
    for (int row = 0; row < CLUSTERS * ROWS_EACH; row++) {
      int cluster = row % CLUSTERS;
      vectors.add(TestData.around(random, center(cluster), 1));
      int number = row / CLUSTERS;
      String color = number % 4 == 0 ? "c" + (cluster + 1) % CLUSTERS : "c" + cluster;
      payloads.add(
          number % 7 == 0
              ? Payload.of(Map.of("size", (long) number))
              : Payload.of(
                  Map.of(
                      "color",
                      color,
                      "size",
                      (long) number % 5,
                      "kind",
                      number % 3 == 0 ? "all" : "x")));
    }
    return OpenedIndex.of(
        new CapsIndexFactory(
            new CapsParams(ROWS_EACH, height, 64, 12, 1).withCodes(CodeChoice.NONE)),
        Metric.EUCLID,
        vectors,
        payloads,
        3);
  }

  /// A corner of a cube.
  private static float[] center(int cluster) {
    float[] center = new float[3];
    for (int i = 0; i < 3; i++) {
      center[i] = ((cluster >> i) & 1) == 0 ? 0 : 100;
    }
    return center;
  }

  private static Filter color(String color) {
    return new Filter.In("color", Set.of(Value.of(color)));
  }

  private static ProbeQueue.Outcome search(OpenedIndex opened, Filter filter) {
    return opened.search(new float[3], opened.select(filter), 1_000, SearchBudget.UNBOUNDED);
  }

  @Test
  void partitionsHaveTreesOfTheirOwn() {
    CapsIndex index = (CapsIndex) opened(8).index();
    assertThat(index.layout().partitionCount()).isGreaterThanOrEqualTo(4);
    Set<Object> firstFacts = new HashSet<>();
    for (int partition = 0; partition < index.layout().partitionCount(); partition++) {
      index.slotFacts(partition).forEach(slot -> slot.contained().ifPresent(firstFacts::add));
    }
    assertThat(firstFacts).hasSizeGreaterThan(4);
  }

  /// Bug a of the reference: with an attribute left open, the list of partition 0 pruned them all.
  /// Bug d: with none set, the last slot was left out.
  @Test
  void openAttributesLoseNoRow() {
    for (int height : new int[] {0, 1, 3, 8, 64}) {
      OpenedIndex opened = opened(height);
      List<Filter> filters = new ArrayList<>();
      filters.add(Filter.ALL);
      filters.add(new Filter.IsEmpty("color"));
      filters.add(new Filter.In("size", Set.of(Value.of(3))));
      filters.add(new Filter.Range("size", Bound.including(2.0), Bound.none()));
      filters.add(color("unknown"));
      for (int c = 0; c < CLUSTERS; c++) {
        filters.add(color("c" + c));
        filters.add(new Filter.Not(color("c" + c)));
        filters.add(
            new Filter.And(List.of(color("c" + c), new Filter.In("size", Set.of(Value.of(0))))));
        filters.add(new Filter.Or(List.of(color("c" + c), new Filter.IsEmpty("kind"))));
      }
      for (Filter filter : filters) {
        List<Long> found = new ArrayList<>();
        for (long key : search(opened, filter).hits().keys()) {
          found.add(key);
        }
        assertThat(found)
            .as("%s at height %s", filter, height)
            .containsExactlyInAnyOrderElementsOf(
                opened.matching(filter).stream().map(Integer::longValue).toList());
      }
    }
  }

  @Test
  void slotsAreSkippedAndTakenWholeByTheirFacts() {
    OpenedIndex opened = opened(8);
    ProbeQueue.Outcome outcome = search(opened, color("c3"));
    assertThat(outcome.counters().slotsSkipped).isPositive();
    assertThat(outcome.counters().slotsWhole).isPositive();
    assertThat(outcome.counters().documentsVerified).isZero();
    assertThat(outcome.counters().rowsScored).isEqualTo(opened.matching(color("c3")).size());
    assertThat(outcome.counters().partitionsProbed)
        .as("partitions without the color are not visited")
        .isLessThan(outcome.counters().partitions);
  }

  @Test
  void deletedRowsOfSlotsThatMatchAsAWholeAreLeftOut() {
    OpenedIndex opened = opened(8);
    List<Integer> matching = opened.matching(color("c3"));
    RoaringBitmap deleted = new RoaringBitmap();
    for (int i = 0; i < matching.size(); i += 2) {
      deleted.add(matching.get(i));
    }
    ProbeQueue.Outcome outcome =
        opened.search(
            new float[3], opened.select(color("c3"), deleted), 1_000, SearchBudget.UNBOUNDED);
    assertThat(outcome.hits().size()).isEqualTo(matching.size() / 2);
    for (long key : outcome.hits().keys()) {
      assertThat(deleted.contains((int) key)).isFalse();
    }
  }

  @Test
  void theNearestPartitionIsVisitedFirst() {
    OpenedIndex opened = opened(8);
    for (int c = 0; c < CLUSTERS; c++) {
      float[] query = center(c);
      ProbeQueue.Outcome outcome =
          opened.search(query, opened.select(Filter.ALL), 5, new SearchBudget(1, 0));
      assertThat(outcome.hits().keys())
          .isEqualTo(opened.oracle(query, opened.matching(Filter.ALL), 5).keys());
      assertThat(outcome.isComplete()).isFalse();
      assertThat(outcome.counters().rowsScored).isLessThanOrEqualTo(2 * ROWS_EACH);
    }
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    for (Runnable make :
        List.<Runnable>of(
            () -> new CapsParams(15, 8, 64, 4, 1),
            () -> new CapsParams(16, -1, 64, 4, 1),
            () -> new CapsParams(16, 65, 64, 4, 1),
            () -> new CapsParams(16, 8, 15, 4, 1),
            () -> new CapsParams(16, 8, 16, 0, 1))) {
      assertThatIllegalArgumentException().isThrownBy(make::run).withMessageContaining("was");
    }
  }
}
