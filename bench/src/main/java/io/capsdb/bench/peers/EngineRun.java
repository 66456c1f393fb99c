package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.data.Truth;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Builds one engine and measures it: each workload at each setting, until the recall is high
/// enough.
///
/// It is a program of its own, because engines that share a JVM spoil one another: what the
/// compiler learns from the calls of one slows the next.
final class EngineRun {
  /// No target is higher; what costs more is not tried.
  private static final double ENOUGH_RECALL = 0.995;

  /// No target is lower; what finds less is not timed, unless the sweep ends there.
  private static final double LEAST_RECALL = 0.8;

  /// A setting whose queries take longer ends the sweep.
  private static final double LEAST_QPS = 20;

  private final PeersOptions options;
  private final Disk disk;
  private final LongSupplier nanoClock;
  private final Meter meter;
  private final Progress progress;

  EngineRun(PeersOptions options, Disk disk, LongSupplier nanoClock, Meter meter) {
    this.options = options;
    this.disk = disk;
    this.nanoClock = nanoClock;
    this.meter = meter;
    this.progress = new Progress(System.err, nanoClock);
  }

  public static void main(String[] args) throws IOException {
    PeersOptions options = PeersOptions.parse(List.of(args));
    try (Arena arena = Arena.ofShared();
        ResultLines lines = ResultLines.open(Disk.local(), options.json())) {
      DataSet set = new DataSetFiles(Disk.local(), options.data()).read(arena);
      LongSupplier nanoClock = System::nanoTime;
      EngineRun run = new EngineRun(options, Disk.local(), nanoClock, new Meter(nanoClock, 1));
      for (String engine : options.engines()) {
        run.measure(engine, set, lines);
      }
    }
  }

  void measure(String name, DataSet set, ResultLines lines) throws IOException {
    try (Engine engine = Engines.of(name)) {
      build(name, engine, set, lines);
      TruthFiles truths = new TruthFiles(disk, options.data());
      for (String workload : set.workloads().keySet()) {
        if (options.workloads().isEmpty() || options.workloads().contains(workload)) {
          sweep(name, engine, set, workload, truths.get(set, workload, options.k()), lines);
        }
      }
    }
  }

  private void build(String name, Engine engine, DataSet set, ResultLines lines)
      throws IOException {
    progress.begin(name + ": building on " + set.name());
    BuiltFolder folder = BuiltFolder.of(disk, options.data(), set);
    Optional<KeptCost> kept = KeptCost.find(folder, engine);
    long begin = nanoClock.getAsLong();
    double cpuBegin = processSeconds();
    engine.build(set, folder, progress);
    KeptCost cost =
        kept.orElse(
            new KeptCost(
                rounded(processSeconds() - cpuBegin, 2),
                rounded((nanoClock.getAsLong() - begin) / 1e9, 2)));
    cost.keep(folder, engine);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("engine", name);
    line.put("build", true);
    line.put("dataset", set.name());
    line.put("buildCpuSeconds", cost.cpuSeconds());
    line.put("buildWallSeconds", cost.wallSeconds());
    line.put("bytesBeyondRaw", engine.bytesBeyondRaw());
    line.put("rawBytes", set.rows().offset(set.rowCount()));
    line.put("version", engine.version());
    line.put("settings", engine.settings());
    lines.write(line);
  }

  private void sweep(
      String name, Engine engine, DataSet set, String workload, Truth truth, ResultLines lines)
      throws IOException {
    Ranges ranges = set.ranges(workload);
    int queryCount = Math.min(options.queries(), set.queries().length);
    double selectivity = ranges.selectivity(set.columns(), set.rowCount());
    List<Setting> settings = engine.sweep(options.k());
    progress.begin(name + ": " + workload);
    boolean isFirst = true;
    for (int i = 0; i < settings.size(); i++) {
      Setting setting = settings.get(i);
      double recall = recall(set, ranges, truth, queryCount, engine, setting);
      boolean isLast = i == settings.size() - 1 || recall >= ENOUGH_RECALL;
      progress.at((i + 1.0) / settings.size());
      if (recall < LEAST_RECALL && !isLast) {
        continue;
      }
      List<Search> searches = new ArrayList<>();
      for (int thread = 0; thread < options.threads(); thread++) {
        searches.add(engine.search(ranges, setting, options.k()));
      }
      Timing timing = meter.time(searches, queryCount, isFirst);
      isFirst = false;
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("engine", name);
      line.put("dataset", set.name());
      line.put("workload", workload);
      line.put("selectivity", rounded(selectivity, 6));
      line.put("setting", setting.words());
      line.put("recall", rounded(recall, 5));
      line.put("cpuQps", rounded(timing.cpuQps(), 1));
      line.put("wallQps", rounded(timing.wallQps(), 1));
      line.put("p50Micros", rounded(timing.p50Micros(), 2));
      line.put("p99Micros", rounded(timing.p99Micros(), 2));
      line.put("k", options.k());
      line.put("threads", options.threads());
      line.put("queries", queryCount);
      line.put("repetitions", timing.repetitions());
      lines.write(line);
      if (isLast || timing.cpuQps() < LEAST_QPS) {
        break;
      }
    }
  }

  /// Recall over the queries that some row matches. Hits that do not satisfy their filter, or come
  /// twice, are a fault of the adapter and end the run.
  private double recall(
      DataSet set, Ranges ranges, Truth truth, int queryCount, Engine engine, Setting setting)
      throws IOException {
    Search search = engine.search(ranges, setting, options.k());
    double sum = 0;
    int asked = 0;
    for (int query = 0; query < queryCount; query++) {
      int[] found = search.find(query);
      HitCheck.check(set, ranges, query, found, options.k());
      if (truth.hasMatches(query)) {
        sum += truth.recall(set, query, found);
        asked++;
      }
    }
    return asked == 0 ? 1 : sum / asked;
  }

  private static double processSeconds() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime()
        / 1e9;
  }

  private static double rounded(double value, int digits) {
    double scale = Math.pow(10, digits);
    return Math.rint(value * scale) / scale;
  }
}
