package io.capsdb.bench.prepare;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Rows near a curved surface of 16 dimensions, in clusters of Zipf-like sizes, with attributes of
/// the usual kinds. Equal settings give equal rows.
///
/// | attribute | values |
/// |---|---|
/// | `time` | a permutation of the row numbers, independent of all else |
/// | `uniform` | ten values, equally often |
/// | `power1`, `power2`, `power3` | fifty values, Zipf with exponent 1.6, independent |
/// | `label` | ten regions of clusters, about a tenth of the rows each |
/// | `tenant` | a thousand, Zipf with exponent 1 |
final class GeneratedSet {
  static final List<String> ATTRIBUTES =
      List.of("time", "uniform", "power1", "power2", "power3", "label", "tenant");

  private static final int TIME = 0;
  private static final int UNIFORM = 1;
  private static final int POWER = 2;
  private static final int LABEL = 5;
  private static final int TENANT = 6;
  private static final int UNIFORM_VALUES = 10;

  private final String name;
  private final int rowCount;
  private final int queryCount;
  private final Metric metric;
  private final Clusters clusters;
  private final Surface surface;
  private final RandomGenerator random = new SplittableRandom(41);
  private final int[][] columns;
  private final int[] queryLabel;
  private final int[] farthestLabel;

  /// @param clusterCount 10 at least, so that each label has some
  GeneratedSet(
      String name, int rowCount, int dimension, Metric metric, int clusterCount, int queryCount) {
    this.name = name;
    this.rowCount = rowCount;
    this.queryCount = queryCount;
    this.metric = metric;
    this.clusters = new Clusters(clusterCount, random);
    this.surface = new Surface(dimension, random);
    this.columns = new int[ATTRIBUTES.size()][rowCount];
    this.queryLabel = new int[queryCount];
    this.farthestLabel = new int[queryCount];
  }

  /// @param arena holds the rows
  DataSet generate(Arena arena) {
    float[][] queries = new float[queryCount][];
    for (int query = 0; query < queryCount; query++) {
      int cluster = clusters.draw(random);
      double[] place = clusters.place(cluster, random);
      queries[query] = metric.prepare(surface.point(place, random));
      queryLabel[query] = clusters.label(cluster);
      farthestLabel[query] = clusters.farthestLabel(place);
    }
    VectorMatrix rows = rows(queries[0].length, arena);
    attributes();
    return new DataSet(
        name,
        metric,
        true,
        "generated: near a curved surface of 16 dimensions, clustered, 2 % noise",
        ATTRIBUTES,
        columns,
        rows,
        queries,
        workloads());
  }

  private VectorMatrix rows(int dimension, Arena arena) {
    MemorySegment segment = arena.allocate(4L * rowCount * dimension, 64);
    for (int row = 0; row < rowCount; row++) {
      int cluster = clusters.draw(random);
      columns[LABEL][row] = clusters.label(cluster);
      float[] point = metric.prepare(surface.point(clusters.place(cluster, random), random));
      MemorySegment.copy(point, 0, segment, Floats.LITTLE_ENDIAN, 4L * row * dimension, dimension);
    }
    return new VectorMatrix(segment, rowCount, dimension);
  }

  private void attributes() {
    Permutations.fill(columns[TIME], random);
    Zipf power = new Zipf(50, 1.6);
    Zipf tenants = new Zipf(1_000, 1);
    for (int row = 0; row < rowCount; row++) {
      columns[UNIFORM][row] = random.nextInt(UNIFORM_VALUES);
      for (int i = 0; i < 3; i++) {
        columns[POWER + i][row] = power.draw(random);
      }
      columns[TENANT][row] = tenants.draw(random);
    }
  }

  private Map<String, Ranges> workloads() {
    Map<String, Ranges> workloads = new TreeMap<>();
    workloads.put(DataSet.NONE, free());
    Windows time = new Windows(TIME, columns[TIME]);
    for (double percent : new double[] {50, 10, 1, 0.1}) {
      Ranges ranges = free();
      for (int query = 0; query < queryCount; query++) {
        time.setAnywhere(ranges, query, percent / 100, random);
      }
      String number = percent < 1 ? String.valueOf(percent) : String.valueOf((int) percent);
      workloads.put("range" + number, ranges);
    }
    Ranges uniform = free();
    Ranges power = free();
    Ranges near = free();
    Ranges far = free();
    Ranges tenant = free();
    for (int query = 0; query < queryCount; query++) {
      equal(uniform, query, UNIFORM, random.nextInt(UNIFORM_VALUES));
      int row = random.nextInt(rowCount);
      for (int attribute = POWER; attribute < POWER + 3; attribute++) {
        equal(power, query, attribute, columns[attribute][row]);
      }
      equal(near, query, LABEL, queryLabel[query]);
      equal(far, query, LABEL, farthestLabel[query]);
      equal(tenant, query, TENANT, columns[TENANT][random.nextInt(rowCount)]);
    }
    workloads.put("uniform10", uniform);
    workloads.put("power3", power);
    workloads.put("near10", near);
    workloads.put("far10", far);
    workloads.put("tenant", tenant);
    return workloads;
  }

  private Ranges free() {
    return Ranges.free(queryCount, ATTRIBUTES.size());
  }

  private static void equal(Ranges ranges, int query, int attribute, int value) {
    ranges.set(query, attribute, value, value);
  }
}
