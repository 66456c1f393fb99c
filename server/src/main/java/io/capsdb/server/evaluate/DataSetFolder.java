package io.capsdb.server.evaluate;

import io.capsdb.filter.Filter;
import io.capsdb.formats.AnnBenchmarksFile;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A data set, in a folder or in one file: rows with payloads, queries, and what they ask for.
///
/// | layout | files |
/// |---|---|
/// | ann-benchmarks | one `.hdf5` or `.h5`: `train`, `test`, perhaps `neighbors` |
/// | vector-db-benchmark | `vectors.npy`, `tests.jsonl`; `payloads.jsonl` may be missing |
/// | big-ann, filter track | `base*.u8bin`, `base*.spmat`, `query*.u8bin`, `query*.spmat` |
/// | ours, as the bench has it | `dataset.properties`, `base.fvecs` or `.npy`, `queries.fvecs` or |
/// |  | `.npy`, `attributes.ivecs`, any `NAME.filters.ivecs` |
public sealed interface DataSetFolder permits HdfLayout, TestsLayout, TagsLayout, AttributesLayout {
  /// The queries, and what they ask for: each workload has a filter for each query.
  ///
  /// @param file that the queries stand in, for messages
  record Asked(Path file, List<Query> queries, List<Workload> workloads) {
    /// Tells before all is loaded what could not be searched for.
    ///
    /// @throws FormatException if a query has another dimension than the rows, or no distance
    public void requireFit(DataSetFolder folder, Metric metric) throws IOException {
      int dimension = folder.dimension();
      for (int i = 0; i < queries.size(); i++) {
        float[] vector = queries.get(i).vector();
        String place = "query " + i;
        if (vector.length != dimension) {
          throw new FormatException(
              file.toString(),
              place,
              "dimension " + vector.length + ", the rows have " + dimension);
        }
        try {
          metric.prepare(vector);
        } catch (IllegalArgumentException e) {
          throw new FormatException(file.toString(), place, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /// What the distance is, where the data set tells.
  ///
  /// @throws FormatException if it is one that is not known
  Optional<Metric> metric() throws IOException;

  /// Opens the rows: vectors with payloads.
  RowSource rows() throws IOException;

  /// Values of the first row.
  ///
  /// @throws FormatException if there is none
  private int dimension() throws IOException {
    try (RowSource rows = rows()) {
      Optional<RowSource.Row> first = rows.next();
      float[] vector = first.isPresent() ? first.get().vector() : null;
      if (vector == null) {
        throw new FormatException(
            rows.file(),
            "row 0",
            first.flatMap(RowSource.Row::rejection).orElse("there is no vector"));
      }
      return vector.length;
    }
  }

  /// @param most queries that are read; the first ones
  Asked asked(int most) throws IOException;

  /// Finds out the layout by the names of the files.
  ///
  /// @param folder or a file of ann-benchmarks
  /// @throws FormatException naming what is missing
  static DataSetFolder open(Disk disk, Path folder) throws IOException {
    if (AnnBenchmarksFile.isNamed(folder.toString())) {
      return HdfLayout.open(disk, folder);
    }
    List<String> files;
    try {
      files = disk.list(folder);
    } catch (NoSuchFileException _) {
      throw new FormatException(folder.toString(), "folder", "there is no such folder");
    } catch (NotDirectoryException _) {
      throw new FormatException(folder.toString(), "name", "it is neither a folder nor HDF5");
    }
    if (files.contains("dataset.properties")) {
      return new AttributesLayout(disk, folder, files);
    }
    if (files.contains("tests.jsonl") || files.contains("vectors.npy")) {
      return new TestsLayout(disk, folder, files);
    }
    if (files.stream().anyMatch(file -> file.endsWith(".u8bin"))) {
      return new TagsLayout(disk, folder, files);
    }
    List<String> hdf = files.stream().filter(AnnBenchmarksFile::isNamed).toList();
    if (hdf.size() == 1) {
      return HdfLayout.open(disk, folder.resolve(hdf.getFirst()));
    }
    if (hdf.size() > 1) {
      throw new FormatException(
          folder.toString(), "files", "there are " + hdf.size() + " .hdf5 files, name one of them");
    }
    throw new FormatException(
        folder.toString(),
        "files",
        "no data set was found: there is neither vectors.npy with tests.jsonl, nor *.u8bin with"
            + " *.spmat, nor dataset.properties, nor *.hdf5");
  }

  /// The file of a name that the layout needs.
  ///
  /// @throws FormatException if it is not there
  static Path require(Path folder, List<String> files, String... names) throws IOException {
    for (String name : names) {
      if (files.contains(name)) {
        return folder.resolve(name);
      }
    }
    throw new FormatException(
        folder.toString(), "files", "there is no " + String.join(" and no ", names));
  }

  /// The vectors of a file, the first ones.
  ///
  /// @throws FormatException if there are none, or one cannot be used
  static List<Query> readQueries(Disk disk, Path file, int most) throws IOException {
    try (RowSource rows = RowSources.open(disk, file)) {
      return readQueries(rows, file.toString(), most);
    }
  }

  /// The same of rows that are open.
  ///
  /// @param file for messages
  static List<Query> readQueries(RowSource rows, String file, int most) throws IOException {
    List<Query> queries = new ArrayList<>();
    for (Optional<RowSource.Row> row = rows.next();
        row.isPresent() && queries.size() < most;
        row = rows.next()) {
      float[] vector = row.get().vector();
      if (row.get().rejection().isPresent() || vector == null) {
        throw new FormatException(
            file,
            "query " + row.get().number(),
            row.get().rejection().orElse("there is no vector"));
      }
      queries.add(Query.of(vector));
    }
    if (queries.isEmpty()) {
      throw new FormatException(file, "end", "there are no queries");
    }
    return queries;
  }

  /// All parts together.
  static Filter all(List<Filter> parts) {
    return switch (parts.size()) {
      case 0 -> Filter.ALL;
      case 1 -> parts.getFirst();
      default -> new Filter.And(parts);
    };
  }
}
