package io.capsdb.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.attribute.Selection;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class ProbeQueueTest {
  /// An index of scripted partitions: each at a distance, with rows at distances.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scripted(float[] partitions, float[][] rows, List<Integer> visited)
      implements VectorIndex {
    @Override
    public String kind() {
      return "scripted";
    }

    @Override
    public Metric metric() {
      return Metric.EUCLID;
    }

    @Override
    public VectorMatrix vectors() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Prober prober(float[] query, Selection selection, SearchBudget budget) {
      return new Prober() {
        private int next;

        @Override
        public float nextDistance() {
          return next < partitions.length ? partitions[next] : Float.POSITIVE_INFINITY;
        }

        @Override
        public void probeNext(RowSink sink) {
          int[] ordinals = new int[rows[next].length];
          for (int i = 0; i < ordinals.length; i++) {
            ordinals[i] = 100 * next + i;
          }
          sink.scored(ordinals.length);
          sink.offer(ordinals, rows[next], ordinals.length);
          visited.add(next++);
        }

        @Override
        public int partitionCount() {
          return partitions.length;
        }
      };
    }
  }

  private static Scripted scripted(float[] partitions, float[]... rows) {
    return new Scripted(partitions, rows, new ArrayList<>());
  }

  private static ProbeQueue.Outcome search(int k, SearchBudget budget, VectorIndex... indexes) {
    return ProbeQueue.search(
        Arrays.stream(indexes)
            .map(index -> new ProbeQueue.Source(index, Selection.all(1)))
            .toList(),
        new float[1],
        k,
        budget,
        Long::compare);
  }

  @Test
  void theNearestPartitionOfAllIndexesComesNext() {
    List<Integer> order = new ArrayList<>();
    Scripted left = new Scripted(new float[] {1, 4}, new float[][] {{1}, {4}}, order);
    Scripted right = new Scripted(new float[] {2, 3}, new float[][] {{2}, {3}}, new ArrayList<>());
    ProbeQueue.Outcome outcome = search(3, new SearchBudget(1, 0), left, right);
    assertThat(order).as("the farthest is not needed").containsExactly(0);
    assertThat(right.visited()).containsExactly(0, 1);
    assertThat(outcome.hits().distances()).containsExactly(1, 2, 3);
    assertThat(outcome.hits().keys()).containsExactly(0, 1L << 32, (1L << 32) + 100);
    assertThat(outcome.isComplete()).isFalse();
    assertThat(outcome.counters().partitions).isEqualTo(4);
    assertThat(outcome.counters().partitionsProbed).isEqualTo(3);
    assertThat(outcome.counters().rowsScored).isEqualTo(3);
  }

  @Test
  void probingGoesOnUntilThereAreAsManyHitsAsWanted() {
    float[][] rows = {{}, {5}, {}, {}, {6}, {7}};
    Scripted index = scripted(new float[] {1, 2, 3, 4, 5, 6}, rows);
    ProbeQueue.Outcome outcome = search(2, new SearchBudget(1, 0), index);
    assertThat(outcome.hits().distances()).containsExactly(5, 6);
    assertThat(index.visited()).containsExactly(0, 1, 2, 3, 4);
    assertThat(outcome.isComplete()).isFalse();
  }

  @Test
  void aSearchIsCompleteWhereNothingIsLeft() {
    Scripted index = scripted(new float[] {1, 2}, new float[] {1}, new float[] {2});
    assertThat(search(2, new SearchBudget(1, 0), index).isComplete())
        .as("the last partition was visited because it was needed")
        .isTrue();
    assertThat(search(1, new SearchBudget(1, 0), index).isComplete()).isFalse();
    assertThat(search(5, new SearchBudget(1, 0), index).hits().size()).isEqualTo(2);
    ProbeQueue.Outcome nothing = search(5, new SearchBudget(1, 0));
    assertThat(nothing.isComplete()).isTrue();
    assertThat(nothing.hits().size()).isZero();
  }

  @Test
  void theBudgetIsSpentOnCandidatesAndOnPatience() {
    float[] far = {9, 9, 9};
    float[] partitions = {1, 2, 3, 4, 5, 6};
    float[][] rows = {{1, 1}, far, far, {0}, far, far};
    Scripted byCandidates = scripted(partitions, rows);
    search(2, new SearchBudget(5, 0), byCandidates);
    assertThat(byCandidates.visited()).containsExactly(0, 1);
    Scripted byPatience = scripted(partitions, rows);
    search(2, new SearchBudget(1, 4), byPatience);
    assertThat(byPatience.visited()).as("four rows without a hit").containsExactly(0, 1, 2);
    Scripted withAHit = scripted(partitions, rows);
    ProbeQueue.Outcome outcome = search(2, new SearchBudget(1, 7), withAHit);
    assertThat(withAHit.visited()).as("patience begins anew").containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(outcome.hits().distances()).containsExactly(0, 1);
    Scripted unbounded = scripted(partitions, rows);
    assertThat(search(1, SearchBudget.UNBOUNDED, unbounded).isComplete()).isTrue();
    assertThat(unbounded.visited()).hasSize(6);
  }

  @Test
  void severalIndexesGiveWhatOneOfAllRowsGives() {
    Seed.repeat(
        10,
        random -> {
          TestData data = TestData.clustered(random, 300, 5);
          List<float[]> rows = new ArrayList<>(data.vectors());
          rows.addAll(data.vectors().subList(0, 50)); // ties across the indexes
          int[] cuts = {0, random.nextInt(175), 175 + random.nextInt(175), rows.size()};
          List<ProbeQueue.Source> sources = new ArrayList<>();
          for (int i = 0; i + 1 < cuts.length; i++) {
            sources.add(source(random, rows.subList(cuts[i], cuts[i + 1])));
          }
          RoaringBitmap allowed = new RoaringBitmap();
          for (int i = 0; i < sources.size(); i++) {
            int start = cuts[i];
            sources.get(i).selection().certain().forEach((int o) -> allowed.add(start + o));
          }
          VectorMatrix matrix = TestData.matrix(rows, 5, Arena.ofAuto());
          ProbeQueue.Source whole =
              new ProbeQueue.Source(
                  new ExactIndex(Metric.EUCLID, matrix), Selection.exactly(rows.size(), allowed));
          float[] query = data.queries().getFirst();
          Hits together =
              ProbeQueue.search(sources, query, 30, SearchBudget.UNBOUNDED, Long::compare).hits();
          Hits one =
              ProbeQueue.search(List.of(whole), query, 30, SearchBudget.UNBOUNDED, Long::compare)
                  .hits();
          assertThat(together.distances()).isEqualTo(one.distances());
          for (int i = 0; i < together.size(); i++) {
            long key = together.keys()[i];
            assertThat(cuts[(int) (key >>> 32)] + (int) key).isEqualTo((int) one.keys()[i]);
          }
        });
  }

  private static ProbeQueue.Source source(RandomGenerator random, List<float[]> rows) {
    RoaringBitmap allowed = new RoaringBitmap();
    for (int i = 0; i < rows.size(); i++) {
      if (random.nextInt(3) > 0) {
        allowed.add(i);
      }
    }
    VectorMatrix matrix = TestData.matrix(rows, 5, Arena.ofAuto());
    return new ProbeQueue.Source(
        new ExactIndex(Metric.EUCLID, matrix), Selection.exactly(rows.size(), allowed));
  }

  @Test
  void budgetsThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SearchBudget(0, 0))
        .withMessage("candidates must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SearchBudget(1, -1))
        .withMessage("patience must be at least 0, was -1");
    assertThat(SearchBudget.defaultFor(10).candidates()).isPositive();
  }
}
