package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When full chunks get their index, and what becomes of writes that come meanwhile. No thread of
/// the background runs: the test does its steps.
class BackgroundIndexingTest {
  private static final int CHUNK = 64; // the least that a chunk has
  private static final int AN_HOUR = 3_600_000;

  private CollectionStore store;
  private Collection collection;

  @BeforeEach
  void open() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Path folder = Path.of("/data");
    disk.createFolders(folder);
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(disk)
            .withIdleMillis(AN_HOUR)
            .withSealRows(16 * CHUNK)
            .withMinIndexRows(CHUNK);
    store = CollectionStore.open("c", CollectionConfig.of(2, Metric.EUCLID), options, folder, 1);
    collection = new Collection(store);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void upsert(int from, int end) {
    List<Point> points = new ArrayList<>();
    for (int i = from; i < end; i++) {
      points.add(Point.of(i, new float[] {i, 1}, Map.of("kind", "old")));
    }
    collection.upsert(points);
  }

  private PointId search() {
    return collection
        .search(SearchRequest.nearest(new float[] {0, 1}).limit(10))
        .hits()
        .getFirst()
        .id();
  }

  private long unindexed() {
    try (SegmentSet set = store.lease()) {
      return set.views().stream().filter(view -> view.segment() instanceof LiveChunk).count();
    }
  }

  private boolean step() {
    return store
        .nextUnindexed()
        .map(
            next -> {
              try (next) {
                store.install(next.chunk(), store.chunkIndexer().index(next.chunk()));
                return true;
              }
            })
        .orElse(false);
  }

  @Test
  void fullChunksWaitUntilSomebodySearches() {
    upsert(0, 6 * CHUNK + 1);
    assertThat(store.nextUnindexed()).isEmpty();
    assertThat(unindexed()).isEqualTo(7);
    assertThat(search()).isEqualTo(PointId.of(0));
    for (int left = 6; left > 0; left--) {
      assertThat(step()).isTrue();
      assertThat(unindexed()).isEqualTo(left);
      assertThat(search()).isEqualTo(PointId.of(0));
    }
    assertThat(step()).as("a chunk that takes rows").isFalse();
  }

  @Test
  void theWriterHelpsWhereTheBackgroundIsBehindWhatIsSearched() {
    search(CHUNK);
    for (int chunk = 1; chunk < 12; chunk++) {
      upsert(chunk * CHUNK, (chunk + 1) * CHUNK);
      assertThat(unindexed()).isLessThanOrEqualTo(4);
    }
    assertThat(unindexed()).isEqualTo(4);
  }

  @Test
  void oneWriteDoesNotIndexAllThatWaited() {
    upsert(0, 12 * CHUNK);
    assertThat(search()).isEqualTo(PointId.of(0));
    upsert(12 * CHUNK, 12 * CHUNK + 1);
    assertThat(unindexed()).as("of 12 and one").isEqualTo(9);
    upsert(12 * CHUNK + 1, 12 * CHUNK + 2);
    assertThat(unindexed()).isEqualTo(5);
  }

  /// Stores some points and has them searched.
  private void search(int rows) {
    upsert(0, rows);
    assertThat(search()).isEqualTo(PointId.of(0));
  }

  @Test
  void whatChangesWhileAChunkIsIndexedIsKept() {
    search(CHUNK);
    try (CollectionStore.Unindexed next = store.nextUnindexed().orElseThrow()) {
      IndexedChunk indexed = store.chunkIndexer().index(next.chunk());
      collection.delete(List.of(PointId.of(0), PointId.of(7)));
      collection.changePayloads(List.of(PointId.of(5)), _ -> Payload.of(Map.of("kind", "new")));
      collection.upsert(List.of(Point.of(6, new float[] {0, 1}, Map.of("kind", "other"))));
      store.install(next.chunk(), indexed);
    }
    assertThat(unindexed()).as("the chunk of the last point").isEqualTo(1);
    assertThat(search()).isEqualTo(PointId.of(6));
    assertThat(collection.count(Filters.all())).isEqualTo(CHUNK - 2);
    assertThat(collection.count(Filters.eq("kind", "old"))).isEqualTo(CHUNK - 4);
    assertThat(collection.count(Filters.eq("kind", "new"))).isEqualTo(1);
    assertThat(collection.get(List.of(PointId.of(0), PointId.of(5), PointId.of(7))))
        .singleElement()
        .satisfies(point -> assertThat(point.id()).isEqualTo(PointId.of(5)));
  }

  @Test
  void aChunkThatIsBeingSealedStaysAsItIs() {
    search(CHUNK);
    try (CollectionStore.Unindexed next = store.nextUnindexed().orElseThrow()) {
      IndexedChunk indexed = store.chunkIndexer().index(next.chunk());
      upsert(CHUNK, 16 * CHUNK); // full: frozen, and first in the queue
      store.install(next.chunk(), indexed);
      try (SegmentSet set = store.lease()) {
        assertThat(set.views()).anyMatch(view -> view.segment() == next.chunk());
      }
    }
    assertThat(search()).isEqualTo(PointId.of(0));
    assertThat(collection.count(Filters.all())).isEqualTo(16L * CHUNK);
  }

  @Test
  void chunksThatWaitBehindOthersToBeSealedAreIndexed() {
    upsert(0, 16 * CHUNK);
    upsert(16 * CHUNK, 31 * CHUNK + 1);
    upsert(31 * CHUNK + 1, 32 * CHUNK + 1); // does not fill its last chunk
    assertThat(search()).isEqualTo(PointId.of(0));
    long before = unindexed();
    int steps = 0;
    while (step()) {
      steps++;
      assertThat(search()).isEqualTo(PointId.of(0));
    }
    assertThat(steps).isEqualTo(16);
    assertThat(unindexed()).isEqualTo(before - steps);
    assertThat(collection.count(Filters.all())).isEqualTo(32L * CHUNK + 1);
  }
}
