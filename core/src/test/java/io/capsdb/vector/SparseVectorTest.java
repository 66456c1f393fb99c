package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class SparseVectorTest {
  @Test
  void indicesAreSortedAsUnsignedNumbers() {
    SparseVector vector = SparseVector.of(new int[] {-1, 7, 0}, new float[] {1, 2, 3});
    assertThat(vector.indices()).containsExactly(0, 7, -1);
    assertThat(vector.values()).containsExactly(3, 2, 1);
    assertThat(vector).isEqualTo(new SparseVector(new int[] {0, 7, -1}, new float[] {3, 2, 1}));
    assertThat(vector.has(-1)).isTrue();
    assertThat(vector.has(0)).isTrue();
    assertThat(vector.has(8)).isFalse();
  }

  @Test
  void productsAreAddedWhereIndicesAreTheSame() {
    SparseVector vector = SparseVector.of(new int[] {1, 5, -2}, new float[] {2, 3, 4});
    assertThat(vector.dot(new int[] {1, 3, -2}, new double[] {10, 1, 100})).isEqualTo(420);
    assertThat(vector.dot(new int[] {2}, new double[] {1})).isNaN();
    assertThat(vector.dot(new int[0], new double[0])).isNaN();
  }

  @Test
  void whatIsNoVectorIsRefused() {
    for (int[] indices : new int[][] {{1, 1}, {-1, 3, -1}}) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> SparseVector.of(indices, new float[indices.length]))
          .withMessageContaining("twice");
    }
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SparseVector.of(new int[] {1}, new float[2]))
        .withMessageContaining("1 indices and 2 values");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SparseVector.of(new int[] {1}, new float[] {Float.NaN}))
        .withMessageContaining("finite");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new SparseVector(new int[] {2, 1}, new float[2]))
        .withMessageContaining("out of order");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> SparseVector.of(new int[65_537], new float[65_537]));
  }
}
