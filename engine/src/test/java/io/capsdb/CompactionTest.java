package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Segments of a collection that nobody writes to become one, where it pays.
class CompactionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicLong nanos = new AtomicLong();
  private int next;

  private DatabaseOptions options() {
    return DatabaseOptions.defaults()
        .withDisk(new MemoryDisk())
        .withNanoClock(nanos::get)
        .withSealRows(256)
        .withMinIndexRows(64)
        .withIdleMillis(5);
  }

  private Collection collection(Database database) {
    return database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
  }

  private void add(Collection collection, int count) {
    List<Point> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(Point.of(next++, new float[] {next, 1}, Payload.empty()));
    }
    collection.upsert(batch);
  }

  private static void requireSegments(Collection collection, int points, int segments) {
    CollectionStatus status = collection.awaitGreen(PATIENCE);
    assertThat(status.state()).isEqualTo(CollectionStatus.State.GREEN);
    assertThat(status.points()).isEqualTo(points);
    assertThat(status.indexedPoints()).isEqualTo(points);
    assertThat(status.segments()).isEqualTo(segments);
  }

  @Test
  void compactingMergesWhatAddsEnough() {
    try (Database database = Database.open(Path.of("data"), options())) {
      Collection collection = collection(database);
      add(collection, 1_000);
      collection.compact();
      requireSegments(collection, 1_000, 1);
      add(collection, 124);
      collection.compact();
      requireSegments(collection, 1_124, 2);
      add(collection, 20);
      collection.compact();
      requireSegments(collection, 1_144, 1);
    }
  }

  @Test
  void segmentsStayWhilePointsAreWritten() {
    try (Database database = Database.open(Path.of("data"), options())) {
      Collection collection = collection(database);
      for (int i = 0; i < 3; i++) {
        add(collection, 256);
        collection.seal();
      }
      requireSegments(collection, 768, 3);
    }
  }

  @Test
  void aLongPauseMergesWithoutBeingAsked() throws InterruptedException {
    try (Database database = Database.open(Path.of("data"), options())) {
      Collection collection = collection(database);
      for (int i = 0; i < 3; i++) {
        add(collection, 256);
        collection.seal();
      }
      nanos.addAndGet(Duration.ofMillis(49).toNanos());
      Thread.sleep(100); // many times as long as the background waits until it looks again
      requireSegments(collection, 768, 3);
      nanos.addAndGet(Duration.ofMillis(1).toNanos());
      for (long end = System.nanoTime() + PATIENCE.toNanos();
          collection.status().segments() > 1 && System.nanoTime() < end; ) {
        Thread.sleep(5);
      }
      requireSegments(collection, 768, 1);
    }
  }

  @Test
  void nothingIsMergedWhereTheDiskHasNoRoomForIt() {
    FailingDisk disk = new FailingDisk();
    try (Database database = Database.open(Path.of("data"), options().withDisk(disk))) {
      Collection collection = collection(database);
      for (int i = 0; i < 3; i++) {
        add(collection, 256);
        collection.seal();
      }
      disk.free = (64L << 20) + 1_000;
      collection.compact();
      requireSegments(collection, 768, 3);
      disk.free = Long.MAX_VALUE;
      collection.compact();
      requireSegments(collection, 768, 1);
    }
  }

  @Test
  void nothingIsMergedWhereMergesAreSwitchedOff() {
    DatabaseOptions options = options().withMergeCount(Integer.MAX_VALUE);
    try (Database database = Database.open(Path.of("data"), options)) {
      Collection collection = collection(database);
      for (int i = 0; i < 3; i++) {
        add(collection, 256);
        collection.compact();
      }
      requireSegments(collection, 768, 3);
    }
  }
}
