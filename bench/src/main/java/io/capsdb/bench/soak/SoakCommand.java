package io.capsdb.bench.soak;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.Ranges;
import io.capsdb.formats.FileOutput;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// A writer at full speed and a searcher at half of its own beside it, on half of the rows of a
/// data set to begin with. Each two seconds the writer stands still for a moment, and answers are
/// held against a model of what was written.
///
/// Usage: `bench/run soak FOLDER [OPTIONS]`; the launcher adds an empty folder for the data.
/// Ends with status 1 when an answer was wrong.
public final class SoakCommand {
  private static final int K = 10;
  private static final double IDLE_SECONDS = 5;
  private static final int LOOK_SECONDS = 2;
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final SoakOptions options;
  private final DataSet set;
  private final Collection collection;
  private final LongSupplier nanoClock = System::nanoTime;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final SoakModel model;
  private final SoakWriter writer;
  private final SoakSearcher searcher;
  private final List<String> lines = new ArrayList<>();
  private final List<Double> recalls = new ArrayList<>();
  private String fault = "";
  private double writtenRate;
  private double searchedRate;

  private SoakCommand(SoakOptions options, DataSet set, Collection collection) {
    this.options = options;
    this.set = set;
    this.collection = collection;
    this.model = new SoakModel(set);
    this.writer = new SoakWriter(set, collection, model, options, lock, narrowest(set));
    this.searcher = new SoakSearcher(set, collection, K, nanoClock);
  }

  private static Ranges narrowest(DataSet set) {
    return set.workloads().values().stream()
        .min(
            Comparator.comparingDouble(ranges -> ranges.selectivity(set.columns(), set.rowCount())))
        .orElseThrow();
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    SoakOptions options;
    try {
      options = SoakOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("soak: " + e.getMessage());
      System.exit(2);
      return;
    }
    boolean isRight;
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(new LocalDisk(), options.set()).read(arena);
      try (Database database =
          Database.open(
              options.data(),
              DatabaseOptions.defaults().withLog(options.isLogged()).withMeasuredCosts(false))) {
        Collection collection =
            database.createCollection("soak", CollectionConfig.of(set.dimension(), set.metric()));
        isRight = new SoakCommand(options, set, collection).run();
      }
    }
    if (!isRight) {
      System.exit(1);
    }
  }

  private boolean run() throws IOException, InterruptedException {
    System.err.printf(Locale.ROOT, "soak: loading half of %,d rows%n", set.rowCount());
    for (int row = 0; row < set.rowCount() / 2; row += options.batch()) {
      writer.upsert(Math.min(options.batch(), set.rowCount() / 2 - row), 0);
    }
    collection.seal();
    collection.awaitGreen(PATIENCE);
    searcher.fullRate(IDLE_SECONDS);
    double rate = searcher.fullRate(IDLE_SECONDS) / 2;
    double idle = idle(rate);
    Pauses pauses = new Pauses();
    double load = load(rate);
    double collectingMillis = pauses.longestMillis();
    CollectionStatus status = collection.awaitGreen(PATIENCE);
    if (fault.isEmpty()) {
      look(new SplittableRandom(3));
    }
    System.out.printf(
        Locale.ROOT,
        "%s, %s: %,.0f points/s written beside %,.0f searches/s; p99 of a search %.0f us, idle %.0f us"
            + " (%.1f x); longest collector pause %.0f ms; at the end %,d points in %d segments%n",
        set.name(),
        options.mix(),
        writtenRate,
        searchedRate,
        load,
        idle,
        load / idle,
        collectingMillis,
        status.points(),
        status.segments());
    System.out.printf(
        Locale.ROOT,
        "answers: %d looks, mean recall@%d %.4f, %s%n",
        recalls.size(),
        K,
        recalls.stream().mapToDouble(recall -> recall).average().orElse(Double.NaN),
        fault.isEmpty() ? "none wrong  PASS" : "WRONG: " + fault + "  FAIL");
    if (options.csv().isPresent()) {
      try (FileOutput out = FileOutput.create(new LocalDisk(), options.csv().get())) {
        out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return fault.isEmpty();
  }

  private double idle(double rate) throws InterruptedException {
    searcher.begin();
    Thread thread = Thread.ofPlatform().start(() -> searcher.run(rate));
    TimeUnit.MILLISECONDS.sleep((long) (IDLE_SECONDS * 1_000));
    searcher.stop();
    thread.join();
    return searcher.micros(0, searcher.count(), 0.99);
  }

  /// The p99 of searches under load.
  private double load(double rate) throws InterruptedException {
    lines.add("second,written_per_s,searches_per_s,p50_us,p99_us,segments,points,heap_mb,work");
    searcher.begin();
    long before = writer.written();
    Thread searching = Thread.ofPlatform().start(() -> searcher.run(rate));
    Thread writing = Thread.ofPlatform().start(writer);
    SplittableRandom random = new SplittableRandom(11);
    long begin = nanoClock.getAsLong();
    int searched = 0;
    long written = before;
    for (int second = 1; second <= options.seconds() && fault.isEmpty(); second++) {
      long due = begin + TimeUnit.SECONDS.toNanos(second);
      long left = due - nanoClock.getAsLong();
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
      int nowSearched = searcher.count();
      long nowWritten = writer.written();
      note(second, nowWritten - written, searched, nowSearched);
      searched = nowSearched;
      written = nowWritten;
      if (second % LOOK_SECONDS == 0) {
        look(random);
      }
    }
    double taken = (nanoClock.getAsLong() - begin) / 1e9;
    writtenRate = (writer.written() - before) / taken;
    searchedRate = searcher.count() / taken;
    writer.stop();
    searcher.stop();
    writing.join();
    searching.join();
    return searcher.micros(0, searcher.count(), 0.99);
  }

  private void note(int second, long written, int from, int to) {
    Runtime runtime = Runtime.getRuntime();
    CollectionStatus status = collection.status();
    String line =
        String.format(
            Locale.ROOT,
            "%d,%d,%d,%.1f,%.1f,%d,%d,%d,%s",
            second,
            written,
            to - from,
            searcher.micros(from, to, 0.5),
            searcher.micros(from, to, 0.99),
            status.segments(),
            status.points(),
            (runtime.totalMemory() - runtime.freeMemory()) >> 20,
            status.work());
    lines.add(line);
    System.err.println(line);
  }

  private void look(SplittableRandom random) {
    lock.lock();
    try {
      List<String> workloads = List.copyOf(set.workloads().keySet());
      String workload = workloads.get(random.nextInt(workloads.size()));
      int query = random.nextInt(set.queries().length);
      SoakModel.Look look = model.look(collection, set.ranges(workload), query, K);
      recalls.add(look.recall());
      if (!look.fault().isEmpty()) {
        fault = workload + ", query " + query + ": " + look.fault();
      }
    } finally {
      lock.unlock();
    }
  }
}
