package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyDirectoryTest {
  private static final Disk DISK = Disk.local();

  @TempDir Path folder;

  @Test
  void bothFormsAgreeWithAMap() throws IOException {
    assertThat(ChronicleKeys.isUsable()).isTrue();
    try (KeyDirectory heap = new HeapKeys();
        KeyDirectory files = ChronicleKeys.create(DISK, folder, 100)) {
      Seed.repeat(
          3,
          random -> {
            Map<PointId, Long> model = new HashMap<>();
            change(random, heap, model);
            requireEqual(heap, model);
            model.clear();
            change(random, files, model);
            requireEqual(files, model);
          });
      assertThat(heap.isOffHeap()).isFalse();
      assertThat(files.isOffHeap()).isTrue();
    }
  }

  private static void change(RandomGenerator random, KeyDirectory keys, Map<PointId, Long> model) {
    for (int i = 0; i < 3_000; i++) {
      PointId id = id(random.nextInt(500));
      if (random.nextInt(4) == 0) {
        keys.remove(id);
        model.remove(id);
      } else {
        long segment = random.nextLong(1L << 40);
        keys.put(id, segment);
        model.put(id, segment);
      }
    }
  }

  private static void requireEqual(KeyDirectory keys, Map<PointId, Long> model) {
    for (int i = 0; i < 500; i++) {
      PointId id = id(i);
      if (model.containsKey(id)) {
        assertThat(keys.find(id)).as("%s", id).isEqualTo(model.get(id));
      }
    }
  }

  /// Even ones are numbers, far apart; odd ones UUIDs.
  private static PointId id(int i) {
    return i % 2 == 0 ? PointId.of(i * -7_919L) : PointId.of(new UUID(i, -i));
  }

  @Test
  void idsThatAreNotThereAreNotFound() throws IOException {
    try (KeyDirectory keys = ChronicleKeys.create(DISK, folder, 100)) {
      assertThat(keys.find(PointId.of(1))).isEqualTo(KeyDirectory.NONE);
      keys.put(PointId.of(1), 0);
      assertThat(keys.find(PointId.of(1))).isZero();
      assertThat(keys.find(PointId.of(new UUID(0, 1)))).isEqualTo(KeyDirectory.NONE);
      keys.remove(PointId.of(1));
      assertThat(keys.find(PointId.of(1))).isEqualTo(KeyDirectory.NONE);
      assertThat(keys.count()).isZero();
    }
  }

  @Test
  void growsFarBeyondWhatWasExpected() throws IOException {
    int count = 600_000;
    try (KeyDirectory keys = ChronicleKeys.create(DISK, folder, 100)) {
      for (int i = 0; i < count; i++) {
        keys.put(PointId.of(i), i / 1_000);
      }
      assertThat(keys.count()).isEqualTo(count);
      for (int i = 0; i < count; i++) {
        assertThat(keys.find(PointId.of(i)) == i / 1_000).as("%d", i).isTrue();
      }
      long bytes = 0;
      for (String name : DISK.list(folder)) {
        bytes += DISK.size(folder.resolve(name));
      }
      assertThat(bytes / count).isLessThan(100);
    }
  }

  @Test
  void opensAgainWhatWasClosedWell() throws IOException {
    ChronicleKeys keys = ChronicleKeys.create(DISK, folder, 100);
    keys.put(PointId.of(5), 7);
    keys.put(PointId.of(new UUID(5, 5)), 8);
    assertThat(KeysFile.read(DISK, folder)).isEmpty();
    keys.closeWell(List.of(7L, 8L), Map.of(3L, 7L));
    KeysFile file = KeysFile.read(DISK, folder).orElseThrow();
    assertThat(file.segments()).containsExactly(7L, 8L);
    assertThat(file.forwards()).containsExactly(Map.entry(3L, 7L));
    assertThat(file.shards()).hasSize(2);
    try (KeyDirectory again = ChronicleKeys.open(DISK, folder, file)) {
      assertThat(KeysFile.read(DISK, folder)).isEmpty();
      assertThat(again.find(PointId.of(5))).isEqualTo(7);
      assertThat(again.find(PointId.of(new UUID(5, 5)))).isEqualTo(8);
      again.put(PointId.of(6), 9);
      assertThat(again.find(PointId.of(6))).isEqualTo(9);
    }
  }

  @Test
  void damagedAndMissingFilesAreNotOpened() throws IOException {
    ChronicleKeys keys = ChronicleKeys.create(DISK, folder, 100);
    keys.put(PointId.of(5), 7);
    keys.closeWell(List.of(7L), Map.of());
    KeysFile file = KeysFile.read(DISK, folder).orElseThrow();
    Path shard = folder.resolve(file.shards().getFirst().name());
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length / 2] ^= 1;
    Files.write(shard, bytes);
    assertThatThrownBy(() -> ChronicleKeys.open(DISK, folder, file))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(shard.toString());
    Files.delete(shard);
    assertThatThrownBy(() -> ChronicleKeys.open(DISK, folder, file))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void saysNothingWhenItIsClosed() throws IOException {
    KeyDirectory keys = ChronicleKeys.create(DISK, folder, 100);
    keys.put(PointId.of(5), 7);
    keys.close();
    assertThatThrownBy(() -> keys.find(PointId.of(5))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothingPhonesHome() throws IOException {
    try (KeyDirectory keys = ChronicleKeys.create(DISK, folder, 100)) {
      keys.put(PointId.of(1), 1);
    }
    assertThat(System.getProperty("chronicle.analytics.disable")).isEqualTo("true");
    assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(System.getProperty("java.class.path")).doesNotContain("chronicle-analytics");
    // Where it reports, it leaves its number in the home folder.
    try (Stream<Path> home = Files.list(Path.of(System.getProperty("user.home")))) {
      assertThat(home.map(path -> String.valueOf(path.getFileName())))
          .noneMatch(name -> name.startsWith(".chronicle.analytics"));
    }
  }
}
