package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ZeroVectorsTest {
  private static final float[] QUERY = {1, 0, 0};

  private static VectorMatrix rows(ElementType type, float[]... vectors) {
    VectorMatrix rows = VectorMatrix.allocate(Arena.ofAuto(), vectors.length, 3, type);
    for (int i = 0; i < vectors.length; i++) {
      rows.setRow(i, vectors[i]);
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT16"})
  void zeroRowIsAsFarAsWhatHasAScoreOfZero(ElementType type) {
    VectorMatrix rows = rows(type, new float[3], new float[] {0.5f, 0, 0.75f}, new float[3]);
    ZeroVectors zeros = ZeroVectors.of(Metric.COSINE, rows, QUERY);
    assertThat(zeros.distance(0, 0.9999f)).isEqualTo(2);
    assertThat(zeros.distance(1, 1)).as("a score of a half").isEqualTo(1);
    assertThat(zeros.distance(2, 1.0001f)).isEqualTo(2);
    assertThat(Metric.COSINE.toScore(zeros.distance(0, 1))).isZero();
  }

  @Test
  void everythingIsAsFarFromAZeroQuery() {
    VectorMatrix rows = rows(ElementType.FLOAT32, new float[3], QUERY);
    ZeroVectors zeros = ZeroVectors.of(Metric.COSINE, rows, new float[3]);
    assertThat(zeros.distance(0, 0)).isEqualTo(2);
    assertThat(zeros.distance(1, 1)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"DOT", "EUCLID", "MANHATTAN"})
  void zeroIsAPlaceForOtherMetrics(Metric metric) {
    VectorMatrix rows = rows(ElementType.FLOAT32, new float[3]);
    assertThat(ZeroVectors.of(metric, rows, QUERY).distance(0, 1)).isEqualTo(1);
    assertThat(ZeroVectors.of(metric, rows, new float[3]).distance(0, 0)).isZero();
  }

  @Test
  void pairsOfVectorsAreAsFar() {
    assertThat(ZeroVectors.distance(Metric.COSINE, QUERY, new float[3])).isEqualTo(2);
    assertThat(ZeroVectors.distance(Metric.COSINE, new float[3], new float[3])).isEqualTo(2);
    assertThat(ZeroVectors.distance(Metric.COSINE, QUERY, QUERY)).isZero();
    assertThat(ZeroVectors.distance(Metric.EUCLID, QUERY, new float[3])).isEqualTo(1);
  }
}
