package io.capsdb.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AtomicFileTest {
  private static final long MAGIC = 0x31_54_53_45_54L;
  private static final Path FOLDER = Path.of("/data");
  private static final Path FILE = FOLDER.resolve("small");

  @Test
  void whatWasWrittenIsRead() throws IOException {
    Disk disk = disk();
    assertThat(AtomicFile.read(disk, FILE, MAGIC)).isEmpty();
    AtomicFile.write(disk, FILE, MAGIC, new byte[0]);
    assertThat(read(disk)).isEmpty();
    AtomicFile.write(disk, FILE, MAGIC, "content".getBytes(US_ASCII));
    assertThat(read(disk)).isEqualTo("content");
    assertThat(disk.list(FOLDER)).containsExactly("small");
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    Disk disk = disk();
    AtomicFile.write(disk, FILE, MAGIC, "content".getBytes(US_ASCII));
    byte[] good = Samples.bytes(disk, FILE);
    for (long bit = 0; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FILE, Samples.flipped(good, bit));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> read(disk))
          .withMessageContaining(FILE + " is damaged at byte");
    }
  }

  @Test
  void everyOtherLengthIsNoticed() throws IOException {
    Disk disk = disk();
    AtomicFile.write(disk, FILE, MAGIC, "content".getBytes(US_ASCII));
    byte[] good = Samples.bytes(disk, FILE);
    for (int length = 0; length < good.length + 20; length++) {
      Samples.replace(disk, FILE, Arrays.copyOf(good, length));
      if (length != good.length) {
        assertThatExceptionOfType(CorruptFileException.class)
            .as("%d bytes", length)
            .isThrownBy(() -> read(disk));
      }
    }
  }

  @Test
  void filesOfAnotherKindAreRefused() throws IOException {
    Disk disk = disk();
    AtomicFile.write(disk, FILE, MAGIC + 1, new byte[3]);
    assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> read(disk));
  }

  @Test
  void leftOversOfAnEarlierWriteAreNoHindrance() throws IOException {
    Disk disk = disk();
    Samples.replace(disk, FOLDER.resolve("small.tmp"), new byte[100]);
    AtomicFile.write(disk, FILE, MAGIC, "content".getBytes(US_ASCII));
    assertThat(read(disk)).isEqualTo("content");
    assertThat(disk.list(FOLDER)).containsExactly("small");
  }

  @Test
  void afterACrashAtAnyPointItIsTheOldOneOrTheNewOne() throws IOException {
    Seed seed = Seed.next();
    var random = seed.random();
    Set<String> seen = new HashSet<>();
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk disk = new FaultyDisk();
      disk.createFolders(FOLDER);
      AtomicFile.write(disk, FILE, MAGIC, "old".getBytes(US_ASCII));
      disk.crashAt(disk.operations() + n);
      try {
        AtomicFile.write(disk, FILE, MAGIC, "new".getBytes(US_ASCII));
        isDone = true;
      } catch (IOException e) {
        assertThat(disk.hasCrashed()).isTrue();
      }
      for (Unforced unforced : Unforced.values()) {
        for (int i = 0; i < 10; i++) {
          String now = read(disk.afterCrash(unforced, random));
          assertThat(now).as("%s, operation %d", seed, n).isIn(isDone ? "new" : "old", "new");
          seen.add(now);
        }
      }
    }
    assertThat(seen).containsExactlyInAnyOrder("old", "new");
  }

  @Test
  void afterAFailureAtAnyPointTheNextWriteWorks() throws IOException {
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk disk = new FaultyDisk();
      disk.createFolders(FOLDER);
      AtomicFile.write(disk, FILE, MAGIC, "old".getBytes(US_ASCII));
      long before = disk.operations();
      disk.failAt(before + n);
      isDone = true;
      try {
        AtomicFile.write(disk, FILE, MAGIC, "new".getBytes(US_ASCII));
      } catch (IOException e) {
        isDone = false;
        disk.failAt(0);
        assertThat(read(disk)).as("operation %d", n).isIn("old", "new");
      }
      disk.failAt(0);
      AtomicFile.write(disk, FILE, MAGIC, "next".getBytes(US_ASCII));
      assertThat(read(disk)).isEqualTo("next");
    }
  }

  @Test
  void aMissingFolderIsAnError() {
    assertThatIOException()
        .isThrownBy(() -> AtomicFile.write(new MemoryDisk(), FILE, MAGIC, new byte[1]));
  }

  private static Disk disk() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    disk.createFolders(FOLDER);
    return disk;
  }

  private static String read(Disk disk) throws IOException {
    CheckedReader in = AtomicFile.read(disk, FILE, MAGIC).orElseThrow();
    byte[] bytes = new byte[(int) in.remaining()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = in.readByte();
    }
    return new String(bytes, US_ASCII);
  }
}
