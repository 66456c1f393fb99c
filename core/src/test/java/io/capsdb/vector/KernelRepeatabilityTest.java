package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Equal vectors have equal distances to the last bit, whether a loop is interpreted or compiled:
/// hits must not change their order while the JVM warms up.
class KernelRepeatabilityTest {
  private static final int DIMENSION = 100;
  private static final int ROWS = 200;
  private static final int CALLS = 60_000;

  @ParameterizedTest
  @ValueSource(ints = {64, 128, 256, 512})
  void compiledLoopsAnswerWhatInterpretedOnesDid(int bits) {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(TestData.around(random, new float[DIMENSION], 1));
    }
    Kernels kernels = new Kernels(PanamaWidths.of(bits));
    for (Metric metric : List.of(Metric.EUCLID, Metric.DOT, Metric.MANHATTAN)) {
      float[] cold = distances(kernels, metric, rows);
      float sum = 0;
      for (int i = 0; i < CALLS; i++) {
        sum += kernels.distance(metric, rows.get(i % ROWS), rows.getFirst());
      }
      assertThat(sum).isNotZero();
      assertThat(distances(kernels, metric, rows)).as("%s %s", metric, seed).isEqualTo(cold);
    }
  }

  private static float[] distances(Kernels kernels, Metric metric, List<float[]> rows) {
    float[] distances = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      distances[i] = kernels.distance(metric, rows.get(i), rows.getFirst());
    }
    return distances;
  }
}
