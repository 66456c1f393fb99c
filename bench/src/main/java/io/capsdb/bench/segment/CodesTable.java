package io.capsdb.bench.segment;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.Selection;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.Ranges;
import io.capsdb.caps.CapsIndexFactory;
import io.capsdb.caps.CapsParams;
import io.capsdb.caps.CodeChoice;
import io.capsdb.filter.Filter;
import io.capsdb.index.Hits;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.TopK;
import io.capsdb.index.VectorIndex;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.LocalDisk;
import io.capsdb.point.Payload;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What each form of codes is worth against scoring vectors in full, over the first values of each
/// row of a data set: the same partitions, the same walk, processor time of a probe and recall.
///
/// Usage: `bench/run codes FOLDER METRIC DIMENSION,...`
public final class CodesTable {
  private static final int K = 10;
  private static final int QUERIES = 200;
  private static final int REPETITIONS = 7;
  private static final int WARM_UP_ROUNDS = 8;
  private static final double[] RECALLS = {0.9, 0.95, 0.99};
  private static final List<String> WORKLOADS = List.of("none", "range50", "range10", "range1");

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final DataSet set;
  private final Metric metric;
  private final int dimension;
  private final List<float[]> rows = new ArrayList<>();
  private final AttributeIndex attributes;

  /// An index over the rows.
  ///
  /// @param order the row at each ordinal
  @SuppressWarnings("ArrayRecordComponent") // made and read here
  private record Coded(String name, VectorIndex index, AttributeIndex attributes, int[] order) {}

  private CodesTable(DataSet set, Metric metric, int dimension) {
    this.set = set;
    this.metric = metric;
    this.dimension = dimension;
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    for (int row = 0; row < set.rowCount(); row++) {
      rows.add(cut(set.rows().row(row)));
      Map<String, @Nullable Object> payload = new LinkedHashMap<>();
      for (int i = 0; i < set.attributes().size(); i++) {
        payload.put(set.attributes().get(i), (long) set.columns()[i][row]);
      }
      builder.add(Payload.of(payload));
    }
    this.attributes = builder.build();
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: codes FOLDER METRIC DIMENSION,...");
      System.exit(2);
    }
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(new LocalDisk(), Path.of(args[0])).read(arena);
      System.out.printf(
          Locale.ROOT,
          "%s%s: %,d rows, %s, k = %d, µs of processor time%n%n",
          set.name(),
          set.isGenerated() ? " (generated)" : "",
          set.rowCount(),
          args[1],
          K);
      System.out.println(
          "| values | workload | asked | codes | recall@10 | rows scored | vectors read | µs |"
              + " against none |");
      System.out.println("|---|---|---|---|---|---|---|---|---|");
      for (String dimension : args[2].split(",", -1)) {
        new CodesTable(set, Metric.valueOf(args[1]), Integer.parseInt(dimension)).run();
      }
    }
  }

  private float[] cut(float[] vector) {
    return metric.prepare(Arrays.copyOf(vector, dimension));
  }

  private void run() throws IOException {
    List<Coded> all = new ArrayList<>();
    all.add(coded("none", CodeChoice.NONE));
    all.add(coded("byte", CodeChoice.bitsFrom(Integer.MAX_VALUE)));
    if (metric != Metric.MANHATTAN) {
      all.add(coded("binary", CodeChoice.bitsFrom(1)));
    }
    for (String workload : WORKLOADS) {
      if (set.workloads().containsKey(workload)) {
        Hits[] truth = truth(set.ranges(workload));
        for (double recall : RECALLS) {
          compare(workload, truth, recall, all);
        }
      }
    }
  }

  private Coded coded(String name, CodeChoice codes) throws IOException {
    IndexFactory factory = new CapsIndexFactory(CapsParams.DEFAULT.withCodes(codes));
    IndexFactory.BuiltIndex built =
        factory.build(
            metric, matrix(rows), attributes, List.of(), new SplittableRandom(1), _ -> {});
    IndexParts parts = new IndexParts();
    built.write(parts);
    int[] order = built.order();
    CheckedWriter out = new CheckedWriter();
    attributes.reorder(order).write(out);
    AttributeIndex ordered =
        AttributeIndex.read(
                new CheckedReader("attributes", 0, MemorySegment.ofArray(out.toByteArray())))
            .withColumns();
    VectorMatrix vectors = matrix(Arrays.stream(order).mapToObj(rows::get).toList());
    return new Coded(name, factory.open(metric, parts, vectors, ordered), ordered, order);
  }

  private VectorMatrix matrix(List<float[]> vectors) {
    MemorySegment segment = Arena.ofAuto().allocate(4L * dimension * vectors.size(), 64);
    VectorMatrix matrix = new VectorMatrix(segment, vectors.size(), dimension);
    for (int row = 0; row < vectors.size(); row++) {
      MemorySegment.copy(
          vectors.get(row), 0, segment, Floats.LITTLE_ENDIAN, matrix.offset(row), dimension);
    }
    return matrix;
  }

  private Hits[] truth(Ranges ranges) {
    Hits[] truth = new Hits[queries()];
    for (int query = 0; query < truth.length; query++) {
      TopK top = new TopK(K);
      float[] vector = cut(set.queries()[query]);
      for (int row = 0; row < rows.size(); row++) {
        if (matches(ranges, query, row)) {
          top.offer(Kernels.best().distance(metric, vector, rows.get(row)), row);
        }
      }
      truth[query] = top.drain();
    }
    return truth;
  }

  private boolean matches(Ranges ranges, int query, int row) {
    for (int i = 0; i < ranges.attributeCount(); i++) {
      int value = set.columns()[i][row];
      if (!ranges.isFree(query, i)
          && (value < ranges.low(query, i) || value > ranges.high(query, i))) {
        return false;
      }
    }
    return true;
  }

  private int queries() {
    return Math.min(QUERIES, set.queries().length);
  }

  /// Runs take turns, so that what else the machine does meets all of them.
  private void compare(String workload, Hits[] truth, double recall, List<Coded> all) {
    double[][] micros = new double[all.size()][REPETITIONS];
    for (Coded coded : all) {
      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        micros(coded, workload, recall);
      }
    }
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      for (int i = 0; i < all.size(); i++) {
        micros[i][repetition] = micros(all.get(i), workload, recall);
      }
    }
    for (int i = 0; i < all.size(); i++) {
      Arrays.sort(micros[i]);
      row(
          workload,
          truth,
          recall,
          all.get(i),
          micros[i][REPETITIONS / 2],
          micros[0][REPETITIONS / 2]);
    }
  }

  private double micros(Coded coded, String workload, double recall) {
    long begin = threads.getCurrentThreadCpuTime();
    for (int query = 0; query < queries(); query++) {
      search(coded, workload, query, recall);
    }
    return (threads.getCurrentThreadCpuTime() - begin) / 1e3 / queries();
  }

  private ProbeQueue.Outcome search(Coded coded, String workload, int query, double recall) {
    Filter filter = OneSegment.filter(set, set.ranges(workload), query);
    Selection selection = coded.attributes().select(filter, _ -> true);
    return ProbeQueue.search(
        List.of(new ProbeQueue.Source(coded.index(), selection)),
        cut(set.queries()[query]),
        K,
        SearchBudget.forRecall(recall, K),
        Long::compare);
  }

  private void row(
      String workload, Hits[] truth, double recall, Coded coded, double micros, double none) {
    double found = 0;
    double wanted = 0;
    double scored = 0;
    double read = 0;
    for (int query = 0; query < queries(); query++) {
      ProbeQueue.Outcome outcome = search(coded, workload, query, recall);
      scored += outcome.counters().rowsScored;
      read += outcome.counters().vectorsRead;
      int right = truth[query].size();
      wanted += right;
      for (float distance : outcome.hits().distances()) {
        found += right > 0 && distance <= truth[query].distances()[right - 1] * 1.00001f ? 1 : 0;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %d | %s | %.2f | %s | %.4f | %,.0f | %,.0f | %.1f | %.2f |%n",
        dimension,
        workload,
        recall,
        coded.name(),
        found / wanted,
        scored / queries(),
        read / queries(),
        micros,
        none / micros);
  }
}
