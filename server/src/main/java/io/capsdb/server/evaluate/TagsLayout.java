package io.capsdb.server.evaluate;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Value;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.vector.Metric;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The layout of big-ann's filter track: vectors of bytes, and a sparse matrix that says which tags
/// a row has; a query asks for rows with all of its tags.
///
/// `u8bin`: uint32 rows, uint32 dimension, bytes. `spmat`: int64 rows, columns and entries; int64
/// where each row begins, and the end; int32 columns of the entries; their values, which are not
/// read. All little-endian.
record TagsLayout(Disk disk, Path folder, List<String> files) implements DataSetFolder {
  private static final String FIELD = "tags";

  @Override
  public Optional<Metric> metric() {
    return Optional.of(Metric.EUCLID);
  }

  @Override
  public RowSource rows() throws IOException {
    Path vectors = file("base", ".u8bin");
    Path tags = file("base", ".spmat");
    Matrix matrix = Matrix.read(disk, tags);
    ByteRows rows = new ByteRows(disk, vectors);
    if (rows.rowCount != matrix.rowCount()) {
      rows.close();
      throw new FormatException(
          tags.toString(),
          "header",
          "it has " + matrix.rowCount() + " rows, " + vectors + " has " + rows.rowCount);
    }
    return new Tagged(rows, matrix);
  }

  @Override
  public Asked asked(int most) throws IOException {
    Path vectors = file("query", ".u8bin");
    Path tags = file("query", ".spmat");
    Matrix matrix = Matrix.read(disk, tags);
    List<Query> queries = new ArrayList<>();
    List<Filter> filters = new ArrayList<>();
    try (ByteRows rows = new ByteRows(disk, vectors)) {
      if (rows.rowCount != matrix.rowCount()) {
        throw new FormatException(
            tags.toString(),
            "header",
            "it has " + matrix.rowCount() + " rows, " + vectors + " has " + rows.rowCount);
      }
      int count = (int) Math.min(most, rows.rowCount);
      for (int row = 0; row < count; row++) {
        queries.add(Query.of(rows.next()));
        filters.add(
            DataSetFolder.all(
                matrix.tags(row).stream()
                    .<Filter>map(tag -> new Filter.In(FIELD, Set.of(Value.of(tag))))
                    .toList()));
      }
    }
    if (queries.isEmpty()) {
      throw new FormatException(vectors.toString(), "header", "there are no queries");
    }
    return new Asked(
        vectors,
        queries,
        List.of(Workload.unfiltered(queries.size()), new Workload("tags", filters)));
  }

  private Path file(String begin, String end) throws IOException {
    return files.stream()
        .filter(file -> file.startsWith(begin) && file.endsWith(end))
        .findFirst()
        .map(folder::resolve)
        .orElseThrow(
            () ->
                new FormatException(
                    folder.toString(), "files", "there is no " + begin + "*" + end));
  }

  private static ByteBuffer read(InputStream in, Path file, String place, long bytes)
      throws IOException {
    if (bytes < 0 || bytes > Integer.MAX_VALUE - 8) {
      throw new FormatException(file.toString(), place, "it would take " + bytes + " bytes");
    }
    byte[] read = in.readNBytes((int) bytes);
    if (read.length < bytes) {
      throw new FormatException(file.toString(), place, "the file ends inside it");
    }
    return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Vectors of bytes, one after the other.
  private static final class ByteRows implements Closeable {
    private final Path file;
    private final InputStream in;
    private final long rowCount;
    private final int dimension;
    private long next;

    ByteRows(Disk disk, Path file) throws IOException {
      this.file = file;
      this.in = new BufferedInputStream(disk.read(file), 1 << 16);
      try {
        ByteBuffer head = read(in, file, "header", 8);
        this.rowCount = Integer.toUnsignedLong(head.getInt());
        this.dimension = head.getInt();
        if (dimension < 1 || dimension > 65_536) {
          throw new FormatException(file.toString(), "header", "dimension " + dimension);
        }
      } catch (IOException e) {
        in.close();
        throw e;
      }
    }

    /// @throws FormatException if there is more than the header promises
    void requireEnd() throws IOException {
      if (in.read() >= 0) {
        throw new FormatException(
            file.toString(),
            "row " + next,
            "the file goes on, its header promises " + rowCount + " rows");
      }
    }

    float[] next() throws IOException {
      ByteBuffer bytes = read(in, file, "row " + next++, dimension);
      float[] values = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        values[i] = bytes.get() & 0xff;
      }
      return values;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// Which tags each row has.
  @SuppressWarnings("ArrayRecordComponent") // read only
  private record Matrix(long[] starts, int[] columns) {
    static Matrix read(Disk disk, Path file) throws IOException {
      try (InputStream in = new BufferedInputStream(disk.read(file), 1 << 16)) {
        ByteBuffer head = TagsLayout.read(in, file, "header", 24);
        long rows = head.getLong();
        long columnCount = head.getLong();
        long entries = head.getLong();
        if (rows < 0 || columnCount < 0 || entries < 0 || rows >= Integer.MAX_VALUE / 8) {
          throw new FormatException(
              file.toString(),
              "header",
              rows + " rows, " + columnCount + " columns, " + entries + " entries");
        }
        long[] starts = new long[(int) rows + 1];
        TagsLayout.read(in, file, "row starts", 8 * (rows + 1)).asLongBuffer().get(starts);
        if (entries > Integer.MAX_VALUE / 4) {
          throw new FormatException(file.toString(), "header", entries + " entries are too many");
        }
        int[] columns = new int[(int) entries];
        TagsLayout.read(in, file, "entries", 4 * entries).asIntBuffer().get(columns);
        for (int row = 0; row < rows; row++) {
          if (starts[row] < 0 || starts[row + 1] < starts[row] || starts[row + 1] > entries) {
            throw new FormatException(
                file.toString(), "row " + row, "it begins at entry " + starts[row]);
          }
        }
        if (starts[0] != 0 || starts[(int) rows] != entries) {
          throw new FormatException(
              file.toString(),
              "row starts",
              "they go from "
                  + starts[0]
                  + " to "
                  + starts[(int) rows]
                  + " of "
                  + entries
                  + " entries");
        }
        for (int entry = 0; entry < columns.length; entry++) {
          if (columns[entry] < 0 || columns[entry] >= columnCount) {
            throw new FormatException(
                file.toString(),
                "entry " + entry,
                "it is in column " + columns[entry] + " of " + columnCount);
          }
        }
        return new Matrix(starts, columns);
      }
    }

    long rowCount() {
      return starts.length - 1L;
    }

    List<Long> tags(int row) {
      List<Long> tags = new ArrayList<>();
      for (long i = starts[row]; i < starts[row + 1]; i++) {
        tags.add((long) columns[(int) i]);
      }
      return tags;
    }
  }

  private static final class Tagged implements RowSource {
    private final ByteRows rows;
    private final Matrix matrix;

    Tagged(ByteRows rows, Matrix matrix) {
      this.rows = rows;
      this.matrix = matrix;
    }

    @Override
    public Optional<Row> next() throws IOException {
      if (rows.next == rows.rowCount) {
        rows.requireEnd();
        return Optional.empty();
      }
      long number = rows.next;
      Payload payload = Payload.of(Map.of(FIELD, matrix.tags((int) number)));
      return Optional.of(
          new Row(number, number + 1, Optional.empty(), rows.next(), payload, Optional.empty()));
    }

    @Override
    public String file() {
      return rows.file.toString();
    }

    @Override
    public OptionalLong rowCount() {
      return OptionalLong.of(rows.rowCount);
    }

    @Override
    public double progress() {
      return rows.rowCount == 0 ? 1 : (double) rows.next / rows.rowCount;
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
