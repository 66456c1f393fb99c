package io.capsdb.formats;

import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// The rows of a data set of an HDF5 file, as vectors. Read some hundred rows at a time.
final class HdfRows implements RowSource {
  private static final int PIECE_ROWS = 256;

  private final HdfFileReader in;
  private final HdfTable vectors;
  private Object[] piece = {};
  private int pieceStart;
  private int next;

  private HdfRows(HdfFileReader in, HdfTable vectors) {
    this.in = in;
    this.vectors = vectors;
  }

  /// @param name of the data set
  static HdfRows open(Disk disk, Path path, String name) throws IOException {
    HdfFileReader in = HdfFileReader.open(disk, path);
    try {
      return new HdfRows(in, in.table(name));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public Optional<Row> next() throws IOException {
    if (next == vectors.rowCount()) {
      return Optional.empty();
    }
    if (next == pieceStart + piece.length) {
      pieceStart = next;
      piece = vectors.read(next, Math.min(PIECE_ROWS, vectors.rowCount() - next));
    }
    float[] values = floats(piece[next - pieceStart]);
    long number = next++;
    return Optional.of(
        new Row(
            number, number + 1, Optional.empty(), values, Payload.empty(), Vectors.check(values)));
  }

  private float[] floats(Object row) throws IOException {
    int width = vectors.width();
    float[] values = new float[width];
    switch (row) {
      case float[] own when own.length == width -> System.arraycopy(own, 0, values, 0, width);
      case double[] own when own.length == width -> {
        for (int i = 0; i < width; i++) {
          values[i] = (float) own[i];
        }
      }
      case byte[] own when own.length == width -> {
        for (int i = 0; i < width; i++) {
          values[i] = own[i];
        }
      }
      case short[] own when own.length == width -> {
        for (int i = 0; i < width; i++) {
          values[i] = own[i];
        }
      }
      case int[] own when own.length == width -> {
        for (int i = 0; i < width; i++) {
          values[i] = own[i];
        }
      }
      default ->
          throw new FormatException(
              in.file().name(), vectors.name(), "its values are no numbers that are read");
    }
    return values;
  }

  @Override
  public String file() {
    return in.file().name();
  }

  @Override
  public OptionalLong rowCount() {
    return OptionalLong.of(vectors.rowCount());
  }

  @Override
  public double progress() {
    return vectors.rowCount() == 0 ? 1 : (double) next / vectors.rowCount();
  }

  @Override
  public void close() {
    in.close();
  }
}
