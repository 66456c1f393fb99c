package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.Metric;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A disk on which no segment gets on for a while.
@Timeout(60)
class OverloadTest {
  private static final int ROWS = 256;

  private final CountDownLatch isFree = new CountDownLatch(1);

  /// A disk that lets segments be created only when it is free.
  private Disk slowDisk() {
    Disk disk = new MemoryDisk();
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              if (method.getName().equals("create")
                  && Objects.requireNonNull(arguments)[0] instanceof Path path
                  && path.toString().contains("segment-")) {
                isFree.await();
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static List<Point> batch(int round) {
    List<Point> batch = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      batch.add(Point.of((long) round * ROWS + i, new float[] {i, round}, Map.of()));
    }
    return batch;
  }

  @Test
  void aWriterWaitsForRoomAndNothingOfARefusedBatchIsStored() {
    try (Database database =
        Database.open(
            Path.of("/data"),
            DatabaseOptions.defaults()
                .withDisk(slowDisk())
                .withSealRows(ROWS)
                .withMinIndexRows(32))) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      collection.upsert(batch(0));
      collection.upsert(batch(1));
      // There is no room for a third one, and waiting is ended at once.
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(OverloadedException.class)
          .isThrownBy(() -> collection.upsert(batch(2)))
          .withMessageContaining("nothing is stored");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(collection.count(Filter.ALL)).isEqualTo(2 * ROWS);
      isFree.countDown();
      collection.upsert(batch(2));
      collection.seal();
      assertThat(collection.count(Filter.ALL)).isEqualTo(3 * ROWS);
    }
  }
}
