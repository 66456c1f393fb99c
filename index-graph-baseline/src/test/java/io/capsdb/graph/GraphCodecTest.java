package io.capsdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.MemoryParts;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphCodecTest {
  private static final VectorMatrix ROWS =
      new VectorMatrix(Arena.ofAuto().allocate(4 * 2 * 4), 4, 2);

  private static Links links(int rows, int[]... lists) {
    Links links = Links.empty(rows, 2, Arena.ofAuto());
    for (int row = 0; row < lists.length; row++) {
      links.write(row, lists[row], lists[row].length);
    }
    return links;
  }

  private static Level lowest() {
    return new Level(
        new int[0],
        new int[0],
        links(4, new int[] {1, 2}, new int[] {0}, new int[] {3}, new int[0]));
  }

  private static Level upper(int[] ordinals, int[] down, int[]... lists) {
    return new Level(ordinals, down, links(ordinals.length, lists));
  }

  private static GraphLayout layout() {
    return new GraphLayout(
        List.of(
            lowest(),
            upper(new int[] {1, 2}, new int[] {1, 2}, new int[] {1}, new int[] {0}),
            upper(new int[] {2}, new int[] {1})),
        0);
  }

  private static MemoryParts written(GraphLayout layout) {
    MemoryParts parts = new MemoryParts();
    try {
      GraphCodec.write("graph", 2, layout, out -> out.writeInt(77), parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parts;
  }

  @Test
  void graphsAreReadBackWithWhatAKindAdds() {
    GraphCodec.Read read = GraphCodec.read("graph", written(layout()), ROWS);
    assertThat(read.layout().start()).isEqualTo(0);
    assertThat(read.layout().levels()).hasSize(3);
    assertThat(read.rest().readInt()).isEqualTo(77);
    MemoryParts again = written(read.layout());
    for (String name : again.names()) {
      assertThat(again.bytes(name)).isEqualTo(written(layout()).bytes(name));
    }
  }

  @Test
  void theLowestLevelTakesAnIntForEachLinkAndOneForTheirNumber() {
    assertThat(written(layout()).bytes("links")).hasSize(4 * 4 * (2 + 1));
  }

  private static void requireRefused(String message, GraphLayout layout) {
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> GraphCodec.read("graph", written(layout), ROWS))
        .withMessageContaining(message);
  }

  @Test
  void graphsThatDoNotHoldTogetherAreRefused() {
    requireRefused(
        "a link of row 1 leads to 4",
        new GraphLayout(
            List.of(
                new Level(
                    new int[0], new int[0], links(4, new int[] {1}, new int[] {4}, new int[0]))),
            0));
    requireRefused("walks begin at 4", new GraphLayout(List.of(lowest()), 4));
    requireRefused("walks begin at -1", new GraphLayout(List.of(lowest()), -1));
    requireRefused(
        "row 2 of a level",
        new GraphLayout(List.of(lowest(), upper(new int[] {2}, new int[] {1})), 0));
    requireRefused(
        "row 2 of a level",
        new GraphLayout(List.of(lowest(), upper(new int[] {2}, new int[] {9})), 0));
    requireRefused(
        "row 1 of a level",
        new GraphLayout(List.of(lowest(), upper(new int[] {2, 1}, new int[] {2, 1})), 0));
    requireRefused(
        "lengths that do not fit",
        new GraphLayout(
            List.of(lowest(), new Level(new int[] {1, 2}, new int[] {1}, links(2))), 0));
    requireRefused(
        "graph over 3 x 2 values, vectors of 4 x 2",
        new GraphLayout(List.of(new Level(new int[0], new int[0], links(3))), 0));
  }

  @Test
  void otherKindsFormatsAndChecksumsAreRefused() {
    MemoryParts parts = written(layout());
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> GraphCodec.read("other", parts, ROWS))
        .withMessageContaining("a graph of kind 'graph', not 'other'");
    byte[] structure = parts.bytes("structure").clone();
    structure[0] = 9;
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> GraphCodec.read("graph", parts.with("structure", structure), ROWS))
        .withMessageContaining("graph of format 9, this version reads 1");
    byte[] links = parts.bytes("links").clone();
    links[4] ^= 1;
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> GraphCodec.read("graph", parts.with("links", links), ROWS))
        .withMessageContaining("the links have another checksum");
  }
}
