package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many writers at once, on a disk that takes its time to force a log.
@Timeout(60)
class GroupCommitTest {
  private static final int WRITERS = 8;
  private static final int WRITES = 25;

  private final Disk memory = new MemoryDisk();
  private final AtomicInteger forces = new AtomicInteger();
  private volatile int failingForce = Integer.MAX_VALUE;

  private static @Nullable Object call(Method method, Object target, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Disk slowDisk() {
    return (Disk)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.class},
            (_, method, arguments) -> {
              Object answer = call(method, memory, arguments);
              return answer instanceof Disk.AppendFile file
                      && String.valueOf(Objects.requireNonNull(arguments)[0]).endsWith(".wal")
                  ? slowFile(file)
                  : answer;
            });
  }

  private Disk.AppendFile slowFile(Disk.AppendFile file) {
    return (Disk.AppendFile)
        Proxy.newProxyInstance(
            Disk.class.getClassLoader(),
            new Class<?>[] {Disk.AppendFile.class},
            (_, method, arguments) -> {
              if (method.getName().equals("force")) {
                // Long enough for the others to come, on a busy machine too.
                TimeUnit.MILLISECONDS.sleep(20);
                if (forces.incrementAndGet() >= failingForce) {
                  throw new IOException("no force left");
                }
              }
              return call(method, file, arguments);
            });
  }

  private static DatabaseOptions options(Disk disk) {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(20);
  }

  /// Each writer has ids of its own, and after each write sees what it wrote.
  private static int write(Collection collection, int writer, Set<Long> acknowledged) {
    int done = 0;
    for (int i = 0; i < WRITES; i++) {
      long id = 1_000L * writer + i;
      try {
        collection.upsert(List.of(Point.of(id, new float[] {writer, i}, Map.of("w", writer))));
        acknowledged.add(id);
        assertThat(collection.get(PointId.of(id))).isPresent();
        if (i % 5 == 4) {
          // A delete that fails may have happened all the same.
          acknowledged.remove(id - 1);
          collection.delete(List.of(PointId.of(id - 1)));
          assertThat(collection.get(PointId.of(id - 1))).isEmpty();
        }
        done++;
      } catch (StorageException e) {
        return done;
      }
    }
    return done;
  }

  private Set<Long> writeAll(Collection collection, int expected) throws Exception {
    Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        int own = w;
        writers.add(threads.submit(() -> write(collection, own, acknowledged)));
      }
      for (Future<Integer> writer : writers) {
        assertThat(writer.get(40, TimeUnit.SECONDS)).isLessThanOrEqualTo(expected);
      }
    }
    return acknowledged;
  }

  private static Set<Long> ids(Collection collection) {
    Set<Long> ids = ConcurrentHashMap.newKeySet();
    collection
        .scroll(Filter.ALL, java.util.Optional.empty(), 10_000)
        .points()
        .forEach(point -> ids.add(((PointId.Numeric) point.id()).value()));
    return ids;
  }

  @Test
  void writersShareForcesAndEachWriteIsThereOnceItReturned() throws Exception {
    Set<Long> acknowledged;
    try (Database database = Database.open(Path.of("/data"), options(slowDisk()))) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      int before = forces.get();
      acknowledged = writeAll(collection, WRITES);
      assertThat(ids(collection)).isEqualTo(acknowledged);
      assertThat(acknowledged).hasSize(WRITERS * WRITES * 4 / 5);
      int writes = WRITERS * WRITES * 6 / 5;
      assertThat(forces.get() - before)
          .as("forces of %d writes", writes)
          .isLessThan(writes * 3 / 4);
    }
    try (Database database = Database.open(Path.of("/data"), options(memory))) {
      assertThat(ids(database.collection("c"))).isEqualTo(acknowledged);
    }
  }

  @Test
  void afterAForceThatFailedNoWriteIsAcknowledgedAndNoneThatWasIsLost() throws Exception {
    Set<Long> acknowledged;
    try (Database database = Database.open(Path.of("/data"), options(slowDisk()))) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      failingForce = forces.get() + 12;
      acknowledged = writeAll(collection, WRITES - 1);
      assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.RED);
      assertThat(ids(collection)).containsAll(acknowledged);
    }
    try (Database database = Database.open(Path.of("/data"), options(memory))) {
      assertThat(ids(database.collection("c"))).containsAll(acknowledged);
    }
  }
}
