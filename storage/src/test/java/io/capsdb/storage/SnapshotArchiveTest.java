package io.capsdb.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotArchiveTest {
  private static final String ALLOWED = "manifest|segment-[0-9]{12}\\.caps";
  private static final Path ARCHIVE = Path.of("/snapshots/a.snapshot");
  private static final Path FOLDER = Path.of("/data/collection");

  private final Disk disk = new MemoryDisk();

  private byte[] pack(byte[] description, Map<String, byte[]> files) throws IOException {
    disk.createFolders(requireNonNull(ARCHIVE.getParent()));
    disk.delete(ARCHIVE);
    try (SnapshotArchive.Writer out = new SnapshotArchive.Writer(disk, ARCHIVE, description)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.file(file.getKey(), file.getValue().length, new ByteArrayInputStream(file.getValue()));
      }
      out.commit();
    }
    return Samples.bytes(disk, ARCHIVE);
  }

  /// Unpacks into an empty folder and answers the description.
  private byte[] unpack(byte[] archive, long maxBytes) throws IOException {
    disk.createFolders(FOLDER);
    for (String name : disk.list(FOLDER)) {
      disk.delete(FOLDER.resolve(name));
    }
    return SnapshotArchive.unpack(
        "a", new ByteArrayInputStream(archive), disk, FOLDER, ALLOWED, maxBytes, _ -> {});
  }

  private static Map<String, byte[]> files(RandomGenerator random) {
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      byte[] content = new byte[random.nextInt(3_000)];
      random.nextBytes(content);
      files.put("segment-%012d.caps".formatted(i), content);
    }
    files.put("manifest", new byte[] {1, 2, 3});
    return files;
  }

  @Test
  void filesComeBackAsTheyWere() {
    Seed.repeat(
        20,
        random -> {
          Map<String, byte[]> files = files(random);
          byte[] description = new byte[random.nextInt(100)];
          random.nextBytes(description);
          assertThat(unpack(pack(description, files), 1 << 20)).isEqualTo(description);
          assertThat(disk.list(FOLDER)).containsExactlyElementsOf(files.keySet());
          for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(Samples.bytes(disk, FOLDER.resolve(file.getKey())))
                .isEqualTo(file.getValue());
          }
        });
  }

  @Test
  void everyFlippedBitAndEveryCutIsNoticed() throws IOException {
    byte[] good =
        pack(new byte[] {9}, new TreeMap<>(Map.of("manifest", new byte[] {1, 2, 3, 4, 5})));
    for (long bit = 0; bit < 8L * good.length; bit++) {
      byte[] bad = Samples.flipped(good, bit);
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> unpack(bad, 1 << 20));
    }
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      assertThatExceptionOfType(CorruptFileException.class)
          .as("cut at %d", length)
          .isThrownBy(() -> unpack(cut, 1 << 20));
    }
    byte[] longer = java.util.Arrays.copyOf(good, good.length + 1);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> unpack(longer, 1 << 20))
        .withMessageContaining("follows its end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "/etc/passwd",
        "a/b",
        "..",
        ".",
        "MANIFEST",
        "manifest/",
        "segment-1.caps",
        "manifest\u0000",
        "C:\\x",
        "manifest\n"
      })
  void namesThatNoCollectionHasAreRefusedAndNothingIsWritten(String name) throws IOException {
    byte[] archive = pack(new byte[0], Map.of(name, new byte[] {1}));
    disk.createFolders(FOLDER);
    List<String> around = disk.list(requireNonNull(FOLDER.getParent()));
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> unpack(archive, 1 << 20))
        .withMessageContaining("no collection has");
    assertThat(disk.list(FOLDER)).isEmpty();
    assertThat(disk.list(requireNonNull(FOLDER.getParent()))).isEqualTo(around);
  }

  @Test
  void moreBytesThanAllowedAreRefused() throws IOException {
    byte[] archive = pack(new byte[0], Map.of("manifest", new byte[1_000]));
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> unpack(archive, 999))
        .withMessageContaining("999 are allowed");
    assertThat(unpack(archive, 1_000)).isEmpty();
  }

  @Test
  void aFileThatIsShorterThanSaidEndsTheArchive() throws IOException {
    disk.createFolders(requireNonNull(ARCHIVE.getParent()));
    try (SnapshotArchive.Writer out = new SnapshotArchive.Writer(disk, ARCHIVE, new byte[0])) {
      assertThatExceptionOfType(EOFException.class)
          .isThrownBy(() -> out.file("manifest", 5, new ByteArrayInputStream(new byte[3])));
    }
  }
}
