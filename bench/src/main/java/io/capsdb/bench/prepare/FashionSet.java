package io.capsdb.bench.prepare;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Fashion-MNIST: 784 raw pixels, L2. The last 500 images of the training set are the queries, all
/// before them are the rows.
///
/// Attributes: `label`, `brightness` (a hundred times the mean pixel), `time` (a random permutation
/// of the rows).
final class FashionSet {
  private static final List<String> ATTRIBUTES = List.of("label", "brightness", "time");
  private static final int LABEL = 0;
  private static final int BRIGHTNESS = 1;
  private static final int TIME = 2;
  private static final int LABELS = 10;
  private static final int QUERIES = 500;

  private final RealRows rows;
  private final RealRows queries;
  private final RandomGenerator random = new SplittableRandom(53);

  /// @param folder with `train-images-idx3-ubyte.gz` and `train-labels-idx1-ubyte.gz`
  FashionSet(Disk disk, Path folder) throws IOException {
    RealRows all =
        RealRows.read(
            Metric.EUCLID,
            RowSources.aligned(
                RowSources.open(disk, folder.resolve("train-images-idx3-ubyte.gz")),
                RowSources.open(disk, folder.resolve("train-labels-idx1-ubyte.gz"))));
    this.rows = all.part(0, all.size() - QUERIES);
    this.queries = all.part(all.size() - QUERIES, all.size());
  }

  DataSet make(Arena arena) {
    int[][] columns = columns(rows);
    Permutations.fill(columns[TIME], random);
    return new DataSet(
        "fashion",
        Metric.EUCLID,
        false,
        "Fashion-MNIST, raw pixels; queries are the last 500 training images",
        ATTRIBUTES,
        columns,
        rows.matrix(arena),
        queries.array(),
        workloads(columns, columns(queries)));
  }

  private static int[][] columns(RealRows of) {
    int[][] columns = new int[ATTRIBUTES.size()][of.size()];
    for (int row = 0; row < of.size(); row++) {
      columns[LABEL][row] = of.number("label", row, 1);
      double sum = 0;
      for (float pixel : of.vectors().get(row)) {
        sum += pixel;
      }
      columns[BRIGHTNESS][row] = (int) Math.round(100 * sum / of.vectors().get(row).length);
    }
    return columns;
  }

  private Map<String, Ranges> workloads(int[][] columns, int[][] asked) {
    Ranges own = free();
    Ranges other = free();
    Ranges ownBright = free();
    Ranges brightness10 = free();
    Windows brightness = new Windows(BRIGHTNESS, columns[BRIGHTNESS]);
    for (int query = 0; query < queries.size(); query++) {
      int label = asked[LABEL][query];
      int opposed = (label + LABELS / 2) % LABELS;
      own.set(query, LABEL, label, label);
      other.set(query, LABEL, opposed, opposed);
      ownBright.set(query, LABEL, label, label);
      brightness.setAround(ownBright, query, 0.06, asked[BRIGHTNESS][query]);
      brightness.setAnywhere(brightness10, query, 0.1, random);
    }
    return new TreeMap<>(
        Map.of(
            DataSet.NONE,
            free(),
            "own-label",
            own,
            "other-label",
            other,
            "own-label-brightness",
            ownBright,
            "brightness10",
            brightness10));
  }

  private Ranges free() {
    return Ranges.free(queries.size(), ATTRIBUTES.size());
  }
}
