package io.capsdb.graph;

import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Builds a Vamana graph for the rows of each label and puts them together (Gollapudi et al., 2023,
/// algorithm 5): a row has the links of all its graphs, and where they are too many, those that
/// pruning with labels in view leaves.
final class Stitching {
  private final Space space;
  private final Labels labels;
  private final VamanaParams params;
  private final double stretch;
  private final RandomGenerator random;
  private final DoubleConsumer progress;
  private final int[] startOf;

  /// By row: neighbours by ordinal, from all graphs.
  private final int[][] united;

  private final int[] unitedCount;

  Stitching(
      Space space,
      Labels labels,
      VamanaParams params,
      double stretch,
      RandomGenerator random,
      DoubleConsumer progress) {
    this.space = space;
    this.labels = labels;
    this.params = params;
    this.stretch = stretch;
    this.random = random;
    this.progress = progress;
    this.startOf = new int[labels.count()];
    this.united = new int[space.rowCount()][0];
    this.unitedCount = new int[space.rowCount()];
  }

  /// Where walks under each label begin.
  int[] startOf() {
    return startOf.clone();
  }

  Level build(Arena arena) {
    for (int label = 0; label < labels.count(); label++) {
      Orders.requireNotInterrupted();
      addGraph(label);
      progress.accept(0.9 * (label + 1) / labels.count());
    }
    Level level =
        new Level(new int[0], new int[0], Links.empty(space.rowCount(), params.stitched(), arena));
    IntStream.range(0, space.rowCount()).parallel().forEach(row -> write(level, row));
    return level;
  }

  private void addGraph(int label) {
    int[] ordinals = labels.rows(label).toArray();
    try (Arena arena = Arena.ofShared()) {
      Links links = Links.empty(ordinals.length, params.connections(), arena);
      // A level whose list of ordinals is empty stands for all rows.
      Level own = new Level(ordinals, new int[0], links);
      int start =
          new VamanaBuilder(space, own, Optional.empty(), params, stretch, random, _ -> {}).build();
      startOf[label] = ordinals[start];
      for (int place = 0; place < ordinals.length; place++) {
        for (int i = 0; i < links.count(place); i++) {
          add(ordinals[place], ordinals[links.get(place, i)]);
        }
      }
    }
  }

  private void add(int row, int neighbour) {
    int count = unitedCount[row];
    for (int i = 0; i < count; i++) {
      if (united[row][i] == neighbour) {
        return;
      }
    }
    if (count == united[row].length) {
      united[row] = java.util.Arrays.copyOf(united[row], Math.max(8, 2 * count));
    }
    united[row][count] = neighbour;
    unitedCount[row] = count + 1;
  }

  private void write(Level level, int row) {
    int count = unitedCount[row];
    if (count <= params.stitched()) {
      level.links().write(row, united[row], count);
      return;
    }
    Space.Origin origin = space.newOrigin();
    space.copy(row, origin);
    long[] keys = Orders.keys(space, level, origin, united[row], count);
    int kept =
        new RobustPruning(space, Optional.of(labels), stretch, count)
            .choose(level, row, keys, count, params.stitched());
    int[] links = new int[kept];
    for (int i = 0; i < kept; i++) {
      links[i] = Keys.row(keys[i]);
    }
    level.links().write(row, links, kept);
  }
}
