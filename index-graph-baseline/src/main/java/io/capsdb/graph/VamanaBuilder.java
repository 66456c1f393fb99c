package io.capsdb.graph;

import io.capsdb.vector.Metric;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Builds a Vamana graph of one level (Subramanya et al., "DiskANN", 2019), in one pass; with
/// labels a Filtered-Vamana graph (Gollapudi et al., 2023, algorithms 1 to 4): a row finds its
/// neighbours among those with a label in common, from the first row of each of its labels on.
///
/// Rows are inserted in batches, as [GraphBuilder] does, and with the same effect.
final class VamanaBuilder {
  private static final int BATCH_SHARE = 50;
  private static final int MAX_BATCH = 8_192;

  private final Space space;
  private final Level level;
  private final Optional<Labels> labels;
  private final VamanaParams params;
  private final DoubleConsumer progress;
  private final int[] inserted;
  private final int[] startOf;
  private final Workers<Tools> workers;

  /// What one thread needs.
  private record Tools(Walker walker, RobustPruning pruning, Space.Origin row) {}

  /// @param level its links are written; they must be empty
  /// @param labels only of a level that holds all rows
  VamanaBuilder(
      Space space,
      Level level,
      Optional<Labels> labels,
      VamanaParams params,
      double stretch,
      RandomGenerator random,
      DoubleConsumer progress) {
    this.space = space;
    this.level = level;
    this.labels = labels;
    this.params = params;
    this.progress = progress;
    this.inserted = Orders.shuffled(level.size(), random);
    this.startOf = new int[labels.map(Labels::count).orElse(0)];
    int most = level.links().most();
    this.workers =
        new Workers<>(
            () ->
                new Tools(
                    new Walker(space, most),
                    new RobustPruning(space, labels, stretch, level.size()),
                    space.newOrigin()));
  }

  /// The stretch of true distances as one of the distances that a metric measures.
  static double stretch(VamanaParams params, Metric metric) {
    return switch (metric) {
      case COSINE, EUCLID -> params.stretch() * params.stretch();
      case MANHATTAN -> params.stretch();
      // Distances below 0 cannot be stretched.
      case DOT -> 1;
    };
  }

  /// @return the place at which walks begin
  /// @throws CancellationException if the thread is interrupted
  int build() {
    if (inserted.length == 0) {
      return 0;
    }
    Arrays.fill(startOf, -1);
    if (labels.isPresent()) {
      for (int row : inserted) {
        for (int label : labels.get().of(row)) {
          startOf[label] = startOf[label] < 0 ? row : startOf[label];
        }
      }
    }
    for (int from = 1; from < inserted.length; ) {
      Orders.requireNotInterrupted();
      int to = Math.min(inserted.length, from + Math.clamp(from / BATCH_SHARE, 1, MAX_BATCH));
      int begin = from;
      workers.run(to - from, (tools, i) -> link(tools, inserted[begin + i]));
      linkBack(Arrays.copyOfRange(inserted, from, to));
      from = to;
      progress.accept((double) from / inserted.length);
    }
    return inserted[0];
  }

  /// The first row of each label, at which walks under it begin; -1 where no row has it.
  int[] startOf() {
    return startOf.clone();
  }

  private void link(Tools tools, int place) {
    int ordinal = level.ordinal(place);
    space.copy(ordinal, tools.row());
    Walker walker = tools.walker();
    if (labels.isPresent()) {
      Labels known = labels.get();
      int[] starts =
          IntStream.of(known.of(ordinal)).map(label -> startOf[label]).distinct().toArray();
      if (starts.length == 0) {
        return;
      }
      walker.walkWithin(
          level,
          tools.row(),
          starts,
          params.beamWidth(),
          other -> known.meet(ordinal, other),
          _ -> true);
    } else {
      walker.walk(level, tools.row(), inserted[0], params.beamWidth());
    }
    long[] keys = walker.expanded();
    int count = 0;
    for (long key : keys) {
      if (Keys.row(key) != place) {
        keys[count++] = key;
      }
    }
    Arrays.sort(keys, 0, count);
    write(place, keys, tools.pruning().choose(level, ordinal, keys, count, params.connections()));
  }

  private void write(int place, long[] keys, int count) {
    int[] to = new int[count];
    for (int i = 0; i < count; i++) {
      to[i] = Keys.row(keys[i]);
    }
    level.links().write(place, to, count);
  }

  private void linkBack(int[] places) {
    Links links = level.links();
    long[] back = new long[IntStream.of(places).map(links::count).sum()];
    int count = 0;
    for (int place : places) {
      for (int i = 0; i < links.count(place); i++) {
        back[count++] = ((long) links.get(place, i) << 32) | place;
      }
    }
    Arrays.sort(back);
    int[] starts = Orders.starts(back);
    workers.run(
        starts.length - 1,
        (tools, i) ->
            addLinks(tools, (int) (back[starts[i]] >>> 32), back, starts[i], starts[i + 1]));
  }

  private void addLinks(Tools tools, int target, long[] back, int from, int to) {
    Links links = level.links();
    int present = links.count(target);
    int[] all = new int[present + to - from];
    links.read(target, all);
    int size = present;
    for (int i = from; i < to; i++) {
      int source = (int) back[i];
      if (IntStream.range(0, present).noneMatch(j -> all[j] == source)) {
        all[size++] = source;
      }
    }
    if (size <= links.most()) {
      links.write(target, all, size);
      return;
    }
    int ordinal = level.ordinal(target);
    space.copy(ordinal, tools.row());
    long[] keys = Orders.keys(space, level, tools.row(), all, size);
    write(target, keys, tools.pruning().choose(level, ordinal, keys, size, links.most()));
  }
}
