package io.capsdb.bench.data;

import io.capsdb.formats.FileOutput;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/// Reads and writes a data set as a folder.
///
/// | file | holds |
/// |---|---|
/// | `dataset.properties` | name, metric (`l2` or `cosine`), generated, about, attributes |
/// | `base.fvecs` or `base.npy` | the rows |
/// | `queries.fvecs` or `queries.npy` | the queries |
/// | `attributes.ivecs` | for each row one integer of each attribute, at least 0 |
/// | `NAME.filters.ivecs` | for each query low and high of each attribute, inclusive, −1 = free |
public final class DataSetFiles {
  private static final String PROPERTIES = "dataset.properties";
  private static final String ATTRIBUTES = "attributes.ivecs";
  private static final String FILTERS = ".filters.ivecs";

  private final Disk disk;
  private final Path folder;

  public DataSetFiles(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /// Writes a data set; what the folder held of another one is deleted.
  public void write(DataSet set) throws IOException {
    disk.createFolders(folder);
    disk.delete(folder.resolve(PROPERTIES));
    for (String file : disk.list(folder)) {
      if (file.endsWith(FILTERS) || file.contains(TruthFiles.INFIX)) {
        disk.delete(folder.resolve(file));
      }
    }
    try (FileOutput out = FileOutput.create(disk, folder.resolve("base.fvecs"))) {
      for (int row = 0; row < set.rowCount(); row++) {
        VecsFiles.write(out, set.rows().row(row));
      }
      out.commit();
    }
    try (FileOutput out = FileOutput.create(disk, folder.resolve("queries.fvecs"))) {
      for (float[] query : set.queries()) {
        VecsFiles.write(out, query);
      }
      out.commit();
    }
    try (FileOutput out = FileOutput.create(disk, folder.resolve(ATTRIBUTES))) {
      int[] values = new int[set.columns().length];
      for (int row = 0; row < set.rowCount(); row++) {
        for (int attribute = 0; attribute < values.length; attribute++) {
          values[attribute] = set.columns()[attribute][row];
        }
        VecsFiles.write(out, values);
      }
      out.commit();
    }
    for (Map.Entry<String, Ranges> workload : set.workloads().entrySet()) {
      if (!workload.getKey().equals(DataSet.NONE)) {
        write(workload.getKey(), workload.getValue());
      }
    }
    // Last, because it is what makes the folder a data set.
    String properties =
        String.join(
            "\n",
            "name=" + set.name(),
            "metric=" + (set.metric() == Metric.COSINE ? "cosine" : "l2"),
            "generated=" + set.isGenerated(),
            "about=" + set.about(),
            "attributes=" + String.join(",", set.attributes()),
            "");
    try (FileOutput out = FileOutput.create(disk, folder.resolve(PROPERTIES))) {
      out.write(properties.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }

  private void write(String workload, Ranges ranges) throws IOException {
    try (FileOutput out = FileOutput.create(disk, folder.resolve(workload + FILTERS))) {
      int width = 2 * ranges.attributeCount();
      int[] bounds = ranges.bounds();
      for (int from = 0; from < bounds.length; from += width) {
        VecsFiles.write(out, Arrays.copyOfRange(bounds, from, from + width));
      }
      out.commit();
    }
  }

  /// Reads the whole data set; the rows lie in `arena`.
  ///
  /// @throws FormatException if the files are damaged or do not belong together
  public DataSet read(Arena arena) throws IOException {
    Properties properties = new Properties();
    try (Reader in =
        new InputStreamReader(disk.read(folder.resolve(PROPERTIES)), StandardCharsets.UTF_8)) {
      properties.load(in);
    }
    String metricName = properties.getProperty("metric", "");
    Metric metric =
        switch (metricName) {
          case "l2" -> Metric.EUCLID;
          case "cosine" -> Metric.COSINE;
          default -> throw damaged(PROPERTIES, "metric is '" + metricName + "', not l2 or cosine");
        };
    String names = properties.getProperty("attributes", "").strip();
    List<String> attributes = names.isEmpty() ? List.of() : List.of(names.split("\\s*,\\s*"));
    VectorMatrix rows = matrix(metric, "base", arena);
    VectorMatrix queryRows = matrix(metric, "queries", arena);
    if (rows.dimension() != queryRows.dimension()) {
      throw damaged("queries", "their dimension is not that of the rows");
    }
    float[][] queries = new float[queryRows.rowCount()][];
    Arrays.setAll(queries, queryRows::row);
    return new DataSet(
        properties.getProperty("name", Objects.toString(folder.getFileName())),
        metric,
        Boolean.parseBoolean(properties.getProperty("generated", "false")),
        properties.getProperty("about", ""),
        attributes,
        columns(attributes.size(), rows.rowCount()),
        rows,
        queries,
        workloads(queries.length, attributes.size()));
  }

  private Map<String, Ranges> workloads(int queryCount, int attributeCount) throws IOException {
    Map<String, Ranges> workloads = new TreeMap<>();
    workloads.put(DataSet.NONE, Ranges.free(queryCount, attributeCount));
    for (String file : disk.list(folder)) {
      if (file.endsWith(FILTERS)) {
        List<int[]> bounds = VecsFiles.readInts(disk, folder.resolve(file));
        if (bounds.size() != queryCount
            || bounds.stream().anyMatch(each -> each.length != 2 * attributeCount)) {
          throw damaged(file, "not " + queryCount + " rows of " + 2 * attributeCount + " integers");
        }
        int[] flat = bounds.stream().flatMapToInt(Arrays::stream).toArray();
        workloads.put(
            file.substring(0, file.length() - FILTERS.length()), new Ranges(attributeCount, flat));
      }
    }
    return workloads;
  }

  private int[][] columns(int attributeCount, int rowCount) throws IOException {
    int[][] columns = new int[attributeCount][rowCount];
    if (attributeCount == 0) {
      return columns;
    }
    List<int[]> rows = VecsFiles.readInts(disk, folder.resolve(ATTRIBUTES));
    if (rows.size() != rowCount) {
      throw damaged(ATTRIBUTES, rows.size() + " rows, the vectors are " + rowCount);
    }
    for (int row = 0; row < rowCount; row++) {
      int[] values = rows.get(row);
      if (values.length != attributeCount || Arrays.stream(values).anyMatch(value -> value < 0)) {
        throw damaged(
            ATTRIBUTES, "row " + row + " has not " + attributeCount + " values of at least 0");
      }
      for (int attribute = 0; attribute < attributeCount; attribute++) {
        columns[attribute][row] = values[attribute];
      }
    }
    return columns;
  }

  /// The rows of `NAME.fvecs` or `NAME.npy`, in the form in which they are searched.
  private VectorMatrix matrix(Metric metric, String name, Arena arena) throws IOException {
    boolean isVecs = disk.exists(folder.resolve(name + ".fvecs"));
    Path file = folder.resolve(name + (isVecs ? ".fvecs" : ".npy"));
    long count = 0;
    int dimension = 0;
    try (RowSource source = RowSources.open(disk, file)) {
      MemorySegment segment = MemorySegment.NULL;
      for (Optional<RowSource.Row> next = source.next(); next.isPresent(); next = source.next()) {
        if (next.get().rejection().isPresent()) {
          throw damaged(
              file.toString(), "row " + count + ": " + next.get().rejection().orElseThrow());
        }
        float[] vector = metric.prepare(Objects.requireNonNull(next.get().vector()));
        if (count == 0) {
          dimension = vector.length;
          segment = arena.allocate(source.rowCount().orElseThrow() * 4L * dimension, 64);
        }
        MemorySegment.copy(
            vector, 0, segment, Floats.LITTLE_ENDIAN, count * 4 * dimension, dimension);
        count++;
      }
      if (count == 0) {
        throw damaged(file.toString(), "it has no rows");
      }
      return new VectorMatrix(segment, Math.toIntExact(count), dimension);
    }
  }

  private FormatException damaged(String file, String what) {
    return new FormatException(folder.resolve(file).toString(), "data set", what);
  }
}
