package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorMatrixTest {
  @Test
  void rowsComeBackAsTheyWereStored() {
    try (Arena arena = Arena.ofConfined()) {
      VectorMatrix matrix =
          TestData.matrix(List.of(new float[] {1, 2, 3}, new float[] {4, 5, 6}), 3, arena);
      assertThat(matrix.row(0)).containsExactly(1, 2, 3);
      assertThat(matrix.row(1)).containsExactly(4, 5, 6);
      assertThat(matrix.rowBytes()).isEqualTo(12);
      assertThat(matrix.offset(1)).isEqualTo(12);
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.row(2));
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.row(-1));
    }
  }

  @Test
  void shapesThatCannotBeAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(40);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorMatrix(segment, 2, 0))
          .withMessage("dimension must be at least 1, was 0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorMatrix(segment, -1, 2))
          .withMessage("rowCount must be at least 0, was -1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorMatrix(segment, 11, 1))
          .withMessage("segment has 40 bytes, 11 x 1 values of type float32 need 44");
      assertThatIllegalArgumentException()
          .as("the byte count does not wrap")
          .isThrownBy(() -> new VectorMatrix(segment, 1 << 30, 1 << 30));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new VectorMatrix(MemorySegment.ofArray(new float[10]), 1, 1))
          .withMessage("segment must be native memory");
      assertThat(new VectorMatrix(segment, 10, 1).rowCount()).isEqualTo(10);
      assertThat(new VectorMatrix(segment, 0, 7).rowCount()).isZero();
    }
  }

  @Test
  void rowsOfAllTypesComeBackAsTheyWereRounded() {
    Seed.repeat(
        20,
        random -> {
          for (ElementType type : ElementType.values()) {
            int dimension = 1 + random.nextInt(70);
            try (Arena arena = Arena.ofConfined()) {
              VectorMatrix matrix = VectorMatrix.allocate(arena, 5, dimension, type);
              assertThat(matrix.segment().byteSize()).isEqualTo(5L * dimension * type.bytes());
              float[][] rows = new float[5][dimension];
              for (int row = 0; row < 5; row++) {
                for (int i = 0; i < dimension; i++) {
                  rows[row][i] = 255 * random.nextFloat();
                }
                rows[row] = type.round(rows[row]);
                matrix.setRow(row, rows[row]);
              }
              VectorMatrix some = matrix.gather(new int[] {4, 0, 4}, arena);
              for (int row = 0; row < 5; row++) {
                assertThat(matrix.row(row)).isEqualTo(rows[row]);
              }
              assertThat(some.row(0)).isEqualTo(rows[4]);
              assertThat(some.row(1)).isEqualTo(rows[0]);
              assertThat(some.row(2)).isEqualTo(rows[4]);
            }
          }
        });
  }

  @Test
  void offsetsAreLong() {
    try (Arena arena = Arena.ofConfined()) {
      VectorMatrix matrix = new VectorMatrix(arena.allocate(4L << 20), 1, 1 << 20);
      assertThat(matrix.offset(1_000)).isEqualTo((1_000L * 4) << 20);
    }
  }
}
