package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SearchLimitsTest {
  private static final int POINTS = 20_000;

  private final SplittableRandom random = new SplittableRandom(7);
  private final AtomicLong nanos = new AtomicLong();

  /// How far the clock goes on each time it is read.
  private volatile long step;

  private float[] vector() {
    float[] vector = new float[32];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextFloat();
    }
    return vector;
  }

  private Collection filled(Database database) {
    Collection films = database.createCollection("films", CollectionConfig.of(32, Metric.EUCLID));
    List<Point> points = new ArrayList<>();
    for (int id = 0; id < POINTS; id++) {
      points.add(Point.of(id, vector(), Map.of("part", id % 2)));
      if (points.size() == 5_000) {
        films.upsert(points);
        points.clear();
      }
    }
    films.seal();
    return films;
  }

  private Database database() {
    return Database.open(
        Path.of("memory"),
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withIdleMillis(1_000_000)
            .withNanoClock(() -> nanos.addAndGet(step))
            .withMinIndexRows(1));
  }

  private static SearchLimits rows(long most) {
    return new SearchLimits(OptionalLong.empty(), OptionalLong.of(most));
  }

  private static SearchLimits millis(long most) {
    return new SearchLimits(OptionalLong.of(most), OptionalLong.empty());
  }

  @Test
  void rowsEndASearchWithWhatItHas() {
    try (Database database = database()) {
      Collection films = filled(database);
      SearchRequest request =
          SearchRequest.nearest(vector()).filter(Filters.eq("part", 1)).recall(0.999);
      long inFull = films.search(request).plan().rowsScored();
      for (SearchRequest each : List.of(request, request.exact(true))) {
        SearchResult found = films.search(each.within(rows(50)));
        assertThat(found.plan().isCut()).isTrue();
        assertThat(found.plan().stoppedBy()).isEqualTo("max_scanned");
        assertThat(found.plan().isComplete()).isFalse();
        // One partition at least, and none beyond the limit.
        assertThat(found.plan().rowsScored()).isBetween(50L, inFull / 2);
        assertThat(found.hits()).hasSize(10);
        assertThat(found.hits())
            .allSatisfy(hit -> assertThat(hit.payload().fields()).containsEntry("part", 1L));
      }
    }
  }

  @Test
  void limitsThatAreNotReachedChangeNoHit() {
    try (Database database = database()) {
      Collection films = filled(database);
      SearchRequest request = SearchRequest.nearest(vector()).limit(20).exact(true);
      SearchResult found = films.search(request.within(rows(POINTS + 1L)));
      assertThat(found.plan().isCut()).isFalse();
      assertThat(found.plan().isComplete()).isTrue();
      assertThat(found.plan().name()).isEqualTo("exact");
      assertThat(found.hits()).isEqualTo(films.search(request).hits());
    }
  }

  @Test
  void timeEndsASearchAfterOnePartition() {
    try (Database database = database()) {
      Collection films = filled(database);
      step = 2_000_000;
      SearchResult found =
          films.search(SearchRequest.nearest(vector()).exact(true).within(millis(1)));
      assertThat(found.plan().stoppedBy()).isEqualTo("max_ms");
      assertThat(found.plan().partitionsProbed()).isOne();
      assertThat(found.hits()).isNotEmpty();
    }
  }

  @Test
  void listIsTakenWhereItIsWithinTheLimit() {
    try (Database database = database()) {
      Collection films = filled(database);
      SearchResult found =
          films.search(
              SearchRequest.nearest(vector())
                  .filter(Filters.hasId(List.of(io.capsdb.point.PointId.of(3))))
                  .within(rows(10)));
      assertThat(found.plan().isCut()).isFalse();
      assertThat(found.plan().name()).isEqualTo("exact");
      assertThat(found.hits()).hasSize(1);
    }
  }

  @Test
  void limitsOutOfBoundsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows(0))
        .withMessage("rows must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> millis(86_400_001))
        .withMessage("millis must be in 1..86400000, was 86400001");
  }
}
