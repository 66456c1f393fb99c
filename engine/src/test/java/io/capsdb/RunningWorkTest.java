package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunningWorkTest {
  @Test
  void timeLeftIsThatOfTheRestAtTheSameSpeed() {
    long second = TimeUnit.SECONDS.toNanos(1);
    assertThat(RunningWork.of(BackgroundWork.MERGING, 60_000, 0.25, 3 * second).secondsLeft())
        .hasValue(9);
    assertThat(RunningWork.of(BackgroundWork.MERGING, 60_000, 1, 3 * second).secondsLeft())
        .hasValue(0);
    assertThat(RunningWork.of(BackgroundWork.SEALING, 60_000, 0.001, second).secondsLeft())
        .isEmpty();
    assertThat(RunningWork.of(BackgroundWork.SEALING, 60_000, 0.4, second).text())
        .isEqualTo("sealing 60,000 points: 40 %");
  }

  @Test
  void timeLeftBecomesLessBetweenReportsButIsNeverOver() {
    long second = TimeUnit.SECONDS.toNanos(1);
    RunningWork work = RunningWork.of(BackgroundWork.MERGING, 60_000, 0.25, 3 * second);
    assertThat(work.after(0)).isEqualTo(work);
    assertThat(work.after(4 * second).secondsLeft()).hasValue(5);
    assertThat(work.after(4 * second).done()).isEqualTo(0.25);
    assertThat(work.after(60 * second).secondsLeft()).hasValue(1);
    RunningWork done = RunningWork.of(BackgroundWork.MERGING, 60_000, 1, 3 * second);
    assertThat(done.after(second).secondsLeft()).hasValue(0);
    RunningWork begun = RunningWork.of(BackgroundWork.MERGING, 60_000, 0, second);
    assertThat(begun.after(second)).isEqualTo(begun);
  }

  /// The clock that the background looks at to tell how far it is has a look at the status itself.
  @Test
  void collectionTellsHowFarItsBackgroundIs() {
    List<CollectionStatus> seen = new CopyOnWriteArrayList<>();
    AtomicReference<LongSupplier> clock = new AtomicReference<>(() -> 0);
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withIdleMillis(1_000_000)
            .withMinIndexRows(1)
            .withNanoClock(() -> clock.get().getAsLong());
    try (Database database = Database.open(Path.of("memory"), options)) {
      Collection films = database.createCollection("films", CollectionConfig.of(2, Metric.EUCLID));
      films.upsert(
          LongStream.range(0, 500)
              .mapToObj(id -> Point.of(id, new float[] {id, id % 7}, Map.of("a", id % 3)))
              .toList());
      AtomicLong nanos = new AtomicLong();
      AtomicBoolean isLooking = new AtomicBoolean();
      clock.set(
          () -> {
            // The status looks at the clock too.
            if (isLooking.compareAndSet(false, true)) {
              seen.add(films.status());
              nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
              seen.add(films.status());
              isLooking.set(false);
            }
            return nanos.get();
          });
      films.seal();
      clock.set(nanos::get);
      assertThat(films.status().running()).isEmpty();
    }
    assertThat(seen)
        .anySatisfy(
            status -> {
              assertThat(status.running()).hasSize(1);
              RunningWork work = status.running().getFirst();
              assertThat(work.kind()).isEqualTo("sealing");
              assertThat(work.points()).isEqualTo(500);
              assertThat(work.done()).isBetween(0.01, 0.99);
              double left = work.secondsLeft().orElseThrow();
              assertThat(left).isGreaterThan(3);
              assertThat(seen)
                  .anySatisfy(
                      later ->
                          assertThat(later.running())
                              .contains(
                                  new RunningWork(
                                      work.kind(),
                                      work.points(),
                                      work.done(),
                                      OptionalDouble.of(left - 2))));
              assertThat(status.work()).isEqualTo(work.text());
            });
  }
}
