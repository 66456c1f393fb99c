package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final Path FILE = Path.of("/data/manifest");
  private static final long MAGIC = 0x314e414d53504143L;

  private final Disk disk = new MemoryDisk();

  @BeforeEach
  void makeFolder() throws IOException {
    disk.createFolders(Path.of("/data"));
  }

  @Test
  void withoutAFileNothingIsLive() throws IOException {
    assertThat(Manifest.read(disk, FILE)).isEqualTo(Manifest.EMPTY);
  }

  @RepeatedTest(50)
  void manifestsAreReadAsTheyWereWritten() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    List<Manifest.SegmentEntry> segments = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      byte[] dead = new byte[random.nextInt(100)];
      random.nextBytes(dead);
      byte[] changes = new byte[random.nextInt(100)];
      random.nextBytes(changes);
      segments.add(new Manifest.SegmentEntry(random.nextLong(), dead, changes));
    }
    Manifest written =
        new Manifest(random.nextLong(), random.nextLong(), random.nextLong(), segments);
    written.write(disk, FILE);
    assertThat(Manifest.read(disk, FILE))
        .as("%s", seed)
        .usingRecursiveComparison()
        .isEqualTo(written);
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    new Manifest(5, 2, 1, List.of(new Manifest.SegmentEntry(1, new byte[] {1, 2}, new byte[] {3})))
        .write(disk, FILE);
    byte[] good = Samples.bytes(disk, FILE);
    for (long bit = 0; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FILE, Samples.flipped(good, bit));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> Manifest.read(disk, FILE));
    }
  }

  @Test
  void manifestsOfTheFirstFormatAreRead() throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(1);
    out.writeLong(5);
    out.writeLong(2);
    out.writeLong(1);
    out.writeInt(1);
    out.writeLong(7);
    out.writeBytes(new byte[] {1, 2});
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    assertThat(Manifest.read(disk, FILE))
        .usingRecursiveComparison()
        .isEqualTo(
            new Manifest(
                5, 2, 1, List.of(new Manifest.SegmentEntry(7, new byte[] {1, 2}, new byte[0]))));
  }

  @Test
  void newerFormatsAreRefusedWithASentence() throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(3);
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> Manifest.read(disk, FILE))
        .withMessageContaining("manifest of format 3, this version reads 1 to 2");
  }

  @Test
  void countsBeyondTheEndAreRefused() throws IOException {
    for (int count : new int[] {-1, 1, Integer.MAX_VALUE}) {
      CheckedWriter out = new CheckedWriter();
      out.writeInt(1);
      out.writeLong(1);
      out.writeLong(1);
      out.writeLong(1);
      out.writeInt(count);
      AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> Manifest.read(disk, FILE))
          .withMessageContaining("a length of " + count);
    }
  }
}
