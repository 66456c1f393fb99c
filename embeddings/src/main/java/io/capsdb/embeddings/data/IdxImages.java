package io.capsdb.embeddings.data;

import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// Images of one channel from an idx file (MNIST's format), with labels or other attributes from a
/// file of as many rows.
public final class IdxImages implements SampleSource {
  private final RowSource rows;

  private IdxImages(RowSource rows) {
    this.rows = rows;
  }

  /// @param payload idx labels, which become the field `label`, or JSONL or CSV
  public static IdxImages open(Disk disk, Path images, Optional<Path> payload) throws IOException {
    RowSource left = RowSources.open(disk, images);
    if (payload.isEmpty()) {
      return new IdxImages(left);
    }
    try {
      return new IdxImages(RowSources.aligned(left, RowSources.open(disk, payload.get())));
    } catch (IOException | RuntimeException e) {
      left.close();
      throw e;
    }
  }

  /// Images whose rows were opened elsewhere.
  public static IdxImages of(RowSource rows) {
    return new IdxImages(rows);
  }

  @Override
  public Optional<Sample> next() throws IOException {
    Optional<RowSource.Row> next = rows.next();
    if (next.isEmpty()) {
      return Optional.empty();
    }
    RowSource.Row row = next.get();
    if (row.rejection().isPresent()) {
      throw new FormatException(rows.file(), "row " + row.number(), row.rejection().get());
    }
    float[] values = row.vector();
    if (values == null) {
      throw new FormatException(rows.file(), "row " + row.number(), "it has no pixels");
    }
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < pixels.length; i++) {
      if (!(values[i] >= 0 && values[i] <= 255)) {
        throw new FormatException(
            rows.file(),
            "row " + row.number(),
            "pixel " + i + " is " + values[i] + ", must be from 0 to 255");
      }
      pixels[i] = (byte) Math.round(values[i]);
    }
    return Optional.of(
        new Sample(row.number(), row.id(), new Content.Pixels(pixels), row.payload()));
  }

  @Override
  public String file() {
    return rows.file();
  }

  @Override
  public OptionalLong count() {
    return rows.rowCount();
  }

  @Override
  public double progress() {
    return rows.progress();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
