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

/// Passages of Usenet posts as sentence embeddings of 384 dimensions, cosine; the queries are
/// passages of other posts.
///
/// Attributes: `time` (a random permutation of the rows, for windows that have nothing to do with
/// the text), `group`, `domain`, `reply`, `position` of the passage in its post, `lines` of the
/// post.
final class PassagesSet {
  private static final List<String> ATTRIBUTES =
      List.of("time", "group", "domain", "reply", "position", "lines");

  private static final int TIME = 0;
  private static final int GROUP = 1;
  private static final int DOMAIN = 2;
  private static final int REPLY = 3;
  private static final int POSITION = 4;
  private static final int LINES = 5;

  private final RealRows rows;
  private final RealRows queries;
  private final Map<String, Integer> groups;
  private final Map<String, Integer> domains;
  private final RandomGenerator random = new SplittableRandom(43);

  /// @param folder with `passages-minilm.npy`, `passages.jsonl.gz`, `queries-minilm.npy` and
  ///     `queries.jsonl.gz`
  PassagesSet(Disk disk, Path folder) throws IOException {
    this.rows = read(disk, folder, "passages");
    this.queries = read(disk, folder, "queries");
    this.groups = rows.codes("group");
    this.domains = rows.codes("domain");
  }

  private static RealRows read(Disk disk, Path folder, String name) throws IOException {
    return RealRows.read(
        Metric.COSINE,
        RowSources.aligned(
            RowSources.open(disk, folder.resolve(name + "-minilm.npy")),
            RowSources.open(disk, folder.resolve(name + ".jsonl.gz"))));
  }

  DataSet make(Arena arena) {
    int[][] columns = columns(rows);
    Permutations.fill(columns[TIME], random);
    return new DataSet(
        "passages",
        Metric.COSINE,
        false,
        "passages of Usenet posts, sentence embeddings; queries are passages of other posts",
        ATTRIBUTES,
        columns,
        rows.matrix(arena),
        queries.array(),
        workloads(columns, columns(queries)));
  }

  private int[][] columns(RealRows of) {
    int[][] columns = new int[ATTRIBUTES.size()][of.size()];
    for (int row = 0; row < of.size(); row++) {
      columns[GROUP][row] = groups.getOrDefault(of.text("group", row), 0);
      columns[DOMAIN][row] = domains.getOrDefault(of.text("domain", row), 0);
      columns[REPLY][row] = of.text("reply", row).equals("true") ? 1 : 0;
      columns[POSITION][row] = of.number("position", row, 1);
      columns[LINES][row] = of.number("lines", row, 1);
    }
    return columns;
  }

  private Map<String, Ranges> workloads(int[][] columns, int[][] asked) {
    Ranges ownGroup = free();
    Ranges otherGroup = free();
    Ranges random10 = free();
    Ranges random1 = free();
    Ranges threeWay = free();
    Windows time = new Windows(TIME, columns[TIME]);
    for (int query = 0; query < queries.size(); query++) {
      int own = asked[GROUP][query];
      int other = (own + 1 + random.nextInt(groups.size() - 1)) % groups.size();
      ownGroup.set(query, GROUP, own, own);
      otherGroup.set(query, GROUP, other, other);
      time.setAnywhere(random10, query, 0.1, random);
      time.setAnywhere(random1, query, 0.01, random);
      for (int attribute : new int[] {DOMAIN, REPLY, POSITION}) {
        threeWay.set(query, attribute, asked[attribute][query], asked[attribute][query]);
      }
    }
    return new TreeMap<>(
        Map.of(
            DataSet.NONE,
            free(),
            "own-group",
            ownGroup,
            "other-group",
            otherGroup,
            "random10",
            random10,
            "random1",
            random1,
            "three-way",
            threeWay));
  }

  private Ranges free() {
    return Ranges.free(queries.size(), ATTRIBUTES.size());
  }
}
