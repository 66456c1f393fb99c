package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.filter.Filter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
  private static final CollectionConfig CONFIG = CollectionConfig.of(2, Metric.EUCLID);

  @TempDir Path folder;

  private static List<Point> points(int from, int count) {
    List<Point> points = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      points.add(Point.of(i, new float[] {i, 1}, Map.of("n", i)));
    }
    return points;
  }

  @Test
  void collectionsAreFoundByNameAndListedInOrder() {
    try (Database database = Database.inMemory()) {
      database.createCollection("b", CONFIG);
      database.createCollection("a", CONFIG);
      assertThat(database.collectionNames()).containsExactly("a", "b");
      assertThat(database.collection("a").config()).isEqualTo(CONFIG);
      assertThat(database.find("c")).isEmpty();
      assertThatThrownBy(() -> database.collection("c"))
          .isInstanceOf(CollectionNotFoundException.class)
          .hasMessageContaining("'c'");
      assertThatThrownBy(() -> database.createCollection("a", CONFIG))
          .isInstanceOf(CollectionExistsException.class)
          .hasMessageContaining("'a'");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "../a",
        "a\\b",
        "a b",
        "a%2F",
        "a\n",
        "a\0",
        "a\u202eb",
        "\ud800"
      })
  void namesThatCouldLeadElsewhereAreRefused(String name) {
    try (Database database = Database.open(folder)) {
      assertThatThrownBy(() -> database.createCollection(name, CONFIG))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("collection name");
      assertThat(database.find(name)).isEmpty();
      assertThat(database.dropCollection(name)).isFalse();
    }
  }

  @Test
  void namesHaveUpTo255Characters() {
    try (Database database = Database.open(folder)) {
      database.createCollection("x".repeat(255), CONFIG);
      assertThatThrownBy(() -> database.createCollection("x".repeat(256), CONFIG))
          .hasMessageContaining("256 characters, must have 1 to 255");
    }
    try (Database database = Database.open(folder)) {
      assertThat(database.find("x".repeat(255))).isPresent();
    }
  }

  @Test
  void configSurvivesReopening() {
    CollectionConfig config =
        new CollectionConfig(
            Map.of(
                "", new VectorConfig(1, Metric.MANHATTAN),
                "ünï", new VectorConfig(65_536, Metric.COSINE)));
    try (Database database = Database.open(folder)) {
      database.createCollection("c", config);
      database.createCollection("none", new CollectionConfig(Map.of()));
    }
    try (Database database = Database.open(folder)) {
      assertThat(database.collection("c").config()).isEqualTo(config);
      assertThat(database.collection("none").config().vectors()).isEmpty();
    }
  }

  @Test
  void droppedCollectionIsGoneAndItsNameIsFree() throws IOException {
    try (Database database = Database.open(folder)) {
      Collection first = database.createCollection("c", CONFIG);
      first.upsert(points(0, 10));
      assertThat(database.dropCollection("c")).isTrue();
      assertThat(database.dropCollection("c")).isFalse();
      assertThatThrownBy(() -> first.count(Filter.ALL))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'c' is closed");
      Collection second = database.createCollection("c", CONFIG);
      assertThat(second.count(Filter.ALL)).isZero();
      second.upsert(points(100, 3));
    }
    try (Database database = Database.open(folder)) {
      assertThat(database.collection("c").count(Filter.ALL)).isEqualTo(3);
      assertThat(names()).filteredOn(name -> name.startsWith("collection-")).hasSize(1);
    }
  }

  @Test
  void foldersOfNoCollectionAreDeletedAtTheNextStart() throws IOException {
    Database.open(folder).close();
    Files.createDirectories(folder.resolve("collection-000007"));
    Files.writeString(folder.resolve("collection-000007/log-000000000000.wal"), "left over");
    Files.createDirectories(folder.resolve("mine"));
    Database.open(folder).close();
    assertThat(names()).doesNotContain("collection-000007").contains("mine");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void folderIsOpenedForWritingOnceAtATime() {
    try (Database database = Database.open(folder)) {
      database.createCollection("c", CONFIG);
      assertThatThrownBy(() -> Database.open(folder))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(folder.toString());
      assertThat(database.collection("c").count(Filter.ALL)).isZero();
    }
    Database.open(folder).close();
  }

  @Test
  void readOnlyAnswersAndChangesNothing() throws IOException {
    try (Database database = Database.open(folder)) {
      Collection collection = database.createCollection("c", CONFIG);
      collection.upsert(points(0, 300));
      collection.seal();
      collection.upsert(points(300, 20));
    }
    Map<String, Long> before = sizes();
    try (Database database = Database.openReadOnly(folder);
        Database other = Database.openReadOnly(folder)) {
      Collection collection = database.collection("c");
      assertThat(collection.count(Filter.ALL)).isEqualTo(320);
      assertThat(other.collection("c").get(PointId.of(310))).isPresent();
      assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.GREEN);
      assertThatThrownBy(() -> collection.upsert(points(0, 1)))
          .isInstanceOf(ReadOnlyException.class)
          .hasMessageContaining("'c'");
      assertThatThrownBy(() -> collection.delete(List.of(PointId.of(1))))
          .isInstanceOf(ReadOnlyException.class);
      assertThatThrownBy(() -> collection.delete(Filter.ALL)).isInstanceOf(ReadOnlyException.class);
      assertThatThrownBy(collection::seal).isInstanceOf(ReadOnlyException.class);
      assertThatThrownBy(() -> database.createCollection("d", CONFIG))
          .isInstanceOf(ReadOnlyException.class);
      assertThatThrownBy(() -> database.dropCollection("c")).isInstanceOf(ReadOnlyException.class);
    }
    assertThat(sizes()).isEqualTo(before);
  }

  private Map<String, Long> sizes() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sizes.put(file.toString(), Files.size(file));
      }
    }
    return sizes;
  }

  @Test
  void readOnlyOfNoFolderIsAnError() {
    assertThatThrownBy(() -> Database.openReadOnly(folder.resolve("misspelt")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("misspelt");
    assertThat(folder.resolve("misspelt")).doesNotExist();
  }

  @Test
  void closedDatabaseRefusesEachCall() {
    Database database = Database.inMemory();
    Collection collection = database.createCollection("c", CONFIG);
    collection.upsert(points(0, 5));
    database.close();
    database.close();
    List<Runnable> calls =
        List.of(
            database::collectionNames,
            () -> database.createCollection("d", CONFIG),
            () -> database.dropCollection("c"),
            () -> database.find("c"),
            () -> collection.upsert(points(0, 1)),
            () -> collection.delete(Filter.ALL),
            () -> collection.get(PointId.of(1)),
            () -> collection.count(Filter.ALL),
            () -> collection.search(SearchRequest.nearest(new float[] {1, 2})),
            () -> collection.scroll(Filter.ALL, Optional.empty(), 1),
            collection::seal,
            collection::status);
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void damageInOneCollectionIsNamedAndDoesNotTakeTheOthersDown() throws IOException {
    try (Database database = Database.open(folder)) {
      database.createCollection("d", CONFIG).upsert(points(0, 3));
      Collection collection = database.createCollection("c", CONFIG);
      collection.upsert(points(0, 300));
      collection.seal();
    }
    Path segment;
    try (Stream<Path> all = Files.walk(folder)) {
      segment = all.filter(path -> path.toString().endsWith(".caps")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    bytes[100] ^= 1;
    Files.write(segment, bytes);
    try (Database database = Database.open(folder)) {
      assertThatThrownBy(() -> database.collection("c"))
          .isInstanceOf(StorageException.class)
          .hasCauseInstanceOf(CorruptFileException.class)
          .hasMessageContaining(segment.getFileName().toString());
      assertThatThrownBy(() -> database.createCollection("c", CONFIG))
          .isInstanceOf(CollectionExistsException.class);
      assertThat(database.collectionNames()).containsExactly("d");
      assertThat(database.damagedCollections()).containsOnlyKeys("c");
      assertThat(database.damagedCollections().get("c")).contains("is damaged at byte");
      database.collection("d").upsert(points(3, 2));
      assertThat(database.collection("d").count(Filter.ALL)).isEqualTo(5);
    }
    bytes[100] ^= 1;
    Files.write(segment, bytes);
    try (Database database = Database.open(folder)) {
      assertThat(database.collection("c").count(Filter.ALL)).isEqualTo(300);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"segment-", "log-", "collection-"})
  void aMissingFileOfOneCollectionDoesNotTakeTheOthersDown(String missing) throws IOException {
    try (Database database = Database.open(folder)) {
      Collection collection = database.createCollection("c", CONFIG);
      collection.upsert(points(0, 300));
      collection.seal();
      database.createCollection("d", CONFIG).upsert(points(0, 3));
    }
    Path place = folder.resolve("collection-000000");
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (path.toString().contains(missing)) {
          Files.delete(path);
        }
      }
    }
    try (Database database = Database.open(folder)) {
      assertThatThrownBy(() -> database.collection("c"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(missing)
          .hasMessageContaining("missing");
      assertThat(database.collectionNames()).containsExactly("d");
      database.collection("d").upsert(points(3, 2));
      assertThat(database.collection("d").count(Filter.ALL)).isEqualTo(5);
    }
  }

  /// Nothing is deleted that the lost file named: put back, it finds all again.
  @ParameterizedTest
  @ValueSource(strings = {"collection-000000/manifest", "catalogue"})
  void whatALostFileNamedIsKept(String lost) throws IOException {
    try (Database database = Database.open(folder)) {
      Collection collection = database.createCollection("c", CONFIG);
      collection.upsert(points(0, 300));
      collection.seal();
      collection.upsert(points(300, 5));
    }
    Path file = folder.resolve(lost);
    Path aside = folder.resolve("aside");
    Files.move(file, aside);
    try (Database database = Database.open(folder)) {
      assertThatThrownBy(() -> database.collection("c"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("missing");
    } catch (CorruptFileException e) {
      assertThat(e).hasMessageContaining("catalogue").hasMessageContaining("missing");
    }
    Files.move(aside, file);
    try (Database database = Database.open(folder)) {
      assertThat(database.collection("c").count(Filter.ALL)).isEqualTo(305);
    }
  }

  /// Of a collection that was dropped, in which somebody has put something.
  @Test
  void aFolderThatCannotBeDeletedDoesNotStopTheStart() throws IOException {
    try (Database database = Database.open(folder)) {
      database.createCollection("c", CONFIG).upsert(points(0, 3));
    }
    Path inside = folder.resolve("collection-000007").resolve("somebody's");
    Files.createDirectories(inside);
    Files.writeString(inside.resolve("notes"), "unknown");
    try (Database database = Database.open(folder)) {
      assertThat(database.collection("c").count(Filter.ALL)).isEqualTo(3);
    }
    assertThat(inside.resolve("notes")).hasContent("unknown");
  }

  /// A log that an earlier opening wrote counts, also when this one does not log; and what was
  /// sealed since is not written over by it.
  @Test
  void openingWithoutLogKeepsWhatWasLogged() {
    try (Database database = Database.open(folder)) {
      database.createCollection("c", CONFIG).upsert(points(0, 5));
    }
    try (Database database = Database.open(folder, DatabaseOptions.defaults().withLog(false))) {
      Collection collection = database.collection("c");
      assertThat(collection.count(Filter.ALL)).isEqualTo(5);
      collection.delete(List.of(PointId.of(2)));
      collection.upsert(List.of(Point.of(3, new float[] {9, 9}, Map.of("n", 99))));
      collection.seal();
    }
    try (Database database = Database.open(folder)) {
      Collection collection = database.collection("c");
      assertThat(collection.count(Filter.ALL)).isEqualTo(4);
      assertThat(collection.get(PointId.of(2))).isEmpty();
      assertThat(collection.count(Filters.eq("n", 99))).isEqualTo(1);
    }
  }

  @Test
  void withoutLogOnlyWhatIsSealedStays() {
    DatabaseOptions options = DatabaseOptions.defaults().withLog(false);
    try (Database database = Database.open(folder, options)) {
      Collection collection = database.createCollection("c", CONFIG);
      collection.upsert(points(0, 5));
      collection.seal();
      collection.upsert(points(5, 5));
    }
    try (Database database = Database.open(folder, options)) {
      assertThat(database.collection("c").count(Filter.ALL)).isEqualTo(5);
    }
  }
}
