package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.caps.code.CodedQuery;
import io.capsdb.index.OpenedIndex;
import io.capsdb.index.QueryMemo;
import io.capsdb.index.SearchBudget;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CentroidQueueTest {
  private static final int NEAREST = 10;

  private static CapsIndex index(TestData data) {
    return (CapsIndex)
        OpenedIndex.of(
                new CapsIndexFactory(new CapsParams(32, 4, 32, 6, 32)), Metric.EUCLID, data, 1)
            .index();
  }

  private static List<Integer> walk(CapsIndex index, float[] query, Optional<CodedQuery> code) {
    CentroidQueue queue = new CentroidQueue(index, query, code, _ -> true);
    float[] distances = index.centroidDistances(query);
    List<Integer> order = new ArrayList<>();
    while (!queue.isEmpty()) {
      assertThat(queue.size()).isEqualTo(distances.length - order.size());
      assertThat(queue.firstDistance()).isEqualTo(distances[queue.first()]);
      order.add(queue.first());
      queue.removeFirst();
    }
    assertThat(queue.size()).isZero();
    assertThatThrownBy(queue::first).isInstanceOf(NoSuchElementException.class);
    return order;
  }

  private static List<Integer> sorted(CapsIndex index, float[] query) {
    float[] distances = index.centroidDistances(query);
    return IntStream.range(0, distances.length)
        .boxed()
        .sorted(Comparator.comparingDouble(partition -> distances[partition]))
        .toList();
  }

  @Test
  void withoutCodesPartitionsComeNearestFirst() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 6_000, 64);
          CapsIndex index = index(data);
          for (float[] query : data.queries()) {
            assertThat(walk(index, query, Optional.empty())).isEqualTo(sorted(index, query));
          }
        });
  }

  @Test
  void withCodesEachComesOnceAndTheNearestAreAmongTheFirst() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 6_000, 64);
          CapsIndex index = index(data);
          assertThat(index.hasCodedCentroids()).as("codes of the centroids").isTrue();
          int found = 0;
          int wanted = 0;
          for (float[] query : data.queries()) {
            Optional<CodedQuery> code =
                index.code(query, SearchBudget.defaultFor(NEAREST), new QueryMemo());
            List<Integer> order = walk(index, query, code);
            List<Integer> right = sorted(index, query);
            assertThat(order).containsExactlyInAnyOrderElementsOf(right);
            assertThat(order.getFirst()).as("the nearest").isEqualTo(right.getFirst());
            found +=
                (int)
                    right.subList(0, NEAREST).stream()
                        .filter(new HashSet<>(order.subList(0, 2 * NEAREST))::contains)
                        .count();
            wanted += NEAREST;
          }
          assertThat((double) found / wanted).as("of the nearest ten").isGreaterThan(0.93);
        });
  }

  /// Some partitions, or nearly none, which is told from the first batch.
  @Test
  void partitionsWithoutAMatchArePassedOver() {
    Seed.repeat(
        2,
        random -> {
          TestData data = TestData.clustered(random, 6_000, 64);
          CapsIndex index = index(data);
          float[] query = data.queries().getFirst();
          float[] distances = index.centroidDistances(query);
          for (int oneOf : new int[] {1, 2, 5, 50}) {
            boolean[] mayMatch = new boolean[distances.length];
            for (int i = 0; i < mayMatch.length; i++) {
              mayMatch[i] = random.nextInt(oneOf) == 0;
            }
            CentroidQueue queue =
                new CentroidQueue(index, query, Optional.empty(), i -> mayMatch[i]);
            List<Integer> order = new ArrayList<>();
            while (!queue.isEmpty()) {
              order.add(queue.first());
              queue.removeFirst();
            }
            assertThat(order)
                .isEqualTo(sorted(index, query).stream().filter(i -> mayMatch[i]).toList());
            float within = distances[random.nextInt(distances.length)];
            assertThat(queue.passedWithin(within))
                .isEqualTo(
                    IntStream.range(0, distances.length)
                        .filter(i -> !mayMatch[i] && distances[i] < within)
                        .count());
          }
        });
  }

  @Test
  void whatIsClearedIsGone() {
    TestData data = TestData.clustered(new Seed(5).random(), 2_000, 32);
    CapsIndex index = index(data);
    CentroidQueue queue =
        new CentroidQueue(index, data.queries().getFirst(), Optional.empty(), _ -> true);
    queue.clear();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.size()).isZero();
  }
}
