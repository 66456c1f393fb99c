package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.vector.Metric;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of all scripts and lengths, down to the files of snapshots.
class CollectionNamesTest {
  @TempDir Path folder;

  @Test
  void folderOfANameIsOfAsciiAndOfNoOtherName() {
    assertThat(CollectionNames.folder("films-2.a_b")).isEqualTo("films-2.a_b");
    assertThat(CollectionNames.folder("B\u00fccher")).isEqualTo("B=C3=BCcher");
    assertThat(CollectionNames.folder("Bu\u0308cher")).isEqualTo("Bu=CC=88cher");
    assertThat(CollectionNames.folder("\u6587\u6863")).isEqualTo("=E6=96=87=E6=A1=A3");
    String longest = "\ud835\udd38".repeat(255);
    assertThat(CollectionNames.isAllowed(longest)).isTrue();
    String escaped = CollectionNames.folder(longest);
    assertThat(escaped).hasSize(186).matches("[=A-F0-9]{120}==[0-9a-f]{64}");
    assertThat(CollectionNames.folder(longest.substring(2))).hasSize(186).isNotEqualTo(escaped);
    assertThat(CollectionNames.folder("x".repeat(255))).isEqualTo("x".repeat(255));
  }

  /// Two ways to write one name, or a letter that shows nothing, would be two collections for one.
  @ParameterizedTest
  @ValueSource(
      strings = {"Bu\u0308cher", "films\ufe0f", "\u3164", "a\u034fb", "\u0308a", "a\u202eb", "."})
  void namesThatLookLikeOthersAreRefused(String name) {
    assertThat(CollectionNames.isAllowed(name)).isFalse();
    try (Database database = Database.inMemory()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> database.createCollection(name, CollectionConfig.of(1, Metric.EUCLID)))
          .withMessageContaining("letters and digits of any script")
          .withMessageContaining("NFC");
    }
  }

  @Test
  void messagesCutNoCharacterInTwo() {
    String letter = "\ud835\udd38";
    assertThat(CollectionNames.shown(letter.repeat(255))).isEqualTo(letter.repeat(255));
    assertThat(CollectionNames.shown(letter.repeat(256))).isEqualTo(letter.repeat(255) + "…");
  }

  @ParameterizedTest
  @ValueSource(strings = {"films", "B\u00fccher", "\u6587\u6863", "\ud835\udd38", "x"})
  void collectionsOfAnyNameAreReopenedAndSnapshot(String word) throws IOException {
    for (String name : List.of(word, word.repeat(255 / word.codePointCount(0, word.length())))) {
      String file;
      try (Database database = Database.open(folder)) {
        Collection made = database.createCollection(name, CollectionConfig.of(1, Metric.EUCLID));
        made.upsert(List.of(Point.of(1, new float[] {1}, Payload.of(Map.of()))));
        file = database.createSnapshot(name).name();
      }
      assertThat(file).matches("[A-Za-z0-9_.-]+");
      try (Database database = Database.open(folder)) {
        assertThat(database.collection(name).count(Filter.ALL)).isOne();
        assertThat(database.snapshots(name)).hasSize(1);
        byte[] archive;
        Path place = Path.of("snapshots", CollectionNames.folder(name), file);
        try (InputStream in = database.readSnapshot(place)) {
          archive = in.readAllBytes();
        }
        try (InputStream in = database.readSnapshot(Path.of("snapshots", name, file))) {
          assertThat(in.readAllBytes()).isEqualTo(archive);
        }
        database.dropCollection(name);
        database.restore(name, new ByteArrayInputStream(archive), 1L << 30);
        assertThat(database.collection(name).count(Filter.ALL)).isOne();
        database.deleteSnapshot(name, file);
        assertThat(database.snapshots(name)).isEmpty();
        database.dropCollection(name);
      }
    }
  }
}
