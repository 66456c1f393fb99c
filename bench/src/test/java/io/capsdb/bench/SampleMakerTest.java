package io.capsdb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.formats.FileOutput;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SampleMakerTest {
  private static final Path SOURCE = Path.of("source").toAbsolutePath();
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final int ROWS = 20;
  private static final int PIXELS = Picture.SIDE * Picture.SIDE;

  private final Disk disk = new MemoryDisk();

  @BeforeEach
  void writeFullSet() throws IOException {
    disk.createFolders(SOURCE);
    ByteBuffer images = ByteBuffer.allocate(16 + ROWS * PIXELS);
    images.putInt(0x0803).putInt(ROWS).putInt(Picture.SIDE).putInt(Picture.SIDE);
    ByteBuffer labels = ByteBuffer.allocate(8 + ROWS);
    labels.putInt(0x0801).putInt(ROWS);
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < PIXELS; i++) {
        images.put((byte) (10 * row));
      }
      labels.put((byte) (row % 10));
    }
    write("train-images-idx3-ubyte.gz", images.array());
    write("train-labels-idx1-ubyte.gz", labels.array());
  }

  @Test
  void takesEvenlySpreadImagesWithTheirAttributes() throws IOException {
    new SampleMaker(disk, SOURCE, TARGET).make(4);
    try (RowSource rows =
        RowSources.aligned(
            RowSources.open(disk, TARGET.resolve("images.idx3-ubyte.gz")),
            RowSources.open(disk, TARGET.resolve("attributes.jsonl.gz")))) {
      for (int i = 0; i < 4; i++) {
        RowSource.Row row = rows.next().orElseThrow();
        int source = 5 * i;
        assertThat(row.rejection()).isEmpty();
        assertThat(row.vector()).hasSize(PIXELS).containsOnly(10f * source);
        Map<String, @Nullable Object> fields = row.payload().fields();
        assertThat(fields).containsEntry("row", (long) source);
        assertThat(fields).containsEntry("label", source % 10L);
        assertThat(fields).containsEntry("brightness", Math.round(1e4 * source / 25.5) / 1e4);
        assertThat(fields).containsEntry("asymmetry", 0.0);
      }
      assertThat(rows.next()).isEmpty();
    }
  }

  @Test
  void moreImagesThanThereAreIsRefused() {
    assertThatThrownBy(() -> new SampleMaker(disk, SOURCE, TARGET).make(ROWS + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count must be in 1..20, was 21");
    assertThatThrownBy(() -> RowSources.open(disk, TARGET.resolve("images.idx3-ubyte.gz")))
        .as("no half-written file")
        .isInstanceOf(IOException.class);
  }

  @Test
  void tagsTellTheShape() {
    assertThat(tagsOf(2, 26, 10, 18)).containsExactly("symmetric", "tall", "small");
    assertThat(tagsOf(10, 18, 2, 26)).containsExactly("symmetric", "wide", "small", "plain");
    assertThat(tagsOf(12, 16, 12, 16)).containsExactly("dark", "symmetric", "small", "textured");
    assertThat(tagsOf(0, 28, 0, 28)).containsExactly("bright", "symmetric", "full", "plain");
    assertThat(tagsOf(0, 28, 0, 8)).containsExactly("lopsided", "tall", "small", "open");
  }

  /// Tags of a white rectangle on black.
  private static List<String> tagsOf(int top, int bottom, int left, int right) {
    float[] pixels = new float[PIXELS];
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        pixels[y * Picture.SIDE + x] = 255;
      }
    }
    return new Picture(pixels).tags();
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (FileOutput out = FileOutput.create(disk, SOURCE.resolve(name))) {
      out.write(bytes);
      out.commit();
    }
  }
}
