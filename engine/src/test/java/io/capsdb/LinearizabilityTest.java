package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.PointHistory.Call;
import io.capsdb.io.Disk;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Eight clients read, write and delete five points, while the machine may stop: each point's
/// history can be put into one order.
class LinearizabilityTest {
  private static final Path FOLDER = Path.of("/data");
  private static final int CLIENTS = 8;
  private static final int CALLS = 60;
  private static final int POINTS = 5;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong values = new AtomicLong();

  @Test
  void historiesOfPointsAreLinearizable() {
    Seed.repeat(20, this::run);
  }

  @Test
  @Tag("nightly")
  void manyHistoriesOfPointsAreLinearizable() {
    Seed.repeat(1_000, this::run);
  }

  private static DatabaseOptions options(Disk disk) {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(2);
  }

  private void run(RandomGenerator random) throws Exception {
    List<List<Call>> histories = new ArrayList<>();
    for (int i = 0; i < POINTS; i++) {
      histories.add(new ArrayList<>());
    }
    boolean isKilled = random.nextBoolean();
    FaultyDisk disk = new FaultyDisk();
    try (Database database = Database.open(FOLDER, options(disk))) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      if (isKilled) {
        disk.crashAt(disk.operations() + 1 + random.nextInt(400));
      }
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        RandomGenerator own = new SplittableRandom(random.nextLong());
        clients.add(Thread.ofPlatform().start(() -> client(collection, own, histories)));
      }
      for (Thread client : clients) {
        client.join();
      }
    }
    List<Unforced> outcomes = List.of(Unforced.values());
    Unforced unforced = outcomes.get(random.nextInt(outcomes.size()));
    Disk after = isKilled ? disk.afterCrash(unforced, random) : disk;
    try (Database database = Database.open(FOLDER, options(after))) {
      Collection collection = database.collection("c");
      for (int point = 0; point < POINTS; point++) {
        read(collection, point, histories.get(point));
        assertThat(PointHistory.isLinearizable(histories.get(point)))
            .as("point %d, %s: %s", point, isKilled ? unforced : "no kill", histories.get(point))
            .isTrue();
      }
    }
  }

  private void client(Collection collection, RandomGenerator random, List<List<Call>> histories) {
    for (int i = 0; i < CALLS; i++) {
      int point = random.nextInt(POINTS);
      List<Call> history = histories.get(point);
      switch (random.nextInt(5)) {
        case 0, 1 -> read(collection, point, history);
        case 2 ->
            write(
                history, PointHistory.ABSENT, () -> collection.delete(List.of(PointId.of(point))));
        default -> {
          long value = values.incrementAndGet();
          Map<String, @Nullable Object> payload = Map.of("value", value);
          // Others beside it, so that chunks fill and are sealed.
          List<Point> batch = new ArrayList<>();
          batch.add(Point.of(point, new float[] {1, 2}, payload));
          batch.add(Point.of(1_000 + value, new float[] {1, 2}, payload));
          write(history, value, () -> collection.upsert(batch));
        }
      }
    }
  }

  private void write(List<Call> history, long value, Runnable write) {
    long from = clock.incrementAndGet();
    long until = PointHistory.NEVER;
    try {
      write.run();
      until = clock.incrementAndGet();
    } catch (CapsDbException e) {
      // The machine has stopped: nobody knows whether it is there.
    }
    synchronized (history) {
      history.add(new Call(false, value, from, until));
    }
  }

  private void read(Collection collection, int point, List<Call> history) {
    long from = clock.incrementAndGet();
    long value =
        collection
            .get(PointId.of(point))
            .map(found -> (long) Objects.requireNonNull(found.payload().fields().get("value")))
            .orElse(PointHistory.ABSENT);
    long until = clock.incrementAndGet();
    synchronized (history) {
      history.add(new Call(true, value, from, until));
    }
  }

  @Test
  void theCheckerTellsOrdersThatAreFromThoseThatAreNot() {
    Call write = new Call(false, 1, 1, 4);
    assertThat(PointHistory.isLinearizable(List.of(write, new Call(true, 0, 2, 3)))).isTrue();
    assertThat(PointHistory.isLinearizable(List.of(write, new Call(true, 1, 2, 3)))).isTrue();
    assertThat(PointHistory.isLinearizable(List.of(write, new Call(true, 0, 5, 6)))).isFalse();
    Call both = new Call(true, 1, 2, 3);
    assertThat(
            PointHistory.isLinearizable(
                List.of(write, both, new Call(true, 0, 5, 6), new Call(false, 0, 4, 9))))
        .isTrue();
    // A read that saw the write, then one that did not.
    assertThat(
            PointHistory.isLinearizable(
                List.of(new Call(false, 1, 1, 9), both, new Call(true, 0, 4, 5))))
        .isFalse();
    Call lost = new Call(false, 7, 1, PointHistory.NEVER);
    assertThat(PointHistory.isLinearizable(List.of(lost, new Call(true, 7, 8, 9)))).isTrue();
    assertThat(PointHistory.isLinearizable(List.of(lost, new Call(true, 0, 8, 9)))).isTrue();
  }
}
