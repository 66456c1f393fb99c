package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Settings and aliases as files.
class SmallFilesTest {
  private static final Path FOLDER = Path.of("data");
  private static final Path FILE = FOLDER.resolve("small");

  private final Disk disk = new MemoryDisk();

  private byte[] bytes() throws IOException {
    try (InputStream in = disk.read(FILE)) {
      return in.readAllBytes();
    }
  }

  private void write(byte[] bytes) throws IOException {
    disk.delete(FILE);
    try (Disk.AppendFile out = disk.create(FILE)) {
      out.write(ByteBuffer.wrap(bytes));
      out.force();
    }
  }

  @Test
  void settingsAreReadAsTheyWereWritten() throws IOException {
    disk.createFolders(FOLDER);
    assertThat(SettingsFile.read(disk, FILE, 9)).isEmpty();
    SettingsFile settings =
        new SettingsFile(
            List.of(
                new SettingsFile.Field("city", "KEYWORD", ""),
                new SettingsFile.Field("a.b[]", "TEXT", "{\"type\":\"text\"}")),
            "{\"metadata\":{\"ü\":1}}");
    settings.write(disk, FILE, 9);
    assertThat(SettingsFile.read(disk, FILE, 9)).contains(settings);
  }

  @Test
  void fieldsOfTenantsAreKept() throws IOException {
    disk.createFolders(FOLDER);
    SettingsFile settings =
        new SettingsFile(
            List.of(
                new SettingsFile.Field("city", "KEYWORD", ""),
                new SettingsFile.Field("owner", "UUID", true, "{}")),
            "notes");
    settings.write(disk, FILE, 9);
    assertThat(SettingsFile.read(disk, FILE, 9)).contains(settings);
  }

  @Test
  void theSettingsOfAnotherCollectionAreRefused() throws IOException {
    disk.createFolders(FOLDER);
    new SettingsFile(List.of(), "").write(disk, FILE, 9);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> SettingsFile.read(disk, FILE, 10))
        .withMessageContaining("settings of another collection");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void settingsOfTheFirstFormatsAreRead(int format) throws IOException {
    disk.createFolders(FOLDER);
    CheckedWriter out = new CheckedWriter();
    out.writeInt(format);
    out.writeInt(1);
    out.writeString("owner");
    out.writeString("UUID");
    out.writeString("{}");
    if (format == 2) {
      out.writeByte(1);
    }
    out.writeString("notes");
    AtomicFile.write(disk, FILE, 0x3154455353504143L, out.toByteArray());
    assertThat(SettingsFile.read(disk, FILE, 9))
        .contains(
            new SettingsFile(
                List.of(new SettingsFile.Field("owner", "UUID", format == 2, "{}")), "notes"));
  }

  @Test
  void aliasesAreReadAsTheyWereWritten() throws IOException {
    disk.createFolders(FOLDER);
    assertThat(AliasFile.read(disk, FILE).folders()).isEmpty();
    AliasFile aliases = new AliasFile(Map.of("now", 3L, "then", 1L << 40));
    aliases.write(disk, FILE);
    assertThat(AliasFile.read(disk, FILE)).isEqualTo(aliases);
  }

  @Test
  void damageIsReported() throws IOException {
    disk.createFolders(FOLDER);
    new AliasFile(Map.of("now", 3L)).write(disk, FILE);
    byte[] good = bytes();
    for (int at = 0; at < good.length; at++) {
      byte[] damaged = good.clone();
      damaged[at] ^= 0x40;
      write(damaged);
      assertThatExceptionOfType(CorruptFileException.class)
          .as("byte %d", at)
          .isThrownBy(() -> AliasFile.read(disk, FILE));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("byte %d", at)
          .isThrownBy(() -> SettingsFile.read(disk, FILE, 9));
    }
  }
}
