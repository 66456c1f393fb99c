package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.attribute.SlotFacts.Fact;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.MemoryParts;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CapsCodecTest {
  private static final VectorMatrix ROWS =
      new VectorMatrix(Arena.ofAuto().allocate(5 * 2 * 4), 5, 2);

  /// Two partitions of three and two rows; the first with a list of two facts, the other of one.
  private static final CapsLayout LAYOUT =
      new CapsLayout(
          new PartitionSpace(Metric.EUCLID, 2, 0),
          new float[] {1, 2, 3, 4},
          new int[] {0, 3, 5},
          new int[] {0, 2, 3},
          new int[] {0, 3, 2},
          new int[] {0, 1, 2, 3, 4, 5},
          List.of(
              new Fact("a", "é"),
              new Fact("b", Long.MIN_VALUE),
              new Fact("c.d", -0.5),
              new Fact("\"e.f\"", true)),
          Reach.UNKNOWN);

  private static byte[] bytes(CapsLayout layout) {
    MemoryParts parts = new MemoryParts();
    try {
      CapsCodec.write(layout, parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parts.bytes("structure");
  }

  private static CapsLayout read(byte[] bytes) {
    return CapsCodec.read(Metric.EUCLID, new MemoryParts().with("structure", bytes), ROWS);
  }

  @Test
  void layoutsAreReadBack() {
    CapsLayout read = read(bytes(LAYOUT));
    assertThat(read.space()).isEqualTo(LAYOUT.space());
    assertThat(read.centroids()).isEqualTo(LAYOUT.centroids());
    assertThat(read.partitionStart()).isEqualTo(LAYOUT.partitionStart());
    assertThat(read.listStart()).isEqualTo(LAYOUT.listStart());
    assertThat(read.list()).isEqualTo(LAYOUT.list());
    assertThat(read.slotStart()).isEqualTo(LAYOUT.slotStart());
    assertThat(read.facts()).isEqualTo(LAYOUT.facts());
    assertThat(bytes(read)).isEqualTo(bytes(LAYOUT));
  }

  private static CapsLayout with(
      float[] centroids, int[] partitionStart, int[] listStart, int[] list, int[] slotStart) {
    return new CapsLayout(
        LAYOUT.space(),
        centroids,
        partitionStart,
        listStart,
        list,
        slotStart,
        LAYOUT.facts(),
        LAYOUT.reach());
  }

  @Test
  void tablesThatDoNotFitAreRefused() {
    float[] c = LAYOUT.centroids();
    int[] p = LAYOUT.partitionStart();
    int[] ls = LAYOUT.listStart();
    int[] l = LAYOUT.list();
    int[] s = LAYOUT.slotStart();
    for (CapsLayout layout :
        List.of(
            with(new float[] {1, 2, 3}, p, ls, l, s),
            with(c, new int[] {0, 3, 4}, ls, l, s),
            with(c, new int[] {0, 6, 5}, ls, l, s),
            with(c, new int[] {1, 3, 5}, ls, l, s),
            with(c, new int[0], ls, l, s),
            with(c, new int[] {0, 5}, ls, l, s),
            with(c, p, new int[] {0, 3}, l, s),
            with(c, p, new int[] {0, 2, 2}, l, s),
            with(c, p, new int[] {0, 4, 3}, l, s),
            with(c, p, new int[] {0, -1, 3}, l, s),
            with(c, p, ls, new int[] {0, 4, 2}, s),
            with(c, p, ls, new int[] {0, -1, 2}, s),
            with(c, p, ls, l, new int[] {0, 1, 2, 4, 4, 5}),
            with(c, p, ls, l, new int[] {0, 2, 1, 3, 4, 5}),
            with(c, p, ls, l, new int[] {0, 1, 2, 3, 5}),
            with(c, p, ls, l, new int[0]))) {
      assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> read(bytes(layout)));
    }
  }

  @Test
  void otherFormatsAndDimensionsAreRefused() {
    UnaryOperator<byte[]> format =
        bytes -> {
          bytes[0] = 9;
          return bytes;
        };
    UnaryOperator<byte[]> dimension =
        bytes -> {
          bytes[4] = 3;
          return bytes;
        };
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> read(format.apply(bytes(LAYOUT))))
        .withMessageContaining("CAPS structure of format 9, this version reads 2");
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> read(dimension.apply(bytes(LAYOUT))))
        .withMessageContaining("structure of dimension 3, vectors of 2");
  }
}
