package io.capsdb.embeddings.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.vector.BinaryProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CodesTest {
  /// Rows around a few centres, with most of their variance in a few directions.
  static List<float[]> rows(int count, int dimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom shape = new SplittableRandom(7);
    double[][] directions = Matrices.gaussian(12, dimension, shape);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] row = new float[dimension];
      for (int a = 0; a < directions.length; a++) {
        double along = random.nextGaussian() * 4 / (1 + a);
        for (int k = 0; k < dimension; k++) {
          row[k] += (float) (along * directions[a][k]);
        }
      }
      for (int k = 0; k < dimension; k++) {
        row[k] += (float) (0.3 * random.nextGaussian() + 2);
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void nearestRotationIsOrthogonalAndLeavesRotationsAlone() {
    double[][] rotation = Matrices.gaussian(12, 12, new SplittableRandom(1));
    Matrices.orthonormalize(rotation);
    double[][] scaled = new double[12][];
    for (int i = 0; i < 12; i++) {
      scaled[i] = rotation[i].clone();
      for (int k = 0; k < 12; k++) {
        scaled[i][k] *= 5;
      }
    }
    double[][] back = Matrices.nearestRotation(scaled);
    for (int i = 0; i < 12; i++) {
      assertThat(back[i]).usingComparatorWithPrecision(1e-6).containsExactly(rotation[i]);
    }
    double[][] any = Matrices.nearestRotation(Matrices.gaussian(12, 12, new SplittableRandom(2)));
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        assertThat(Matrices.dot(any[i], any[j])).isCloseTo(i == j ? 1 : 0, within(1e-8));
      }
    }
  }

  @Test
  void inverseTimesMatrixIsTheIdentity() {
    double[][] matrix = Matrices.gaussian(9, 9, new SplittableRandom(3));
    double[][] inverse = Matrices.inverse(matrix);
    for (int i = 0; i < 9; i++) {
      for (int j = 0; j < 9; j++) {
        double sum = 0;
        for (int k = 0; k < 9; k++) {
          sum += matrix[i][k] * inverse[k][j];
        }
        assertThat(sum).isCloseTo(i == j ? 1 : 0, within(1e-9));
      }
    }
    assertThatThrownBy(() -> Matrices.inverse(new double[3][3])).hasMessageContaining("inverse");
  }

  @Test
  void principalAxesHoldTheVariance() {
    CentredRows rows = CentredRows.of(rows(400, 30, 4));
    float[][] axes = PrincipalAxes.of(rows, 12);
    double held = 0;
    for (float[] values : Matrices.products(rows.rows(), axes)) {
      for (float value : values) {
        held += value * value;
      }
    }
    assertThat(held / 400).isGreaterThan(0.97);
  }

  @Test
  void nearestRowsAreThoseOfAPlainScan() {
    float[][] rows = CentredRows.of(rows(60, 10, 5)).rows();
    int[][] near = Neighbours.within(rows, 7);
    for (int i = 0; i < rows.length; i++) {
      int query = i;
      List<Integer> expected =
          IntStream.range(0, 60)
              .filter(j -> j != query)
              .boxed()
              .sorted(
                  java.util.Comparator.comparingDouble(
                      j -> -Matrices.products(new float[][] {rows[query]}, rows)[0][j]))
              .limit(7)
              .toList();
      assertThat(near[i]).containsExactly(expected.stream().mapToInt(j -> j).toArray());
    }
  }

  /// That trained codes find more than those of ITQ is measured on images, by the experiment.
  @Test
  void trainingLowersTheLossAndIsRepeatable() {
    CentredRows base = CentredRows.of(rows(400, 40, 6));
    BinaryCodeConfig config = BinaryCodeConfig.of(16);
    TrainingRows training = TrainingRows.of(base, config);
    BinaryCodeTrainer trainer =
        new BinaryCodeTrainer(config, new RectifiedStraightThroughEstimator());
    BinaryCodeTrainer.Result learned = trainer.fit(training, 1);
    assertThat(learned.loss().getLast()).isLessThan(0.98 * learned.loss().getFirst());
    assertThat(learned.indicators()).hasSize(config.epochs());
    assertThat(trainer.fit(training, 1).matrix()).isDeepEqualTo(learned.matrix());
  }

  @Test
  void codesOfPrincipalAxesFindMoreThanRandomOnes() {
    List<float[]> all = rows(900, 40, 6);
    CentredRows base = CentredRows.of(all.subList(0, 800));
    float[][] queries = CentredRows.around(base.mean(), all.subList(800, 900)).rows();
    int[][] truth = Neighbours.of(queries, base.rows(), 10);
    double itq =
        new CodeSearch(
                TrainingRows.of(base, BinaryCodeConfig.of(16)).iterativeQuantization(1),
                base.rows())
            .recall(queries, truth, 50, false);
    CodeSearch random = new CodeSearch(BaselineCodes.signRandomProjection(40, 16, 1), base.rows());
    assertThat(itq).isGreaterThan(random.recall(queries, truth, 50, false) + 5);
    assertThat(random.recall(queries, truth, 50, true))
        .isGreaterThan(random.recall(queries, truth, 50, false));
    assertThat(random.recall(queries, truth, 800, false)).isEqualTo(100);
  }

  @Test
  void candidatesAreTheNearestCodesTiesByNumber() {
    CentredRows rows = CentredRows.of(rows(200, 20, 3));
    float[][] matrix = BaselineCodes.signRandomProjection(20, 9, 4);
    float[][] values = Matrices.products(rows.rows(), matrix);
    CodeSearch search = new CodeSearch(matrix, rows.rows());
    for (int candidates : new int[] {1, 7, 30, 200}) {
      List<Integer> nearest =
          IntStream.range(0, 200)
              .boxed()
              .sorted(java.util.Comparator.comparingInt(i -> differing(values[0], values[i])))
              .limit(candidates)
              .toList();
      assertThat(search.search(rows.rows()[0], candidates, candidates))
          .containsExactlyInAnyOrder(nearest.stream().mapToInt(i -> i).toArray());
    }
  }

  private static int differing(float[] a, float[] b) {
    int count = 0;
    for (int k = 0; k < a.length; k++) {
      count += (a[k] >= 0) != (b[k] >= 0) ? 1 : 0;
    }
    return count;
  }

  @Test
  void projectionForTheIndexGivesTheCodesOfCentredRows() {
    List<float[]> all = rows(50, 20, 8);
    CentredRows centred = CentredRows.of(all);
    float[][] matrix = BaselineCodes.signRandomProjection(20, 24, 2);
    BinaryProjection projection = Projections.of(matrix, centred.mean());
    float[][] values = Matrices.products(centred.rows(), matrix);
    for (int i = 0; i < 50; i++) {
      long code = projection.code(all.get(i))[0];
      for (int b = 0; b < 24; b++) {
        if (Math.abs(values[i][b]) > 1e-4) {
          assertThat(code >>> b & 1).isEqualTo(values[i][b] >= 0 ? 1 : 0);
        }
      }
    }
  }

  @Test
  void tooFewRowsOrTooManyBitsAreTold() {
    CentredRows few = CentredRows.of(rows(20, 10, 9));
    assertThatThrownBy(() -> TrainingRows.of(few, BinaryCodeConfig.of(4)))
        .hasMessage("codes are learned from more than 20 vectors, there are 20");
    CentredRows rows = CentredRows.of(rows(30, 10, 9));
    assertThatThrownBy(() -> TrainingRows.of(rows, BinaryCodeConfig.of(11)))
        .hasMessage("there are at most 10 axes, 11 were asked for");
    assertThatThrownBy(() -> BinaryCodeConfig.of(0)).hasMessageContaining("bits must be from 1");
    assertThatThrownBy(() -> CentredRows.of(List.of(new float[2], new float[3])))
        .hasMessage("a vector has 3 values, the first has 2");
  }
}
