package io.capsdb.formats;

import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// HDF5 in the layout of ann-benchmarks: the vectors are the rows of the data set `train`. Read
/// some hundred rows at a time.
final class HdfRows implements RowSource {
  private static final String VECTORS = "train";
  private static final int PIECE_ROWS = 256;

  /// A name for the library, which keeps one for each file.
  private static final URI NO_PLACE = URI.create("http://localhost/file");

  private final MappedFile file;
  private final HdfFile hdf;
  private final Dataset vectors;
  private final int rowCount;
  private final int width;
  private Object[] piece = {};
  private int pieceStart;
  private int next;

  private HdfRows(MappedFile file, HdfFile hdf, Dataset vectors, int[] sides) throws IOException {
    if (sides.length != 2 || sides[1] < 1 || sides[1] > Vectors.MAX_DIMENSION) {
      throw new FormatException(
          file.name(),
          VECTORS,
          "its sides are " + java.util.Arrays.toString(sides) + ", not rows by 1 to 65536 values");
    }
    this.file = file;
    this.hdf = hdf;
    this.vectors = vectors;
    this.rowCount = sides[0];
    this.width = sides[1];
  }

  static HdfRows open(Disk disk, Path path) throws IOException {
    MappedFile file = new MappedFile(disk, path);
    try {
      HdfFile hdf = new HdfFile(file.channel(), NO_PLACE);
      Node node = hdf.getChild(VECTORS);
      if (node instanceof Dataset vectors) {
        return new HdfRows(file, hdf, vectors, vectors.getDimensions());
      }
      throw new FormatException(
          file.name(),
          "root",
          "it has no data set '" + VECTORS + "', as ann-benchmarks' files have");
    } catch (IOException e) {
      file.close();
      throw e;
    } catch (RuntimeException e) {
      file.close();
      throw damaged(file, "header", e);
    }
  }

  /// The library tells of damage by exceptions of many kinds.
  private static FormatException damaged(MappedFile file, String place, RuntimeException e) {
    FormatException damage =
        new FormatException(file.name(), place, "it is no HDF5 file, or a damaged one");
    damage.initCause(e);
    return damage;
  }

  @Override
  public Optional<Row> next() throws IOException {
    if (next == rowCount) {
      return Optional.empty();
    }
    if (next == pieceStart + piece.length) {
      pieceStart = next;
      piece = read(next, Math.min(PIECE_ROWS, rowCount - next));
    }
    float[] values = floats(piece[next - pieceStart]);
    long number = next++;
    return Optional.of(
        new Row(
            number, number + 1, Optional.empty(), values, Payload.empty(), Vectors.check(values)));
  }

  private Object[] read(int first, int count) throws IOException {
    try {
      Object rows = vectors.getData(new long[] {first, 0}, new int[] {count, width});
      if (rows instanceof Object[] array && array.length == count) {
        return array;
      }
    } catch (RuntimeException e) {
      throw damaged(file, "row " + first, e);
    }
    throw new FormatException(file.name(), "row " + first, "the file ends here");
  }

  private float[] floats(Object row) throws IOException {
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
              file.name(), VECTORS, "its values are no numbers that are read");
    }
    return values;
  }

  @Override
  public String file() {
    return file.name();
  }

  @Override
  public OptionalLong rowCount() {
    return OptionalLong.of(rowCount);
  }

  @Override
  public double progress() {
    return rowCount == 0 ? 1 : (double) next / rowCount;
  }

  @Override
  public void close() {
    hdf.close();
    file.close();
  }
}
