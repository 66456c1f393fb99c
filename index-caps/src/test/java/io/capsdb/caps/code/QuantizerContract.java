package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.index.CostModel;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.MemoryParts;
import io.capsdb.testdata.Damage;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every form of codes holds to, whatever it is.
abstract class QuantizerContract {
  private static final int PARTITIONS = 6;

  /// Dimensions that are worth a test.
  abstract int[] dimensions();

  /// The quantizer for rows like these.
  abstract Quantizer quantizer(List<List<float[]>> partitions);

  /// Of the space of the partitions.
  Metric metric() {
    return Metric.EUCLID;
  }

  /// Share of the distances by which estimates of the rows around the query may be off, on average.
  abstract double meanError();

  /// Share of rows at or above their bound at one deviation.
  double leastAtOne() {
    return 0.75;
  }

  /// The same at three.
  double leastAtThree() {
    return 0.99;
  }

  private CodedRows coded(List<List<float[]>> partitions) {
    return CodedRows.of(partitions, quantizer(partitions));
  }

  private double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += metric() == Metric.MANHATTAN ? Math.abs(difference) : difference * difference;
    }
    return sum;
  }

  private float[] toCentroids(CodedRows coded, float[] query) {
    float[] distances = new float[coded.partitionCount()];
    for (int p = 0; p < distances.length; p++) {
      distances[p] = Kernels.best().distance(metric(), query, coded.centroids()[p]);
    }
    return distances;
  }

  private float[] bounds(CodedRows coded, float[] query, float confidence) {
    return coded.bounds(query, confidence, toCentroids(coded, query));
  }

  @Test
  void boundsHoldAsOftenAsTheConfidenceSays() {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : dimensions()) {
            for (double spread : new double[] {0, 1, 4}) {
              CodedRows coded = coded(CodedRows.rows(random, dimension, PARTITIONS, spread));
              long above3 = 0;
              long above1 = 0;
              long count = 0;
              double error = 0;
              double magnitude = 0;
              for (int i = 0; i < 24; i++) {
                float[] query = TestData.around(random, coded.centroids()[i % PARTITIONS], 1);
                float[] one = bounds(coded, query, 1);
                float[] three = bounds(coded, query, 3);
                float[] estimates = bounds(coded, query, 0);
                for (int row = 0; row < one.length; row++) {
                  double distance = distance(query, coded.rows().get(row));
                  double rounding = 1e-5 * (distance + 1);
                  above1 += distance + rounding >= one[row] ? 1 : 0;
                  above3 += distance + rounding >= three[row] ? 1 : 0;
                  if (row >= coded.partitionStart()[i % PARTITIONS]
                      && row < coded.partitionStart()[i % PARTITIONS + 1]) {
                    error += Math.abs(estimates[row] - distance);
                    magnitude += distance;
                  }
                  count++;
                  assertThat(three[row]).isLessThanOrEqualTo(one[row]);
                }
              }
              String what = "%s values, spread %s".formatted(dimension, spread);
              assertThat((double) above1 / count).as(what).isGreaterThan(leastAtOne());
              assertThat((double) above3 / count).as(what).isGreaterThan(leastAtThree());
              assertThat(error / magnitude).as(what).isLessThan(meanError());
            }
          }
        });
  }

  /// The rows that matter: those that a search would find.
  @Test
  void theNearestRowsKeepTheirBounds() {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : dimensions()) {
            CodedRows coded = coded(CodedRows.rows(random, dimension, PARTITIONS, 2));
            int above = 0;
            int count = 0;
            for (int i = 0; i < 40; i++) {
              float[] row = coded.rows().get(random.nextInt(coded.rows().size()));
              float[] query = TestData.around(random, row, 0.3 * random.nextFloat());
              float[] bounds = bounds(coded, query, 3);
              List<Integer> nearest =
                  IntStream.range(0, bounds.length)
                      .boxed()
                      .sorted(
                          Comparator.comparingDouble(
                              other -> distance(query, coded.rows().get(other))))
                      .limit(10)
                      .toList();
              for (int near : nearest) {
                double distance = distance(query, coded.rows().get(near));
                above += bounds[near] <= distance * 1.00001 + 1e-5 ? 1 : 0;
                count++;
              }
            }
            assertThat((double) above / count).as("%s values", dimension).isGreaterThan(0.985);
          }
        });
  }

  @Test
  void limitsAndMasksLeaveRowsOut() {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : dimensions()) {
            CodedRows coded = coded(CodedRows.rows(random, dimension, PARTITIONS, 1));
            float[] query = coded.rows().get(3);
            float[] bounds = bounds(coded, query, 1);
            for (float bound : bounds) {
              assertThat(bound).as("an unlimited scan has all rows").isNotNaN();
            }
            float[] distances = toCentroids(coded, query);
            float[] high = coded.highBounds(query, 1, distances);
            float limit = bounds[random.nextInt(bounds.length)];
            CodedQuery code = coded.codes().query(query, 1);
            Candidates candidates = new Candidates();
            int expected = 0;
            for (int p = 0; p < PARTITIONS; p++) {
              int from = coded.partitionStart()[p];
              int rows = coded.partitionStart()[p + 1] - from;
              long[] mask = new long[(rows + 63) / 64];
              for (int i = 0; i < rows; i++) {
                if (random.nextBoolean()) {
                  mask[i >> 6] |= 1L << i;
                  expected += Math.max(bounds[from + i], high[from + i]) < limit ? 1 : 0;
                }
              }
              int before = candidates.count();
              code.scan(p, distances[p], limit, mask, candidates);
              for (int i = before; i < candidates.count(); i++) {
                int row = candidates.rows()[i] - from;
                assertThat(mask[row >> 6] >>> row & 1).as("row %s is asked for", row).isOne();
              }
            }
            // One row may lie at the limit itself; on which side of it is a matter of rounding.
            assertThat(candidates.count()).isBetween(expected - 1, expected + 1);
            for (int i = 0; i < candidates.count(); i++) {
              assertThat(candidates.bounds()[i]).isEqualTo(bounds[candidates.rows()[i]]);
            }
          }
        });
  }

  @Test
  void theNearestCentroidsAreFoundByEstimates() {
    Seed.repeat(
        2,
        random -> {
          int dimension = dimensions()[dimensions().length - 1];
          List<List<float[]>> partitions = new ArrayList<>();
          for (int p = 0; p < 60; p++) {
            float[] center = TestData.around(random, new float[dimension], 1);
            partitions.add(List.of(center, TestData.around(random, center, 0.1)));
          }
          CodedRows coded = coded(partitions);
          for (int i = 0; i < 20; i++) {
            float[] query = TestData.around(random, coded.centroids()[i], 0.2);
            Candidates candidates = new Candidates();
            coded.codes().query(query, 2).estimateCentroids(candidates);
            assertThat(candidates.count()).isEqualTo(60);
            Set<Integer> all = new HashSet<>();
            int best = 0;
            for (int c = 0; c < 60; c++) {
              all.add(candidates.rows()[c]);
              best = candidates.bounds()[c] < candidates.bounds()[best] ? c : best;
            }
            assertThat(all).as("each centroid once").hasSize(60);
            assertThat(candidates.rows()[best]).isEqualTo(i);
          }
        });
  }

  /// The largest and the smallest values that there are, beside usual ones and equal ones.
  @Test
  void rowsOfAnySizeAreBoundOrRead() {
    Seed.repeat(
        2,
        random -> {
          int dimension = dimensions()[0];
          float[] same = TestData.around(random, new float[dimension], 1);
          for (double size : new double[] {1e-40, 1e-25, 1e-6, 1e6, 1e12, 1e17, 1e19, 1e30, 3e37}) {
            List<float[]> scaled = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              float[] row = TestData.around(random, new float[dimension], 1);
              for (int j = 0; j < dimension; j++) {
                row[j] = (float) Math.clamp(row[j] * size, -1e38, 1e38);
              }
              scaled.add(row);
            }
            List<float[]> usual =
                IntStream.range(0, 40)
                    .mapToObj(_ -> TestData.around(random, new float[dimension], 1))
                    .toList();
            List<List<float[]>> partitions =
                List.of(scaled, usual, Collections.nCopies(33, same), List.of(scaled.getFirst()));
            CodedRows coded = coded(partitions);
            for (float[] query : List.of(same, usual.get(3), scaled.get(3))) {
              if (!coded.codes().query(query, 3).isUsable()) {
                assertThat(size).isGreaterThan(1e14);
                continue;
              }
              int above = 0;
              float[] bounds = bounds(coded, query, 3);
              for (int row = 0; row < bounds.length; row++) {
                assertThat(bounds[row]).isNotNaN().isLessThan(Float.POSITIVE_INFINITY);
                double distance = distance(query, coded.rows().get(row));
                above += bounds[row] <= distance * 1.0001 + 1e-4 ? 1 : 0;
              }
              assertThat((double) above / bounds.length).as("size %s", size).isGreaterThan(0.93);
            }
          }
        });
  }

  @Test
  void codesAreReadBackAsWhatTheyAre() {
    List<List<float[]>> partitions =
        CodedRows.rows(new Seed(4).random(), dimensions()[0], PARTITIONS, 1);
    Quantizer quantizer = quantizer(partitions);
    CodedRows coded = CodedRows.of(partitions, quantizer);
    assertThat(coded.codes().name()).isEqualTo(quantizer.name());
    assertThat(coded.codes().scanNanos(CostModel.DEFAULT)).isPositive();
    assertThat(Quantizer.read(new MemoryParts(), coded.partitionStart(), coded.centroids()))
        .isEmpty();
  }

  @Test
  void partsOfOtherRowsAndUnknownFormsAreRefused() {
    CodedRows coded = coded(CodedRows.rows(new Seed(4).random(), dimensions()[0], PARTITIONS, 1));
    int[] start = coded.partitionStart();
    int[] more = start.clone();
    more[PARTITIONS] += 16;
    float[][] wider = new float[PARTITIONS][dimensions()[0] + 64];
    MemoryParts parts = coded.parts();
    byte[] frame = parts.bytes("code-frame");
    byte[] codes = parts.bytes("codes");
    byte[] form = frame.clone();
    form[0] = 99;
    for (Runnable read :
        List.<Runnable>of(
            () -> Quantizer.read(parts, more, coded.centroids()),
            () -> Quantizer.read(parts, start, wider),
            () -> Quantizer.read(parts.with("codes", new byte[64]), start, coded.centroids()),
            () ->
                Quantizer.read(
                    parts.with("codes", Arrays.copyOf(codes, codes.length - 64)),
                    start,
                    coded.centroids()),
            () ->
                Quantizer.read(
                    parts.with("code-frame", Arrays.copyOf(frame, frame.length - 4)),
                    start,
                    coded.centroids()))) {
      assertThatExceptionOfType(CorruptFileException.class).isThrownBy(read::run);
    }
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> Quantizer.read(parts.with("code-frame", form), start, coded.centroids()))
        .withMessageContaining("codes of form 99, this version reads");
  }

  @Test
  void damagedPartsAreNoticedOrHarmless() {
    Seed.repeat(
        2,
        random -> {
          CodedRows coded = coded(CodedRows.rows(random, dimensions()[0], PARTITIONS, 1));
          for (String part : coded.parts().names()) {
            byte[] bytes = coded.parts().bytes(part);
            for (int i = 0; i < 100; i++) {
              Damage.check(random, bytes, damaged -> use(coded, part, damaged));
            }
          }
        });
  }

  private Object use(CodedRows coded, String part, byte[] damaged) {
    RowCodes codes =
        Quantizer.read(coded.parts().with(part, damaged), coded.partitionStart(), coded.centroids())
            .orElseThrow();
    float[] query = coded.rows().get(3);
    CodedQuery code = codes.query(query, 2);
    float[] distances = toCentroids(coded, query);
    Candidates candidates = new Candidates();
    for (int p = 0; p < PARTITIONS; p++) {
      code.scan(p, distances[p], Float.POSITIVE_INFINITY, null, candidates);
    }
    int[] batch = new int[Candidates.room(40)];
    while (candidates.count() > 0) {
      int taken = candidates.takeBest(24, 40, batch);
      assertThat(taken).isPositive();
      for (int i = 0; i < taken; i++) {
        assertThat(batch[i]).isBetween(0, coded.rows().size() - 1);
      }
    }
    return codes;
  }
}
