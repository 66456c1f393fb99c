package io.capsdb.server.evaluate;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.Value;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.point.FieldPath;
import io.capsdb.point.Payload;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Our own layout: whole numbers as attributes; for each query a low and a high of each, −1 −1
/// where it is free.
record AttributesLayout(Disk disk, Path folder, List<String> files) implements DataSetFolder {
  private static final String FILTERS = ".filters.ivecs";

  private Properties properties() throws IOException {
    Properties properties = new Properties();
    try (Reader in =
        new InputStreamReader(
            disk.read(folder.resolve("dataset.properties")), StandardCharsets.UTF_8)) {
      properties.load(in);
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          folder.resolve("dataset.properties").toString(),
          "properties",
          String.valueOf(e.getMessage()));
    }
    return properties;
  }

  private List<String> attributes() throws IOException {
    String names = properties().getProperty("attributes", "").strip();
    List<String> all = names.isEmpty() ? List.of() : List.of(names.split("\\s*,\\s*", -1));
    if (all.contains("") || all.stream().distinct().count() < all.size()) {
      throw new FormatException(
          folder.resolve("dataset.properties").toString(),
          "attributes",
          "a name is missing or there twice: " + names);
    }
    return all;
  }

  @Override
  public Optional<Metric> metric() throws IOException {
    String name = properties().getProperty("metric", "").strip();
    return switch (name) {
      case "l2" -> Optional.of(Metric.EUCLID);
      case "cosine" -> Optional.of(Metric.COSINE);
      case "" -> Optional.empty();
      default ->
          throw new FormatException(
              folder.resolve("dataset.properties").toString(),
              "metric",
              "it is '" + name + "', known are l2 and cosine");
    };
  }

  @Override
  public RowSource rows() throws IOException {
    RowSource vectors =
        RowSources.open(disk, DataSetFolder.require(folder, files, "base.fvecs", "base.npy"));
    if (attributes().isEmpty()) {
      return vectors;
    }
    try {
      Path file = DataSetFolder.require(folder, files, "attributes.ivecs");
      return RowSources.aligned(
          vectors, new Columns(new IntRows(disk, file), file.toString(), attributes()));
    } catch (IOException | RuntimeException e) {
      vectors.close();
      throw e;
    }
  }

  /// Rows of whole numbers as payloads.
  private static final class Columns implements RowSource {
    private final IntRows in;
    private final String file;
    private final List<String> names;
    private long next;

    Columns(IntRows in, String file, List<String> names) {
      this.in = in;
      this.file = file;
      this.names = names;
    }

    @Override
    public Optional<Row> next() throws IOException {
      Optional<int[]> values = in.next();
      if (values.isEmpty()) {
        return Optional.empty();
      }
      if (values.get().length != names.size()) {
        throw new FormatException(
            file,
            "row " + next,
            values.get().length + " values, dataset.properties names " + names.size());
      }
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        fields.put(names.get(i), (long) values.get()[i]);
      }
      long number = next++;
      return Optional.of(
          new Row(
              number, number + 1, Optional.empty(), null, Payload.of(fields), Optional.empty()));
    }

    @Override
    public String file() {
      return file;
    }

    @Override
    public OptionalLong rowCount() {
      return OptionalLong.empty();
    }

    @Override
    public double progress() {
      return 0;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @Override
  public Asked asked(int most) throws IOException {
    Path file = DataSetFolder.require(folder, files, "queries.fvecs", "queries.npy");
    List<Query> queries = DataSetFolder.readQueries(disk, file, most);
    List<String> names = attributes();
    List<Workload> workloads = new ArrayList<>();
    workloads.add(Workload.unfiltered(queries.size()));
    for (String each : files) {
      if (each.endsWith(FILTERS)) {
        String name = each.substring(0, each.length() - FILTERS.length());
        workloads.add(
            new Workload(
                name, filters(folder.resolve(each), names, queries.size(), queries.size() < most)));
      }
    }
    return new Asked(file, queries, workloads);
  }

  /// @param areAll whether there are no more queries
  private List<Filter> filters(Path file, List<String> names, int count, boolean areAll)
      throws IOException {
    List<Filter> filters = new ArrayList<>();
    try (IntRows rows = new IntRows(disk, file)) {
      Optional<int[]> row = rows.next();
      while (row.isPresent() && filters.size() < count) {
        filters.add(filter(file, filters.size(), row.get(), names));
        row = rows.next();
      }
      if (areAll && row.isPresent()) {
        throw new FormatException(
            file.toString(), "row " + count, "it has more rows than there are queries: " + count);
      }
    }
    if (filters.size() < count) {
      throw new FormatException(
          file.toString(), "end", filters.size() + " rows for " + count + " queries");
    }
    return filters;
  }

  private static Filter filter(Path file, int row, int[] bounds, List<String> names)
      throws IOException {
    if (bounds.length != 2 * names.size()) {
      throw new FormatException(
          file.toString(),
          "row " + row,
          bounds.length + " values, " + names.size() + " attributes need " + 2 * names.size());
    }
    List<Filter> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      // A name is a key, also where it holds what parts the keys of a path.
      String field = FieldPath.join("", names.get(i));
      int low = bounds[2 * i];
      int high = bounds[2 * i + 1];
      if (low == high && low >= 0) {
        parts.add(new Filter.In(field, Set.of(Value.of(low))));
      } else if (low >= 0 || high >= 0) {
        parts.add(
            new Filter.Range(field, Bound.including((double) low), Bound.including((double) high)));
      }
    }
    return DataSetFolder.all(parts);
  }
}
