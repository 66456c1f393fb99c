package io.capsdb.bench.data;

import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.List;
import java.util.Map;

/// Rows with integer attributes, queries, and workloads, in memory.
///
/// @param metric `EUCLID` or `COSINE`; with `COSINE` all rows and queries have unit length
/// @param isGenerated whether a program made the rows up; tables say so
/// @param about one line for people
/// @param attributes names of the columns
/// @param columns by attribute, then by row; values are at least 0
/// @param rows row number = id
/// @param queries vectors that are not among the rows
/// @param workloads what the queries ask of the attributes, by name; `none` is always among them
@SuppressWarnings("ArrayRecordComponent") // read once and shared by all engines, never compared
public record DataSet(
    String name,
    Metric metric,
    boolean isGenerated,
    String about,
    List<String> attributes,
    int[][] columns,
    VectorMatrix rows,
    float[][] queries,
    Map<String, Ranges> workloads) {

  /// The workload without a filter.
  public static final String NONE = "none";

  public int rowCount() {
    return rows.rowCount();
  }

  public int dimension() {
    return rows.dimension();
  }

  /// What the queries of a workload ask for.
  ///
  /// @throws IllegalArgumentException naming the workloads that there are
  public Ranges ranges(String workload) {
    Ranges ranges = workloads.get(workload);
    if (ranges == null) {
      throw new IllegalArgumentException(
          "there is no workload '" + workload + "', " + name + " has " + workloads.keySet());
    }
    return ranges;
  }
}
