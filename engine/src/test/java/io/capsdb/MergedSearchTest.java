package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Segments that were merged, some of whose rows were deleted and overwritten before, against the
/// same points written at once.
class MergedSearchTest {
  /// The first has enough partitions to begin from.
  private static final int[] PIECES = {4_500, 1_500, 1_500, 1_500, 1_500};

  private static final int ROWS = IntStream.of(PIECES).sum();
  private static final int DIMENSION = 24;
  private static final int NEVER = Integer.MAX_VALUE;

  private static DatabaseOptions options(Disk disk, int mergeCount) {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(NEVER)
        .withIdleMillis(NEVER)
        .withMinIndexRows(512)
        .withMergeCount(mergeCount);
  }

  private static List<Point> points(TestData data, int from, int to) {
    List<Point> points = new ArrayList<>();
    for (int i = from; i < to; i++) {
      points.add(Point.of(i, data.vectors().get(i), data.payloads().get(i)));
    }
    return points;
  }

  /// Writes and deletes in pieces, merges them; answers the points that are left.
  private static SortedMap<Long, Point> fill(
      RandomGenerator random, TestData data, Disk disk, Path folder, CollectionConfig config) {
    SortedMap<Long, Point> left = new TreeMap<>();
    try (Database database = Database.open(folder, options(disk, NEVER))) {
      Collection collection = database.createCollection("c", config);
      int first = 0;
      for (int piece : PIECES) {
        List<Point> own = points(data, first, first + piece);
        for (int from = 0; from < own.size(); from += 500) {
          collection.upsert(own.subList(from, from + 500));
        }
        collection.seal();
        for (int i = 0; i < own.size(); i++) {
          left.put((long) first + i, own.get(i));
        }
        first += piece;
      }
      assertThat(collection.status().segments()).isEqualTo(PIECES.length);
      List<PointId> gone = new ArrayList<>();
      for (int i = 0; i < ROWS / 10; i++) {
        long id = random.nextInt(ROWS);
        gone.add(PointId.of(id));
        left.remove(id);
      }
      collection.delete(gone);
    }
    return left;
  }

  @Test
  void asMuchIsFoundAfterAMergeAsInWhatIsBuiltAtOnce() {
    for (Metric metric : List.of(Metric.COSINE, Metric.DOT)) {
      Seed.repeat(1, random -> check(random, metric));
    }
  }

  private static void check(RandomGenerator random, Metric metric) {
    TestData data = TestData.clustered(random, ROWS, DIMENSION);
    CollectionConfig config = CollectionConfig.of(DIMENSION, metric);
    Disk disk = new MemoryDisk();
    SortedMap<Long, Point> left = fill(random, data, disk, Path.of("pieces"), config);
    try (Database pieces = Database.open(Path.of("pieces"), options(disk, PIECES.length));
        Database whole = Database.open(Path.of("whole"), options(disk, NEVER))) {
      Collection merged = pieces.collection("c");
      merged.seal();
      Collection fresh = whole.createCollection("c", config);
      fresh.upsert(List.copyOf(left.values()));
      fresh.seal();
      for (Collection each : List.of(merged, fresh)) {
        assertThat(each.status().segments()).as("%s", each.status()).isEqualTo(1);
        assertThat(each.status().points()).isEqualTo(left.size());
      }
      double mergedRecall = recall(merged, data);
      double freshRecall = recall(fresh, data);
      assertThat(mergedRecall)
          .as("recall after a merge, %s; fresh: %s", metric, freshRecall)
          .isGreaterThanOrEqualTo(freshRecall - 0.02);
      assertThat(rows(merged, data) / rows(fresh, data))
          .as("rows scored, to those in what is built at once, %s", metric)
          .isLessThan(1.3);
      assertThat(ids(merged.scroll(io.capsdb.filter.Filter.ALL, java.util.Optional.empty(), NEVER)))
          .isEqualTo(left.keySet().stream().map(PointId::of).toList());
    }
  }

  private static List<PointId> ids(ScrollPage page) {
    return page.points().stream().map(StoredPoint::id).toList();
  }

  private static SearchRequest request(float[] query) {
    return SearchRequest.nearest(query).limit(10).recall(0.9).plan(PlanChoice.PROBE);
  }

  private static double rows(Collection collection, TestData data) {
    return data.queries().stream()
        .mapToLong(query -> collection.search(request(query)).plan().rowsScored())
        .average()
        .orElseThrow();
  }

  private static double recall(Collection collection, TestData data) {
    double sum = 0;
    for (float[] query : data.queries()) {
      Set<PointId> exact = hits(collection.search(request(query).exact(true)));
      Set<PointId> found = hits(collection.search(request(query)));
      found.retainAll(exact);
      sum += found.size() / 10.0;
    }
    return sum / data.queries().size();
  }

  private static Set<PointId> hits(SearchResult result) {
    return result.hits().stream().map(Hit::id).collect(Collectors.toSet());
  }
}
