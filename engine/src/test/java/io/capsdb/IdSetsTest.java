package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class IdSetsTest {
  private static final int POINTS = 3_000;
  private static final PointId UUID_ID = PointId.of(new UUID(-7, 3));

  private final MemoryDisk disk = new MemoryDisk();
  private final SplittableRandom random = new SplittableRandom(11);

  private Database database() {
    return Database.open(
        Path.of("memory"),
        DatabaseOptions.defaults().withDisk(disk).withIdleMillis(1_000_000).withMinIndexRows(1));
  }

  private Collection filled(Database database) {
    Collection films = database.createCollection("films", CollectionConfig.of(4, Metric.EUCLID));
    films.upsert(points(0, POINTS / 2));
    films.seal();
    films.upsert(points(POINTS / 2, POINTS));
    films.upsert(
        List.of(new Point(UUID_ID, Map.of("", new float[4]), io.capsdb.point.Payload.empty())));
    return films;
  }

  private List<Point> points(int from, int to) {
    List<Point> points = new ArrayList<>();
    for (int id = from; id < to; id++) {
      float[] vector = {random.nextFloat(), random.nextFloat(), id, 0};
      points.add(Point.of(id, vector, Map.of("part", id % 3)));
    }
    return points;
  }

  private static IdSet ids(long... numbers) {
    List<PointId> ids = new ArrayList<>();
    for (long number : numbers) {
      ids.add(PointId.of(number));
    }
    return IdSet.of(ids);
  }

  /// Whatever form the filter has, it finds what the set itself, written into the filter, finds.
  @Test
  void namedSetFindsWhatItsIdsFind() {
    try (Database database = database()) {
      Collection films = filled(database);
      for (int round = 0; round < 10; round++) {
        List<PointId> some = new ArrayList<>(List.of(UUID_ID));
        for (int i = random.nextInt(2_000); i >= 0; i--) {
          some.add(PointId.of(random.nextInt(POINTS + 500)));
        }
        films.putIdSet("some", IdSet.of(some));
        Filter named = Filters.inIdSet("some");
        Filter plain = Filters.hasId(some);
        Filter part = Filters.eq("part", 1);
        List<List<Filter>> forms =
            List.of(
                List.of(named, plain),
                List.of(Filters.not(named), Filters.not(plain)),
                List.of(Filters.all(named, part), Filters.all(plain, part)),
                List.of(Filters.any(named, part), Filters.any(plain, part)),
                List.of(Filters.some("offers", named), Filters.some("offers", plain)));
        for (List<Filter> form : forms) {
          for (int again = 0; again < 2; again++) {
            assertThat(films.count(form.getFirst())).isEqualTo(films.count(form.getLast()));
            assertThat(found(films, form.getFirst())).isEqualTo(found(films, form.getLast()));
          }
        }
        films.delete(some.subList(0, 1));
        films.upsert(points(0, 1));
      }
    }
  }

  private static Set<PointId> found(Collection films, Filter filter) {
    Set<PointId> ids = new TreeSet<>();
    films
        .search(SearchRequest.nearest(new float[4]).filter(filter).limit(POINTS).exact(true))
        .hits()
        .forEach(hit -> ids.add(hit.id()));
    return ids;
  }

  @Test
  void setsStayWhenTheDatabaseIsOpenedAgain() {
    IdSet first = ids(1, 5, 4_294_967_296L, -1).or(IdSet.of(List.of(UUID_ID)));
    try (Database database = database()) {
      Collection films = filled(database);
      films.putIdSet("a", first);
      films.putIdSet("A", ids(2));
      films.putIdSet("b", ids(3));
      assertThat(films.dropIdSet("b")).isTrue();
      assertThat(films.dropIdSet("b")).isFalse();
    }
    try (Database database = database()) {
      Collection films = database.collection("films");
      assertThat(films.idSets()).isEqualTo(Map.of("a", first, "A", ids(2)));
      assertThat(films.count(Filters.inIdSet("a"))).isEqualTo(3);
    }
  }

  @Test
  void snapshotsHoldSets() throws Exception {
    try (Database database = database()) {
      filled(database).putIdSet("seen", ids(1, 2));
      String name = database.createSnapshot("films").name();
      database.collection("films").putIdSet("seen", ids(7));
      try (InputStream in = database.readSnapshot("films", name)) {
        database.restore("films", in, 1L << 30);
      }
      assertThat(database.collection("films").idSets()).isEqualTo(Map.of("seen", ids(1, 2)));
    }
  }

  @Test
  void changesSelectByASet() {
    try (Database database = database()) {
      Collection films = filled(database);
      films.putIdSet("old", ids(1, 2, 9_999));
      films.delete(Filters.inIdSet("old"));
      assertThat(films.count(Filter.ALL)).isEqualTo(POINTS + 1 - 2);
    }
  }

  @Test
  void rowsOfASetAreFoundOnce() {
    IdSets sets = new IdSets(disk, Path.of("none"));
    Object order = new Object();
    int[] asked = {0};
    IdSet kept = ids(5);
    for (int i = 0; i < 3; i++) {
      sets.ordinals(
          kept,
          order,
          () -> {
            asked[0]++;
            return new RoaringBitmap();
          });
    }
    assertThat(asked[0]).isOne();
    sets.ordinals(kept, new Object(), () -> RoaringBitmap.bitmapOf(asked[0]++));
    sets.ordinals(ids(6), order, () -> RoaringBitmap.bitmapOf(asked[0]++));
    assertThat(asked[0]).isEqualTo(3);
  }

  @Test
  void setThatIsNotThereIsToldByName() {
    try (Database database = database()) {
      Collection films = filled(database);
      films.putIdSet("seen", ids(1));
      assertThatThrownBy(() -> films.count(Filters.not(Filters.inIdSet("sen"))))
          .isInstanceOf(IdSetNotFoundException.class)
          .hasMessage("there is no id set 'sen', the collection has [seen]");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FilterEvaluator.of(Filters.inIdSet("seen")))
          .withMessageContaining("'seen'");
    }
  }

  @Test
  void tooManySetsAndOddNamesAreRefused() {
    try (Database database = database()) {
      Collection films = filled(database);
      for (String name : List.of("", "../x", ".x", "x".repeat(64), "ä")) {
        assertThatIllegalArgumentException().isThrownBy(() -> films.putIdSet(name, ids(1)));
      }
      for (int i = 0; i < IdSets.MAX_SETS; i++) {
        films.putIdSet("s" + i, ids(i));
      }
      films.putIdSet("s0", ids(7));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> films.putIdSet("more", ids(1)))
          .withMessageContaining("at most 256 id sets");
      assertThat(films.idSets()).hasSize(IdSets.MAX_SETS);
    }
  }
}
