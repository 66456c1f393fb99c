package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A search that nobody waits for ends between two partitions, another read between two rows.
class CancelledSearchTest {
  private static final int ROWS = 6_000;
  private static final int DIMENSION = 8;

  private Database database;
  private Collection collection;
  private TestData data;

  @BeforeEach
  void fill() {
    data = TestData.clustered(new SplittableRandom(5), ROWS, DIMENSION);
    database =
        Database.open(
            Path.of("cancelled"),
            DatabaseOptions.defaults()
                .withDisk(new io.capsdb.io.MemoryDisk())
                .withLog(false)
                .withMinIndexRows(512));
    collection = database.createCollection("c", CollectionConfig.of(DIMENSION, Metric.EUCLID));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      points.add(Point.of(i, data.vectors().get(i), data.payloads().get(i)));
    }
    collection.upsert(points);
    collection.seal();
    collection.awaitGreen(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private SearchRequest request() {
    return SearchRequest.nearest(data.vectors().getFirst()).limit(10);
  }

  @Test
  void itIsAskedBetweenPartitionsAndStopsAtOnce() {
    for (double recall : new double[] {0.99, 1}) {
      AtomicInteger asked = new AtomicInteger();
      SearchResult whole =
          collection.search(
              request().recall(recall).plan(PlanChoice.PROBE),
              () -> {
                asked.incrementAndGet();
                return false;
              });
      assertThat(asked.get()).isGreaterThanOrEqualTo((int) whole.plan().partitionsProbed());
      assertThat(asked.get()).as("times asked").isGreaterThan(2);
      asked.set(0);
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(
              () ->
                  collection.search(
                      request().recall(recall).plan(PlanChoice.PROBE),
                      () -> asked.incrementAndGet() == 2));
      assertThat(asked).hasValue(2);
    }
    // The next one is served as ever.
    assertThat(collection.search(request().exact(true)).hits()).hasSize(10);
  }

  /// Where a chunk is filling, all its rows are tested before the first partition is looked at.
  @Test
  void itIsAskedBetweenRowsOfAChunkThatIsFilling() {
    Collection filling = database.createCollection("f", CollectionConfig.of(1, Metric.EUCLID));
    filling.upsert(
        LongStream.range(0, 3_000)
            .mapToObj(id -> Point.of(id, new float[] {id}, Map.of("t", "a word")))
            .toList());
    Filter filter = new Filter.Text("t", Filter.TextMode.PART, "word");
    SearchRequest request = SearchRequest.nearest(new float[] {1}).filter(filter).limit(10);
    AtomicInteger asked = new AtomicInteger();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> filling.search(request, () -> asked.incrementAndGet() == 1))
        .withStackTraceContaining("passRow");
    assertThat(asked).hasValue(1);
    assertThat(filling.search(request, () -> false).hits()).hasSize(10);
  }

  /// A read, given what says whether it is cancelled.
  private interface Read extends Consumer<BooleanSupplier> {}

  private Map<String, Read> reads() {
    // No postings tell of two conditions on one element, so that documents are read.
    Filter filter =
        Filters.not(
            Filters.some("offers", Filters.all(Filters.gte("price", 1), Filters.lte("price", 99))));
    Filter all = Filter.ALL;
    FieldOrder order = new FieldOrder("price", false, Optional.empty());
    SplittableRandom random = new SplittableRandom(1);
    Map<String, Read> reads = new LinkedHashMap<>();
    reads.put("count", asked -> collection.count(filter, asked));
    reads.put("facet", asked -> collection.facet("price", filter, 5, asked));
    reads.put("scroll", asked -> collection.scroll(filter, Optional.empty(), 5, options(asked)));
    reads.put("page", asked -> collection.scroll(all, Optional.empty(), ROWS, options(asked)));
    reads.put("order", asked -> collection.scroll(all, order, 5, options(asked)));
    reads.put("sample", asked -> collection.sample(all, 5, random, options(asked)));
    reads.put("rank", asked -> collection.rank(all, "", vector -> vector[0], 5, options(asked)));
    reads.put("get", asked -> collection.get(ids(), options(asked)));
    return reads;
  }

  private static ReadOptions options(BooleanSupplier isCancelled) {
    return new ReadOptions(false, false, isCancelled);
  }

  private static List<PointId> ids() {
    return LongStream.range(0, ROWS).mapToObj(PointId::of).toList();
  }

  @Test
  void otherReadsAreAskedBetweenRowsAndStopAtOnce() {
    reads()
        .forEach(
            (name, read) -> {
              AtomicInteger asked = new AtomicInteger();
              read.accept(
                  () -> {
                    asked.incrementAndGet();
                    return false;
                  });
              assertThat(asked.get()).as(name).isPositive();
              asked.set(0);
              assertThatExceptionOfType(CancellationException.class)
                  .as(name)
                  .isThrownBy(() -> read.accept(() -> asked.incrementAndGet() == 1));
              assertThat(asked).as(name).hasValue(1);
            });
  }
}
