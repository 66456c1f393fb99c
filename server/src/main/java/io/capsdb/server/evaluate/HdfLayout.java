package io.capsdb.server.evaluate;

import io.capsdb.filter.Filter;
import io.capsdb.formats.AnnBenchmarksFile;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// A file of ann-benchmarks: `train` are the rows, `test` the queries, `neighbors` answers.
record HdfLayout(Path path, AnnBenchmarksFile file) implements DataSetFolder {
  static HdfLayout open(Disk disk, Path path) throws IOException {
    return new HdfLayout(path, new AnnBenchmarksFile(disk, path));
  }

  @Override
  public Optional<Metric> metric() throws IOException {
    Optional<String> distance = file.distance();
    if (distance.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (distance.get()) {
          case "euclidean" -> Metric.EUCLID;
          case "angular" -> Metric.COSINE;
          default ->
              throw new FormatException(
                  path.toString(),
                  "distance",
                  "it is '" + distance.get() + "', known are euclidean and angular");
        });
  }

  @Override
  public RowSource rows() throws IOException {
    return file.rows();
  }

  @Override
  public Asked asked(int most) throws IOException {
    List<Query> queries;
    try (RowSource rows = file.queries()) {
      queries = DataSetFolder.readQueries(rows, path.toString(), most);
    }
    Optional<int[][]> neighbours = file.neighbours(queries.size());
    List<List<PointId>> given = neighbours.map(HdfLayout::ids).orElse(List.of());
    return new Asked(
        path,
        queries,
        List.of(new Workload("none", Collections.nCopies(queries.size(), Filter.ALL), given)));
  }

  /// Rows are stored under their numbers.
  private static List<List<PointId>> ids(int[][] neighbours) {
    return Arrays.stream(neighbours)
        .map(own -> Arrays.stream(own).mapToObj(PointId::of).toList())
        .toList();
  }
}
