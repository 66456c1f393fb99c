package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.index.Heritage;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionMergerTest {
  private static final CapsParams PARAMS = new CapsParams(64, 0, 64, 6, 1);

  private static VectorMatrix rows(RandomGenerator random, int count, int dimension) {
    return TestData.matrix(
        TestData.clustered(random, count, dimension).vectors(), dimension, Arena.ofAuto());
  }

  private static Heritage heritage(Metric metric, VectorMatrix rows, List<Integer> shares) {
    return new MergingFactory(new CapsIndexFactory(PARAMS), shares)
        .heritage(metric, rows, new SplittableRandom(7));
  }

  private static Optional<Partitioner.Partitions> merge(
      Metric metric, VectorMatrix rows, Heritage heritage, long seed) {
    PartitionSpace space = PartitionSpace.of(metric, rows);
    VectorMatrix completed = space.complete(rows, Arena.ofAuto());
    return PartitionMerger.of(
            space, completed, heritage, PARAMS, new SplittableRandom(seed), _ -> {})
        .map(PartitionMerger::merge);
  }

  private static double spread(VectorMatrix rows, Partitioner.Partitions partitions) {
    double sum = 0;
    for (int row = 0; row < rows.rowCount(); row++) {
      sum +=
          Kernels.best()
              .squaredL2(rows.row(row), partitions.centroids()[partitions.partitionOf()[row]]);
    }
    return sum / rows.rowCount();
  }

  private static void requireWhole(VectorMatrix rows, Partitioner.Partitions partitions) {
    int count = partitions.centroids().length;
    assertThat(partitions.partitionOf()).hasSize(rows.rowCount());
    assertThat(IntStream.of(partitions.partitionOf()).allMatch(p -> p >= 0 && p < count)).isTrue();
    assertThat(partitions.sizes()).as("no partition is empty").doesNotContain(0);
  }

  @Test
  void mergedPartitionsAreAsTightAndAsEvenAsFreshOnes() {
    for (List<Integer> shares :
        List.of(
            Collections.nCopies(10, 1), // grows tenfold
            List.of(1, 1, 1, 1),
            List.of(20, 1, 2, 1), // hardly grows
            List.of(3, 1))) {
      Seed.repeat(
          1,
          random -> {
            VectorMatrix rows = rows(random, 24_000, 16);
            Partitioner.Partitions merged =
                merge(Metric.EUCLID, rows, heritage(Metric.EUCLID, rows, shares), 1).orElseThrow();
            Partitioner.Partitions fresh =
                new Partitioner(Metric.EUCLID, rows, PARAMS, random, _ -> {}).partition();
            requireWhole(rows, merged);
            assertThat(spread(rows, merged) / spread(rows, fresh))
                .as("squared distance to the centroid, merged to fresh, of pieces %s", shares)
                .isLessThan(1.03);
            assertThat(merged.imbalance()).as("of pieces %s", shares).isLessThan(1.25);
            assertThat((double) merged.centroids().length / fresh.centroids().length)
                .as("partitions, of pieces %s", shares)
                .isBetween(0.75, 1.3);
          });
    }
  }

  @Test
  void rowsKeepTheirPartitionsWhereNothingIsNew() {
    VectorMatrix rows = rows(new Seed(3).random(), 8_000, 8);
    Heritage heritage = heritage(Metric.EUCLID, rows, List.of(1));
    Partitioner.Partitions merged = merge(Metric.EUCLID, rows, heritage, 1).orElseThrow();
    Heritage.Merged own = heritage.merged().getFirst();
    int[] starts = own.index().partitionStarts();
    int kept = 0;
    for (int partition = 0; partition + 1 < starts.length; partition++) {
      int first = merged.partitionOf()[own.rowOf()[starts[partition]]];
      boolean isTogether = true;
      for (int i = starts[partition]; i < starts[partition + 1]; i++) {
        isTogether &= merged.partitionOf()[own.rowOf()[i]] == first;
      }
      kept += isTogether ? 1 : 0;
    }
    assertThat(kept).as("of %s", starts.length - 1).isGreaterThan((starts.length - 1) / 2);
  }

  @Test
  void partitionsOfRowsThatAreLargelyGoneAreGivenUp() {
    Seed.repeat(
        1,
        random -> {
          VectorMatrix all = rows(random, 20_000, 8);
          Heritage whole = heritage(Metric.EUCLID, all, List.of(1));
          int[] rowOf = whole.merged().getFirst().rowOf().clone();
          int[] kept = IntStream.range(0, 20_000).filter(_ -> random.nextInt(10) < 3).toArray();
          int[] place = new int[20_000];
          java.util.Arrays.fill(place, -1);
          for (int i = 0; i < kept.length; i++) {
            place[kept[i]] = i;
          }
          for (int i = 0; i < rowOf.length; i++) {
            rowOf[i] = place[rowOf[i]];
          }
          VectorMatrix rows =
              TestData.matrix(IntStream.of(kept).mapToObj(all::row).toList(), 8, Arena.ofAuto());
          Heritage heritage =
              new Heritage(
                  List.of(new Heritage.Merged(whole.merged().getFirst().index(), rowOf)),
                  Optional.empty());
          Partitioner.Partitions merged = merge(Metric.EUCLID, rows, heritage, 1).orElseThrow();
          requireWhole(rows, merged);
          assertThat((double) kept.length / merged.centroids().length)
              .as("rows per partition")
              .isBetween(64 / 1.6, 64 * 1.6);
          assertThat(merged.imbalance()).isLessThan(1.3);
        });
  }

  @Test
  void centroidsAreTheMeansOfTheirRows() {
    VectorMatrix rows = rows(new Seed(4).random(), 6_000, 4);
    Partitioner.Partitions merged =
        merge(Metric.EUCLID, rows, heritage(Metric.EUCLID, rows, List.of(2, 1)), 1).orElseThrow();
    double[][] sums = new double[merged.centroids().length][4];
    for (int row = 0; row < 6_000; row++) {
      for (int i = 0; i < 4; i++) {
        sums[merged.partitionOf()[row]][i] += rows.row(row)[i];
      }
    }
    int[] sizes = merged.sizes();
    for (int p = 0; p < sums.length; p++) {
      for (int i = 0; i < 4; i++) {
        assertThat((double) merged.centroids()[p][i])
            .isCloseTo(sums[p][i] / sizes[p], within(1e-5));
      }
    }
  }

  /// Rows of a norm that grows from piece to piece: the space of inner products is another one.
  @Test
  void innerProductsArePartitionedInTheNewSpace() {
    VectorMatrix rows = rows(new Seed(6).random(), 9_000, 8);
    for (int row = 0; row < 9_000; row++) {
      float[] vector = rows.row(row);
      for (int i = 0; i < 8; i++) {
        rows.segment()
            .set(
                io.capsdb.vector.Floats.LITTLE_ENDIAN,
                rows.offset(row) + 4L * i,
                vector[i] * (1 + row / 9_000f));
      }
    }
    Partitioner.Partitions merged =
        merge(Metric.DOT, rows, heritage(Metric.DOT, rows, List.of(1, 1, 1)), 1).orElseThrow();
    PartitionSpace space = PartitionSpace.of(Metric.DOT, rows);
    VectorMatrix completed = space.complete(rows, Arena.ofAuto());
    Partitioner.Partitions fresh =
        new Partitioner(Metric.EUCLID, completed, PARAMS, new SplittableRandom(1), _ -> {})
            .partition();
    requireWhole(rows, merged);
    assertThat(spread(completed, merged) / spread(completed, fresh)).isLessThan(1.03);
  }

  @Test
  void equalRowsAreCutAllTheSame() {
    VectorMatrix rows =
        TestData.matrix(Collections.nCopies(6_000, new float[] {1, 2}), 2, Arena.ofAuto());
    Partitioner.Partitions merged =
        merge(Metric.EUCLID, rows, heritage(Metric.EUCLID, rows, List.of(1, 1, 1)), 1)
            .orElseThrow();
    requireWhole(rows, merged);
    assertThat(merged.imbalance()).isLessThan(1.5);
  }

  @Test
  void theSeedDecides() {
    VectorMatrix rows = rows(new Seed(5).random(), 6_000, 4);
    Heritage heritage = heritage(Metric.EUCLID, rows, List.of(1, 1, 1));
    int[] one = merge(Metric.EUCLID, rows, heritage, 1).orElseThrow().partitionOf();
    assertThat(merge(Metric.EUCLID, rows, heritage, 1).orElseThrow().partitionOf()).isEqualTo(one);
    assertThat(merge(Metric.EUCLID, rows, heritage, 2).orElseThrow().partitionOf())
        .isNotEqualTo(one);
  }

  @Test
  void indexesOfFewRowsAreNoHelp() {
    VectorMatrix rows = rows(new Seed(8).random(), 4_000, 4);
    assertThat(merge(Metric.EUCLID, rows, Heritage.NONE, 1)).isEmpty();
    assertThat(merge(Metric.EUCLID, rows, heritage(Metric.EUCLID, rows, List.of(1, 1)), 1))
        .isPresent();
    Heritage small =
        new Heritage(
            heritage(Metric.EUCLID, rows, Collections.nCopies(40, 1)).merged().subList(0, 1),
            Optional.empty());
    assertThat(merge(Metric.EUCLID, rows, small, 1)).isEmpty();
  }
}
