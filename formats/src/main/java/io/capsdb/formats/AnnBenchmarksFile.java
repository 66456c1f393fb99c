package io.capsdb.formats;

import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// A file of ann-benchmarks (HDF5): rows under `train`, queries under `test`, and under
/// `neighbors`, for each query, the numbers of the rows nearest to it, nearest first. Each part
/// opens the file for itself.
public final class AnnBenchmarksFile {
  private static final String ROWS = "train";
  private static final String QUERIES = "test";
  private static final String NEIGHBOURS = "neighbors";

  private final Disk disk;
  private final Path file;

  /// @throws FormatException if there is no such file
  public AnnBenchmarksFile(Disk disk, Path file) throws IOException {
    RowSources.requireFile(disk, file);
    RowSources.requireLibrary("io.jhdf.HdfFile", "io.jhdf:jhdf", String.valueOf(file));
    this.disk = disk;
    this.file = file;
  }

  /// Whether a name is that of a file of this kind.
  public static boolean isNamed(String name) {
    return name.matches("(?i).*\\.(hdf5|h5)");
  }

  /// @throws FormatException if there are none, or they are no vectors
  public RowSource rows() throws IOException {
    return HdfRows.open(disk, file, ROWS);
  }

  /// @throws FormatException if there are none, or they are not as long as the rows
  public RowSource queries() throws IOException {
    RowSource queries = HdfRows.open(disk, file, QUERIES);
    try (HdfFileReader in = HdfFileReader.open(disk, file)) {
      HdfTable rows = in.table(ROWS);
      HdfTable own = in.table(QUERIES);
      if (own.width() != rows.width()) {
        throw new FormatException(
            file.toString(),
            QUERIES,
            "its rows have " + own.width() + " values, those of train have " + rows.width());
      }
      return queries;
    } catch (IOException | RuntimeException e) {
      queries.close();
      throw e;
    }
  }

  /// The rows nearest to each of the first queries; empty where the file does not tell.
  ///
  /// @param most queries
  /// @throws FormatException if they are not those of these queries, or of rows that are not there
  public Optional<int[][]> neighbours(int most) throws IOException {
    try (HdfFileReader in = HdfFileReader.open(disk, file)) {
      if (!in.has(NEIGHBOURS)) {
        return Optional.empty();
      }
      HdfTable table = in.table(NEIGHBOURS);
      int queryCount = in.table(QUERIES).rowCount();
      if (table.rowCount() != queryCount) {
        throw new FormatException(
            file.toString(),
            NEIGHBOURS,
            "it has " + table.rowCount() + " rows for " + queryCount + " queries");
      }
      int[][] neighbours = new int[Math.min(most, queryCount)][];
      long rowCount = in.table(ROWS).rowCount();
      Object[] read = table.read(0, neighbours.length);
      for (int query = 0; query < neighbours.length; query++) {
        neighbours[query] = numbers(read[query], query, rowCount);
      }
      return Optional.of(neighbours);
    }
  }

  private int[] numbers(Object row, int query, long rowCount) throws FormatException {
    long[] numbers =
        switch (row) {
          case int[] own -> Arrays.stream(own).asLongStream().toArray();
          case long[] own -> own;
          default ->
              throw new FormatException(
                  file.toString(), NEIGHBOURS, "its values are no whole numbers");
        };
    int[] checked = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0 || numbers[i] >= rowCount) {
        throw new FormatException(
            file.toString(),
            NEIGHBOURS + " of query " + query,
            "there is no row " + numbers[i] + ", train has " + rowCount);
      }
      checked[i] = (int) numbers[i];
    }
    return checked;
  }

  /// What the file says of the distance, in its own words: `euclidean`, `angular`; empty where it
  /// says nothing.
  public Optional<String> distance() throws IOException {
    try (HdfFileReader in = HdfFileReader.open(disk, file)) {
      return in.text("distance");
    }
  }
}
