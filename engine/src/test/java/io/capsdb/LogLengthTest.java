package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A log is as long as what segments do not hold, whatever was written: changes of payloads and
/// deletes need no room in the live segment, and never fill it.
class LogLengthTest {
  private static final Path FOLDER = Path.of("/data");
  private static final int CHANGES = 500;
  private static final int PAYLOAD_CHARACTERS = 10_000;
  private static final long SEAL_BYTES = 1 << 20;

  private final MemoryDisk disk = new MemoryDisk();

  private Database open() {
    return Database.open(
        FOLDER, DatabaseOptions.defaults().withDisk(disk).withSealBytes(SEAL_BYTES));
  }

  private long logBytes() throws IOException {
    Path place = FOLDER.resolve("collection-000000");
    long bytes = 0;
    for (String name : disk.list(place)) {
      bytes += name.endsWith(".wal") ? disk.size(place.resolve(name)) : 0;
    }
    return bytes;
  }

  @Test
  void changesOfPayloadsAloneDoNotLetTheLogGrowWithoutEnd() throws IOException {
    List<PointId> one = List.of(PointId.of(1));
    try (Database database = open()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      collection.upsert(List.of(Point.of(1, new float[] {1, 2}, Map.of())));
      collection.seal();
      for (long i = 1; i <= CHANGES; i++) {
        Payload next = Payload.of(Map.of("n", i, "text", "x".repeat(PAYLOAD_CHARACTERS)));
        collection.changePayloads(one, _ -> next);
      }
      collection.awaitGreen(Duration.ofSeconds(20));
      assertThat(logBytes()).isLessThan(3 * SEAL_BYTES);
      assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.GREEN);
    }
    try (Database database = open()) {
      List<StoredPoint> found = database.collection("c").get(one);
      assertThat(found.getFirst().payload().fields()).containsEntry("n", (long) CHANGES);
    }
    assertThat(DatabaseCheck.run(disk, FOLDER, _ -> {}).findings()).isEmpty();
  }

  @Test
  void largePayloadsOfFewRowsDoNotEither() throws IOException {
    try (Database database = open()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      for (long i = 1; i <= CHANGES; i++) {
        collection.upsert(
            List.of(
                Point.of(i, new float[] {i, 2}, Map.of("text", "x".repeat(PAYLOAD_CHARACTERS)))));
      }
      collection.awaitGreen(Duration.ofSeconds(20));
      assertThat(logBytes()).isLessThan(3 * SEAL_BYTES);
      assertThat(collection.count(io.capsdb.filter.Filter.ALL)).isEqualTo(CHANGES);
    }
  }
}
