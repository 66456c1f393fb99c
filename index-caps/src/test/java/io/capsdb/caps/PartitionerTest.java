package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartitionerTest {
  private static Partitioner.Partitions partitions(
      List<float[]> vectors, CapsParams params, long seed, List<Double> progress) {
    VectorMatrix rows = TestData.matrix(vectors, vectors.getFirst().length, Arena.ofAuto());
    return new Partitioner(Metric.EUCLID, rows, params, new SplittableRandom(seed), progress::add)
        .partition();
  }

  private static void requireWhole(Partitioner.Partitions partitions, int rows) {
    assertThat(partitions.partitionOf()).hasSize(rows);
    int count = partitions.centroids().length;
    assertThat(IntStream.of(partitions.partitionOf()).allMatch(p -> p >= 0 && p < count)).isTrue();
    assertThat(partitions.sizes()).as("no partition is empty").doesNotContain(0);
  }

  /// As many partitions as take the two-level way: 20,000 rows of 16 values in clusters.
  @Test
  void partitionsOfClusteredRowsAreBalanced() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 20_000, 16);
          for (int rowsPerPartition : new int[] {512, 64}) {
            List<Double> progress = new ArrayList<>();
            Partitioner.Partitions partitions =
                partitions(
                    data.vectors(),
                    new CapsParams(rowsPerPartition, 8, 64, 6, 1),
                    random.nextLong(),
                    progress);
            requireWhole(partitions, 20_000);
            assertThat(partitions.imbalance())
                .as("size-weighted mean to mean, of %s partitions", partitions.centroids().length)
                .isBetween(1.0, 1.25);
            assertThat(20_000.0 / partitions.centroids().length)
                .as("rows per partition")
                .isBetween(rowsPerPartition / 1.6, rowsPerPartition * 1.6);
            assertThat(progress).isSorted().endsWith(1.0);
          }
        });
  }

  @Test
  void centroidsAreTheMeansOfTheirRows() {
    Seed.repeat(
        2,
        random -> {
          TestData data = TestData.clustered(random, 500, 3);
          Partitioner.Partitions partitions =
              partitions(data.vectors(), new CapsParams(40, 8, 64, 4, 1), 1, new ArrayList<>());
          double[][] sums = new double[partitions.centroids().length][3];
          for (int row = 0; row < 500; row++) {
            for (int i = 0; i < 3; i++) {
              sums[partitions.partitionOf()[row]][i] += data.vectors().get(row)[i];
            }
          }
          for (int p = 0; p < sums.length; p++) {
            for (int i = 0; i < 3; i++) {
              assertThat((double) partitions.centroids()[p][i])
                  .isCloseTo(sums[p][i] / partitions.sizes()[p], within(1e-5));
            }
          }
        });
  }

  @Test
  void equalRowsAreCutAllTheSame() {
    Partitioner.Partitions partitions =
        partitions(
            Collections.nCopies(2_000, new float[] {1, 2, 3}),
            new CapsParams(64, 8, 64, 4, 1),
            1,
            new ArrayList<>());
    requireWhole(partitions, 2_000);
    assertThat(partitions.imbalance()).isLessThan(1.25);
  }

  @Test
  void fewRowsAreOnePartition() {
    for (int count : new int[] {1, 2, 15, 40}) {
      Partitioner.Partitions partitions =
          partitions(
              TestData.clustered(new Seed(count).random(), count, 2).vectors(),
              CapsParams.DEFAULT,
              1,
              new ArrayList<>());
      requireWhole(partitions, count);
      assertThat(partitions.centroids()).hasDimensions(1, 2);
      assertThat(partitions.imbalance()).isEqualTo(1);
    }
  }

  @Test
  void theSeedDecides() {
    List<float[]> rows = TestData.clustered(new Seed(5).random(), 6_000, 4).vectors();
    CapsParams params = new CapsParams(16, 8, 16, 3, 1); // above 256 partitions: two levels
    int[] one = partitions(rows, params, 1, new ArrayList<>()).partitionOf();
    assertThat(partitions(rows, params, 1, new ArrayList<>()).partitionOf()).isEqualTo(one);
    assertThat(partitions(rows, params, 2, new ArrayList<>()).partitionOf()).isNotEqualTo(one);
  }
}
