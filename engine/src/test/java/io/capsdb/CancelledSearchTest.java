package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A search that nobody waits for ends between two partitions.
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
}
