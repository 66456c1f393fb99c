package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// A small database with a file of each kind: what versions of this program left in the folders of
/// `src/test/resources/versions`. Its content must stay as it is; where it needs a new kind of file
/// or a format changes, [#main] writes the next folder.
final class SampleDatabase {
  static final String NAME = "films";
  static final String ALIAS = "now";

  private static final int SEALED = 60;

  private SampleDatabase() {}

  private static DatabaseOptions options() {
    return DatabaseOptions.defaults()
        .withMeasuredCosts(false)
        .withMinIndexRows(32)
        .withIdleMillis(1 << 30);
  }

  static Database open(Path folder) {
    return Database.open(folder, options());
  }

  /// Writes the database into the folder that is named.
  public static void main(String[] arguments) {
    write(Path.of(arguments[0]));
  }

  static void write(Path folder) {
    try (Database database = open(folder)) {
      Collection films = database.createCollection(NAME, CollectionConfig.of(4, Metric.EUCLID));
      films.changeSettings(
          old -> old.withField("city", new FieldIndex(FieldIndex.Type.KEYWORD, true, "{}")));
      films.upsert(IntStream.range(0, SEALED).mapToObj(SampleDatabase::point).toList());
      films.seal();
      films.delete(List.of(PointId.of(3), PointId.of(4)));
      films.changePayloads(List.of(PointId.of(5)), _ -> Payload.of(Map.of("n", 500L)));
      films.upsert(List.of(point(100), point(101)));
      films.seal();
      database.changeAliases(List.of(new AliasChange.Create(ALIAS, NAME)));
      database.createSnapshot(NAME);
      films.delete(List.of(PointId.of(100)));
      films.upsert(List.of(point(102)));
    }
  }

  /// Sees to it that all is there, and the snapshot as it was.
  static void check(Database database) {
    check(database.collection(ALIAS), List.of(101, 102));
    SnapshotInfo snapshot = database.snapshots(NAME).getFirst();
    check(
        database.restore("restored", database.readSnapshot(NAME, snapshot.name()), Long.MAX_VALUE),
        List.of(100, 101));
    database.dropCollection("restored");
  }

  private static void check(Collection films, List<Integer> last) {
    List<StoredPoint> found = films.scroll(Filter.ALL, Optional.empty(), 1_000).points();
    List<Integer> expected =
        IntStream.concat(
                IntStream.range(0, SEALED).filter(i -> i != 3 && i != 4),
                last.stream().mapToInt(Integer::intValue))
            .boxed()
            .toList();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      int number = expected.get(i);
      StoredPoint point = found.get(i);
      assertThat(point.id()).isEqualTo(PointId.of(number));
      assertThat(point.vectors().get("")).containsExactly(vector(number));
      assertThat(point.payload())
          .isEqualTo(number == 5 ? Payload.of(Map.of("n", 500L)) : point(number).payload());
    }
    assertThat(films.settings().fields())
        .containsEntry("city", new FieldIndex(FieldIndex.Type.KEYWORD, true, "{}"));
    SearchResult near = films.search(SearchRequest.nearest(vector(17)).limit(1));
    assertThat(near.hits().getFirst().id()).isEqualTo(PointId.of(17));
    assertThat(films.count(Filters.eq("city", "c2"))).isEqualTo(last.contains(102) ? 13 : 12);
  }

  private static float[] vector(int i) {
    return new float[] {i, i % 7, -i, 0.5f};
  }

  private static Point point(int i) {
    return Point.of(i, vector(i), Map.of("n", (long) i, "even", i % 2 == 0, "city", "c" + i % 5));
  }
}
