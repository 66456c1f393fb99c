package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Readers beside a writer, sealing and merging: each read sees one moment.
@Timeout(60)
class ConcurrencyTest {
  private static final int GROUP = 12;
  private static final int FILLERS = 20;
  private static final int ROUNDS = 150;
  private static final long SUM = 1_000;

  @TempDir Path folder;

  private Database open() {
    return Database.open(
        folder,
        DatabaseOptions.defaults().withSealRows(256).withMinIndexRows(32).withIdleMillis(1));
  }

  private static final List<PointId> IDS = ids();

  private static List<PointId> ids() {
    List<PointId> ids = new ArrayList<>();
    for (int i = 0; i < GROUP; i++) {
      ids.add(PointId.of(i));
    }
    return ids;
  }

  /// What a member of the group has of the sum.
  private static long share(long round, int member) {
    if (member < GROUP - 1) {
      return (round * 31 + member * 17L) % 80;
    }
    return SUM - IntStream.range(0, GROUP - 1).mapToLong(i -> share(round, i)).sum();
  }

  private static Payload payload(long round, int member, long share) {
    return Payload.of(Map.of("kind", "group", "round", round, "member", member, "share", share));
  }

  /// Shares the sum out anew, payloads alone.
  private static Payload shared(Payload payload, long seed) {
    Map<String, @Nullable Object> fields = payload.fields();
    int member = Math.toIntExact((Long) Objects.requireNonNull(fields.get("member")));
    long round = (Long) Objects.requireNonNull(fields.get("round"));
    return payload(round, member, share(seed, member));
  }

  /// One batch: the group with shares that add up, each with some points that only fill segments.
  private static List<Point> batch(long round) {
    List<Point> batch = new ArrayList<>();
    for (int i = 0; i < GROUP; i++) {
      // Half of the group lacks the second vector, another half each round.
      float[] vector = {i, round % 97, 1};
      Map<String, float[]> vectors =
          (i + round) % 2 == 0 ? Map.of("a", vector, "b", vector) : Map.of("a", vector);
      batch.add(new Point(PointId.of(i), vectors, payload(round, i, share(round, i))));
    }
    for (int i = 0; i < FILLERS; i++) {
      long id = 1_000 + round * FILLERS + i;
      batch.add(Point.of(id, new float[] {id % 50, 3, 4}, Map.of("kind", "filler")));
    }
    return batch.stream()
        .map(
            point ->
                point.vectors().containsKey("")
                    ? new Point(
                        point.id(),
                        Map.of("a", Objects.requireNonNull(point.vectors().get(""))),
                        point.payload())
                    : point)
        .toList();
  }

  @Test
  void eachReadSeesOneMomentWhileOthersWriteSealAndMerge() throws Exception {
    try (Database database = open();
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      VectorConfig vector = new VectorConfig(3, Metric.EUCLID);
      Collection collection =
          database.createCollection("c", new CollectionConfig(Map.of("a", vector, "b", vector)));
      collection.upsert(batch(0));
      AtomicBoolean isDone = new AtomicBoolean();
      AtomicLong acknowledged = new AtomicLong();
      List<Callable<Integer>> readers =
          List.of(
              () -> read(isDone, acknowledged, () -> points(collection.get(IDS))),
              () -> read(isDone, acknowledged, () -> points(scroll(collection))),
              () -> read(isDone, acknowledged, () -> hits(collection, true)),
              () -> read(isDone, acknowledged, () -> counted(collection)));
      List<Future<Integer>> running = readers.stream().map(threads::submit).toList();
      for (long round = 1; round <= ROUNDS; round++) {
        collection.upsert(batch(round));
        acknowledged.set(round);
        long seed = 1_000 + round;
        if (round % 3 == 0) {
          collection.changePayloads(IDS, payload -> shared(payload, seed));
        } else if (round % 3 == 1) {
          collection.changePayloads(Filters.eq("kind", "group"), payload -> shared(payload, seed));
        }
        if (round % 7 == 0) {
          collection.delete(List.of(PointId.of(1_000 + round * FILLERS)));
        }
        if (running.stream().anyMatch(Future::isDone)) {
          break;
        }
      }
      isDone.set(true);
      for (Future<Integer> reader : running) {
        assertThat(reader.get(30, TimeUnit.SECONDS)).as("reads").isPositive();
      }
      assertThat(acknowledged.get()).isEqualTo(ROUNDS);
      assertThat(collection.status().indexedPoints()).as("sealed meanwhile").isPositive();
    }
  }

  /// What one read saw of the group.
  private record Seen(long round, long sum, int count) {}

  private static int read(AtomicBoolean isDone, AtomicLong acknowledged, Callable<Seen> read)
      throws Exception {
    int reads = 0;
    while (!isDone.get() || reads == 0) {
      long before = acknowledged.get();
      Seen seen = read.call();
      assertThat(seen.count()).isEqualTo(GROUP);
      assertThat(seen.sum()).isEqualTo(SUM);
      assertThat(seen.round()).as("a read after the write").isGreaterThanOrEqualTo(before);
      reads++;
    }
    return reads;
  }

  private static Seen points(List<StoredPoint> points) {
    List<Map<String, ?>> documents = new ArrayList<>();
    for (StoredPoint point : points) {
      documents.add(point.payload().fields());
      long round = (Long) Objects.requireNonNull(point.payload().fields().get("round"));
      long id = ((PointId.Numeric) point.id()).value();
      assertThat(point.vectors().containsKey("b")).isEqualTo((id + round) % 2 == 0);
    }
    return seen(documents);
  }

  private static List<StoredPoint> scroll(Collection collection) {
    ScrollPage page = collection.scroll(Filters.eq("kind", "group"), Optional.empty(), 100);
    assertThat(page.next()).isEmpty();
    return page.points();
  }

  private static Seen hits(Collection collection, boolean isExact) {
    SearchResult result =
        collection.search(
            SearchRequest.nearest(new float[] {3, 50, 1})
                .using("a")
                .filter(Filters.eq("kind", "group"))
                .limit(100)
                .exact(isExact));
    return seen(result.hits().stream().<Map<String, ?>>map(hit -> hit.payload().fields()).toList());
  }

  /// The second vector is there for every second point of the group, and counts are of one moment.
  private static Seen counted(Collection collection) {
    assertThat(collection.count(Filters.eq("kind", "group"))).isEqualTo(GROUP);
    SearchResult half =
        collection.search(SearchRequest.nearest(new float[] {0, 0, 0}).using("b").limit(100));
    assertThat(half.hits()).hasSize(GROUP / 2);
    return hits(collection, false);
  }

  private static Seen seen(List<Map<String, ?>> documents) {
    Set<Long> rounds = new HashSet<>();
    long sum = 0;
    for (Map<String, ?> document : documents) {
      rounds.add((Long) Objects.requireNonNull(document.get("round")));
      sum += (Long) Objects.requireNonNull(document.get("share"));
    }
    assertThat(rounds).as("rounds that one read saw").hasSize(1);
    return new Seen(rounds.iterator().next(), sum, documents.size());
  }

  @Test
  void readersEndInPeaceWhenTheDatabaseIsClosedUnderThem() throws Exception {
    for (int attempt = 0; attempt < 4; attempt++) {
      Database database = Database.inMemory();
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
      for (int i = 0; i < 4; i++) {
        List<Point> batch = new ArrayList<>();
        for (int j = 0; j < 700; j++) {
          batch.add(Point.of(i * 700L + j, new float[] {i, j, 1}, Map.of("n", j)));
        }
        collection.upsert(batch);
      }
      if (attempt % 2 == 0) {
        collection.seal();
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
        AtomicLong reads = new AtomicLong();
        List<Future<Boolean>> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          running.add(threads.submit(() -> readUntilClosed(collection, reads)));
        }
        while (reads.get() < 20) {
          Thread.onSpinWait();
        }
        database.close();
        for (Future<Boolean> reader : running) {
          assertThat(reader.get(20, TimeUnit.SECONDS)).isTrue();
        }
      }
    }
  }

  private static boolean readUntilClosed(Collection collection, AtomicLong reads) {
    while (true) {
      try {
        SearchResult result =
            collection.search(
                SearchRequest.nearest(new float[] {1, 300, 1}).filter(Filters.lt("n", 350)));
        assertThat(result.hits()).hasSize(10);
        assertThat(collection.count(Filter.ALL)).isEqualTo(2_800);
        assertThat(collection.get(PointId.of(5))).isPresent();
        reads.incrementAndGet();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("closed");
        return true;
      }
    }
  }
}
