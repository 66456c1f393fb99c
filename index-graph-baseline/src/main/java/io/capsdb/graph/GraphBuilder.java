package io.capsdb.graph;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Builds an HNSW graph.
///
/// Rows are inserted in random order, in batches that grow with the graph (Dobson et al., "Scaling
/// Graph-Based ANNS Algorithms to Billion-Size Datasets", 2023): the rows of a batch look for their
/// neighbours in the graph as it was before, all at the same time; then each row that gets links
/// back takes all of them at once. No lock is needed, and the graph does not depend on the number
/// of threads. The cost is that rows of one batch do not see one another, which at a fiftieth of
/// the graph hardly matters.
final class GraphBuilder {
  private static final int BATCH_SHARE = 50;
  private static final int MAX_BATCH = 8_192;

  /// Above this no data has levels.
  private static final int MAX_LEVEL = 16;

  private final Space space;
  private final GraphParams params;
  private final DoubleConsumer progress;
  private final int[] inserted;
  private final byte[] levelOf;
  private final List<Level> levels = new ArrayList<>();

  /// By level: the distance that each link stands for.
  private final List<float[]> lengths = new ArrayList<>();

  private final Workers<Tools> workers;
  private int top;
  private int start;

  /// What one thread needs.
  @SuppressWarnings("ArrayRecordComponent") // the room is shared on purpose
  private record Tools(Walker walker, Diversity diversity, Space.Origin row, long[][] scratch) {
    /// Room for some keys.
    long[] keys(int count) {
      if (scratch[0].length < count) {
        scratch[0] = new long[2 * count];
      }
      return scratch[0];
    }
  }

  /// @param progress is told the share done
  GraphBuilder(Space space, GraphParams params, RandomGenerator random, DoubleConsumer progress) {
    this.space = space;
    this.params = params;
    this.progress = progress;
    this.inserted = Orders.shuffled(space.rowCount(), random);
    this.levelOf = levels(space.rowCount(), params, random);
    this.workers =
        new Workers<>(
            () ->
                new Tools(
                    new Walker(space, params.most(0)),
                    new Diversity(space, params.most(0)),
                    space.newOrigin(),
                    new long[1][0]));
  }

  /// @throws CancellationException if the thread is interrupted
  GraphLayout build() {
    Orders.requireNotInterrupted();
    Arena arena = Arena.ofAuto();
    int rowCount = space.rowCount();
    addLevel(new int[0], new int[0], rowCount, arena);
    for (int level = 1; level <= MAX_LEVEL; level++) {
      int least = level;
      int[] ordinals = IntStream.range(0, rowCount).filter(row -> levelOf[row] >= least).toArray();
      if (ordinals.length == 0) {
        break;
      }
      Level below = levels.getLast();
      addLevel(
          ordinals, IntStream.of(ordinals).map(below::place).toArray(), ordinals.length, arena);
    }
    if (rowCount > 0) {
      top = levelOf[inserted[0]];
      start = levels.get(top).place(inserted[0]);
      insertAll();
    }
    progress.accept(1);
    // Levels above the highest row that was inserted do not exist: each level has a row.
    return new GraphLayout(levels, start);
  }

  private void addLevel(int[] ordinals, int[] down, int size, Arena arena) {
    int most = params.most(levels.size());
    levels.add(new Level(ordinals, down, Links.empty(size, most, arena)));
    lengths.add(new float[Math.multiplyExact(size, most)]);
  }

  private void insertAll() {
    int rowCount = inserted.length;
    for (int from = 1; from < rowCount; ) {
      Orders.requireNotInterrupted();
      int to = batchEnd(from);
      insert(from, to);
      if (levelOf[inserted[to - 1]] > top) {
        top = levelOf[inserted[to - 1]];
        start = levels.get(top).place(inserted[to - 1]);
      }
      from = to;
      progress.accept((double) from / rowCount);
    }
  }

  /// A row that begins a level is the last of its batch: the next ones come in through it.
  private int batchEnd(int from) {
    int size = Math.clamp(from / BATCH_SHARE, 1, MAX_BATCH);
    int to = Math.min(inserted.length, from + size);
    for (int i = from; i < to; i++) {
      if (levelOf[inserted[i]] > top) {
        return i + 1;
      }
    }
    return to;
  }

  private void insert(int from, int to) {
    workers.run(to - from, (tools, i) -> link(tools, inserted[from + i]));
    for (int level = 0; level <= top; level++) {
      linkBack(level, from, to);
    }
  }

  /// Gives a row its links on all its levels.
  private void link(Tools tools, int ordinal) {
    space.copy(ordinal, tools.row());
    int place = start;
    for (int level = top; level > levelOf[ordinal]; level--) {
      place =
          levels.get(level).down()[tools.walker().nearest(levels.get(level), tools.row(), place)];
    }
    for (int level = Math.min(top, levelOf[ordinal]); level >= 0; level--) {
      Level own = levels.get(level);
      Beam beam = tools.walker().walk(own, tools.row(), place, params.beamWidth());
      long[] keys = tools.keys(beam.size());
      for (int i = 0; i < beam.size(); i++) {
        keys[i] = beam.key(i);
      }
      int nearest = Keys.row(keys[0]);
      int count = tools.diversity().choose(own, keys, beam.size(), params.connections());
      write(level, own.place(ordinal), keys, count);
      place = level == 0 ? nearest : own.down()[nearest];
    }
  }

  private void write(int level, int place, long[] keys, int count) {
    Links links = levels.get(level).links();
    int[] to = new int[count];
    float[] own = lengths.get(level);
    for (int i = 0; i < count; i++) {
      to[i] = Keys.row(keys[i]);
      own[place * links.most() + i] = Keys.distance(keys[i]);
    }
    links.write(place, to, count);
  }

  /// Gives the neighbours of the rows of a batch their links back.
  private void linkBack(int level, int from, int to) {
    Level own = levels.get(level);
    Links links = own.links();
    int[] places =
        IntStream.range(from, to)
            .filter(i -> levelOf[inserted[i]] >= level)
            .map(i -> own.place(inserted[i]))
            .toArray();
    // The neighbour above, the number of the link below: sorted, the links to one row are together.
    long[] back = new long[IntStream.of(places).map(links::count).sum()];
    int[] sources = new int[back.length];
    float[] distances = new float[back.length];
    int count = 0;
    for (int place : places) {
      for (int i = 0; i < links.count(place); i++) {
        back[count] = ((long) links.get(place, i) << 32) | count;
        sources[count] = place;
        distances[count] = lengths.get(level)[place * links.most() + i];
        count++;
      }
    }
    Arrays.sort(back);
    int[] starts = Orders.starts(back);
    workers.run(
        starts.length - 1,
        (tools, i) -> {
          int target = (int) (back[starts[i]] >>> 32);
          int present = links.count(target);
          long[] keys = tools.keys(present + starts[i + 1] - starts[i]);
          int size = 0;
          for (; size < present; size++) {
            keys[size] =
                Keys.of(lengths.get(level)[target * links.most() + size], links.get(target, size));
          }
          for (int j = starts[i]; j < starts[i + 1]; j++) {
            keys[size++] = Keys.of(distances[(int) back[j]], sources[(int) back[j]]);
          }
          Arrays.sort(keys, 0, size);
          write(level, target, keys, tools.diversity().choose(own, keys, size, links.most()));
        });
  }

  /// The highest level of each row: each level has about as many times fewer rows as a row has
  /// links.
  private static byte[] levels(int count, GraphParams params, RandomGenerator random) {
    byte[] levels = new byte[count];
    double scale = 1 / Math.log(params.connections());
    for (int row = 0; row < count; row++) {
      levels[row] = (byte) Math.min(MAX_LEVEL, (int) (-Math.log(1 - random.nextDouble()) * scale));
    }
    return levels;
  }
}
