package io.capsdb.caps.code;

import static io.capsdb.caps.code.CodedRows.squaredDistance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.MemoryParts;
import io.capsdb.testdata.Damage;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryCodesTest {
  /// Mean and deviation of errors, as multiples of what is stated, and the share of rows at or
  /// above their bound at three deviations.
  private record Errors(double mean, double deviation, double shareAbove) {}

  private static Errors errors(CodedRows coded, List<float[]> queries) {
    double[] factors = coded.factors();
    double sum = 0;
    double squares = 0;
    long above = 0;
    long count = 0;
    for (float[] query : queries) {
      float[] estimates = coded.bounds(query, 0);
      float[] bounds = coded.bounds(query, 3);
      for (int p = 0; p < coded.partitionCount(); p++) {
        double toCentroid = Math.sqrt(squaredDistance(query, coded.centroids()[p]));
        for (int row = coded.partitionStart()[p]; row < coded.partitionStart()[p + 1]; row++) {
          double distance = squaredDistance(query, coded.rows().get(row));
          double error = (estimates[row] - distance) / (1.2 * factors[row] * toCentroid);
          sum += error;
          squares += error * error;
          above += distance >= bounds[row] ? 1 : 0;
          count++;
        }
      }
    }
    double mean = sum / count;
    return new Errors(mean, Math.sqrt(squares / count - mean * mean), (double) above / count);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 100, 128, 129, 384})
  void estimatesAreUnbiasedAndAsExactAsStated(int dimension) {
    Seed.repeat(
        1,
        random -> {
          for (double spread : new double[] {0, 1}) {
            CodedRows coded = CodedRows.clustered(random, dimension, 8, spread);
            List<float[]> queries =
                IntStream.range(0, 12)
                    .mapToObj(i -> TestData.around(random, coded.centroids()[i % 8], 1))
                    .toList();
            Errors errors = errors(coded, queries);
            assertThat(errors.mean()).as("%s", errors).isBetween(-0.1, 0.1);
            assertThat(errors.deviation()).as("%s", errors).isBetween(0.85, 1.15);
            assertThat(errors.shareAbove()).as("%s", errors).isGreaterThan(0.99);
          }
        });
  }

  /// Values of one row differ widely, as those of the added dimension of inner products do.
  @ParameterizedTest
  @ValueSource(ints = {65, 129, 385})
  void rowsThatDifferMostlyInOneValueAreBoundToo(int dimension) {
    Seed.repeat(
        1,
        random -> {
          List<List<float[]>> partitions =
              IntStream.range(0, 6)
                  .mapToObj(
                      _ ->
                          IntStream.range(0, 100)
                              .mapToObj(
                                  _ -> {
                                    float[] row =
                                        TestData.around(random, new float[dimension], 0.02);
                                    row[dimension - 1] += 3 * random.nextFloat();
                                    return row;
                                  })
                              .toList())
                  .toList();
          CodedRows coded = CodedRows.of(partitions);
          List<float[]> queries =
              IntStream.range(0, 12)
                  .mapToObj(_ -> TestData.around(random, new float[dimension], 0.2))
                  .toList();
          Errors errors = errors(coded, queries);
          assertThat(errors.mean()).as("%s", errors).isBetween(-0.5, 0.5);
          assertThat(errors.shareAbove()).as("%s", errors).isGreaterThan(0.99);
        });
  }

  /// The query is coded once, as it lies to the mean of all rows. Where partitions are far apart,
  /// that costs more than the signs of the rows do.
  @ParameterizedTest
  @ValueSource(ints = {64, 128, 384})
  void boundsHoldWherePartitionsAreFarApart(int dimension) {
    Seed.repeat(
        1,
        random -> {
          CodedRows coded = CodedRows.clustered(random, dimension, 8, 30);
          for (int p = 0; p < 8; p++) {
            float[] near = TestData.around(random, coded.centroids()[p], 0.1);
            for (float[] query : List.of(coded.centroids()[p], near)) {
              float[] bounds = coded.bounds(query, 3);
              int above = 0;
              int from = coded.partitionStart()[p];
              int to = coded.partitionStart()[p + 1];
              for (int row = from; row < to; row++) {
                above += squaredDistance(query, coded.rows().get(row)) >= bounds[row] ? 1 : 0;
              }
              assertThat((double) above / (to - from))
                  .as("share above the bound in partition %s", p)
                  .isGreaterThan(0.9);
            }
          }
        });
  }

  /// Then no value of the query tells a step; the estimate needs none.
  @Test
  void theMeanOfAllRowsHasExactEstimates() {
    Seed.repeat(
        1,
        random -> {
          for (float size : new float[] {1e-6f, 1e-3f, 1, 1e3f}) {
            // Two partitions that mirror each other, so that the mean is zero to the bit.
            List<float[]> one =
                IntStream.range(0, 50)
                    .mapToObj(_ -> TestData.around(random, new float[64], size))
                    .toList();
            List<float[]> other = one.stream().map(row -> scaled(row, -1)).toList();
            CodedRows coded = CodedRows.of(List.of(one, other));
            float[] estimates = coded.bounds(new float[64], 0);
            for (int row = 0; row < 100; row++) {
              double distance = squaredDistance(new float[64], coded.rows().get(row));
              assertThat(estimates[row] / distance).as("size %s", size).isBetween(0.5, 1.5);
            }
          }
        });
  }

  private static float[] scaled(float[] vector, double factor) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = (float) (vector[i] * factor);
    }
    return scaled;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-40, 1e-30, 1e-19, 1e-5, 1e5, 1e10, 1e14, 1e16, 1e18, 1e30, 1e37})
  void rowsOfAnySizeAreBoundOrRead(double size) {
    Seed.repeat(
        1,
        random -> {
          CodedRows usual = CodedRows.clustered(random, 64, 3, 1);
          List<List<float[]>> partitions =
              IntStream.range(0, 3)
                  .mapToObj(
                      p ->
                          usual
                              .rows()
                              .subList(usual.partitionStart()[p], usual.partitionStart()[p + 1])
                              .stream()
                              .map(row -> scaled(row, size))
                              .toList())
                  .toList();
          CodedRows coded = CodedRows.of(partitions);
          float[] query = scaled(usual.rows().get(5), size * 1.01);
          if (!coded.signs().code(query).isUsable()) {
            assertThat(size).isGreaterThan(1e14);
            return;
          }
          float[] bounds = coded.bounds(query, 3);
          int above = 0;
          for (int row = 0; row < bounds.length; row++) {
            double distance = squaredDistance(query, coded.rows().get(row));
            above += bounds[row] <= (float) distance ? 1 : 0;
          }
          // The errors of one query hang together: not as near to the share as those of many are.
          assertThat((double) above / bounds.length).isGreaterThan(0.95);
        });
  }

  /// The distance to such a centroid is no finite number, though the query has a code.
  @Test
  void rowsWhoseDistanceOverflowsAreFound() {
    Seed.repeat(
        1,
        random -> {
          float[] far = TestData.around(random, new float[64], 1e25);
          List<float[]> usual =
              IntStream.range(0, 50)
                  .mapToObj(_ -> TestData.around(random, new float[64], 1))
                  .toList();
          CodedRows coded =
              CodedRows.of(List.of(usual, List.of(far), List.of(scaled(far, -1)), usual));
          float[] query = usual.getFirst();
          assertThat(coded.signs().code(query).isUsable()).isTrue();
          for (float confidence : new float[] {0, 2, Float.MAX_VALUE}) {
            for (float bound : coded.bounds(query, confidence)) {
              assertThat(bound).as("bound at confidence %s", confidence).isNotNaN();
            }
          }
          float[] near = coded.bounds(query, 3);
          assertThat(near[50]).as("a row that is far").isGreaterThan(1e30f);
          assertThat(near[51]).isGreaterThan(1e30f);
        });
  }

  @Test
  void equalRowsAreBoundByTheirDistance() {
    float[] row = TestData.around(new Seed(1).random(), new float[96], 1);
    CodedRows coded = CodedRows.of(List.of(Collections.nCopies(70, row)));
    float[] other = TestData.around(new Seed(2).random(), new float[96], 1);
    for (float bound : coded.bounds(other, 3)) {
      assertThat((double) bound).isLessThanOrEqualTo(squaredDistance(row, other) * 1.000001);
    }
    for (float bound : coded.bounds(row, 3)) {
      assertThat(bound).isLessThanOrEqualTo(1e-6f);
    }
  }

  @Test
  void listsGiveTheBoundsOfScans() {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : new int[] {384, 400, 768, 1_536}) {
            assertThat(CodeRecords.areKept(dimension, dimension))
                .as("%s values", dimension)
                .isTrue();
            CodedRows coded = CodedRows.clustered(random, dimension, 3, 1);
            assertThat(coded.signs().hasRecords()).isTrue();
            float[] query = TestData.around(random, coded.centroids()[0], 1);
            float confidence = random.nextInt(4);
            float[] bounds = coded.bounds(query, confidence);
            int[] ordinals = random.ints(200, 0, coded.rows().size()).distinct().toArray();
            Candidates candidates = new Candidates();
            ListScan list =
                coded
                    .signs()
                    .listScan(
                        coded.signs().code(query), coded.centroidDistances(query), confidence);
            list.score(ordinals, 0, 7, candidates);
            list.score(ordinals, 7, ordinals.length - 7, candidates);
            assertThat(candidates.count()).isEqualTo(ordinals.length);
            for (int i = 0; i < ordinals.length; i++) {
              assertThat(candidates.rows()[i]).isEqualTo(ordinals[i]);
              assertThat(candidates.bounds()[i]).isEqualTo(bounds[ordinals[i]]);
            }
          }
        });
  }

  @Test
  void recordsAreKeptWhereTheyAddLittle() {
    for (int dimension : new int[] {1, 32, 128, 300}) {
      assertThat(CodeRecords.areKept(dimension, dimension)).as("%s values", dimension).isFalse();
    }
    for (int dimension = 1; dimension < 2_000; dimension++) {
      assertThat(CodeRecords.LINE * CodeRecords.lines(dimension))
          .isGreaterThanOrEqualTo(CodeRecords.words(dimension) + 3);
    }
    CodedRows small = CodedRows.clustered(new Seed(3).random(), 64, 2, 1);
    assertThat(small.signs().hasRecords()).isFalse();
    assertThat(small.parts().names()).containsExactly("code-frame", "codes");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () -> small.signs().listScan(small.signs().code(new float[64]), new float[2], 1));
  }

  /// Rows that a limit or a mask leaves out are no candidates.
  @Test
  void limitsAndMasksLeaveRowsOut() {
    Seed.repeat(
        2,
        random -> {
          CodedRows coded = CodedRows.clustered(random, 100, 3, 1);
          float[] query = coded.rows().get(3);
          float[] bounds = coded.bounds(query, 1);
          float[] distances = coded.centroidDistances(query);
          float[] high = coded.highBounds(query, 1, distances);
          float limit = bounds[random.nextInt(bounds.length)];
          Candidates candidates = new Candidates();
          int expected = 0;
          for (int p = 0; p < 3; p++) {
            int from = coded.partitionStart()[p];
            int rows = coded.partitionStart()[p + 1] - from;
            long[] mask = new long[(rows + 63) / 64];
            for (int i = 0; i < rows; i++) {
              if (random.nextBoolean()) {
                mask[i >> 6] |= 1L << i;
                expected += Math.max(bounds[from + i], high[from + i]) < limit ? 1 : 0;
              }
            }
            coded
                .signs()
                .scan(coded.signs().code(query), p, distances[p], 1, limit, mask, candidates);
          }
          // One row may lie at the limit itself, on which side of it is a matter of rounding.
          assertThat(candidates.count()).isBetween(expected - 1, expected + 1);
          for (int i = 0; i < candidates.count(); i++) {
            assertThat(candidates.bounds()[i]).isEqualTo(bounds[candidates.rows()[i]]);
          }
        });
  }

  /// Parts that an earlier version wrote open, and hold the codes that this version writes.
  @Test
  void partsOfEarlierVersionsOpenWithTheSameCodes() throws IOException {
    CodedRows coded = CodedRows.clustered(new Seed(7).random(), 360, 2, 1);
    MemoryParts old = new MemoryParts();
    for (String part : List.of("code-frame", "code-records", "codes")) {
      try (InputStream in = BinaryCodesTest.class.getResourceAsStream("binary-2/" + part)) {
        old.part(part, MemorySegment.ofArray(Objects.requireNonNull(in).readAllBytes()));
      }
    }
    assertThat(coded.parts().bytes("code-records")).isEqualTo(old.bytes("code-records"));
    assertThat(coded.parts().bytes("code-frame")).endsWith(afterForm(old.bytes("code-frame")));
    assertThat(
            FormerLayout.convert(old.segment("codes"), 360, old.reader("code-frame"))
                .toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo(coded.parts().bytes("codes"));
    RowCodes codes = Quantizer.read(old, coded.partitionStart(), coded.centroids()).orElseThrow();
    assertThat(codes.name()).isEqualTo("binary");
    assertThat(codes.hasRecords()).isTrue();
    float[] query = coded.rows().get(3);
    for (int p = 0; p < 2; p++) {
      assertThat(estimates(codes, query, p))
          .isEqualTo(estimates(coded.signs(), query, p))
          .isNotEmpty();
    }
  }

  private static byte[] afterForm(byte[] frame) {
    return Arrays.copyOfRange(frame, Integer.BYTES, frame.length);
  }

  private static float[] estimates(RowCodes codes, float[] query, int partition) {
    Candidates candidates = new Candidates();
    codes.query(query, 0).scan(partition, 1, Float.POSITIVE_INFINITY, null, candidates);
    return Arrays.copyOf(candidates.bounds(), candidates.count());
  }

  @Test
  void partsOfOtherRowsAreRefused() {
    CodedRows coded = CodedRows.clustered(new Seed(4).random(), 384, 3, 1);
    int[] start = coded.partitionStart();
    float[][] centroids = coded.centroids();
    int[] more = start.clone();
    more[3] += 16;
    int[] moved = start.clone();
    moved[1] += 1;
    MemoryParts parts = coded.parts();
    byte[] frame = parts.bytes("code-frame");
    byte[] format = frame.clone();
    format[0] = 9;
    byte[] records = parts.bytes("code-records");
    for (Runnable read :
        List.<Runnable>of(
            () -> Quantizer.read(parts, more, centroids),
            () -> Quantizer.read(parts, moved, centroids),
            () -> Quantizer.read(parts, start, new float[3][383]),
            () -> Quantizer.read(parts.with("code-frame", format), start, centroids),
            () -> Quantizer.read(parts.with("codes", new byte[64]), start, centroids),
            () ->
                Quantizer.read(
                    parts.with("code-records", Arrays.copyOf(records, records.length - 64)),
                    start,
                    centroids))) {
      assertThatExceptionOfType(CorruptFileException.class).isThrownBy(read::run);
    }
  }

  @Test
  void damagedPartsAreNoticedOrHarmless() {
    Seed.repeat(
        2,
        random -> {
          CodedRows coded = CodedRows.clustered(random, 384, 3, 1);
          float[] query = coded.rows().get(3);
          int rows = coded.rows().size();
          int[] all = IntStream.range(0, rows).toArray();
          for (String part : coded.parts().names()) {
            for (int i = 0; i < 100; i++) {
              Damage.check(
                  random,
                  coded.parts().bytes(part),
                  damaged -> use(coded, part, damaged, query, all));
            }
          }
        });
  }

  private static Object use(
      CodedRows coded, String part, byte[] damaged, float[] query, int[] all) {
    int[] start = coded.partitionStart();
    BinaryCodes codes =
        (BinaryCodes)
            Quantizer.read(coded.parts().with(part, damaged), start, coded.centroids())
                .orElseThrow();
    QueryCode code = codes.code(query);
    float[] distances = coded.centroidDistances(query);
    Candidates candidates = new Candidates();
    for (int p = 0; p < 3; p++) {
      codes.scan(code, p, distances[p], 2, Float.POSITIVE_INFINITY, null, candidates);
    }
    if (codes.hasRecords()) {
      codes.listScan(code, distances, 2).score(all, 0, all.length, candidates);
    }
    int[] batch = new int[Candidates.room(40)];
    while (candidates.count() > 0) {
      int taken = candidates.takeBest(24, 40, batch);
      assertThat(taken).isPositive();
      for (int i = 0; i < taken; i++) {
        assertThat(batch[i]).isBetween(0, all.length - 1);
      }
    }
    return codes;
  }
}
