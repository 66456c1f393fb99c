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
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
      OptionalInt checksum =
          random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty();
      segments.add(new Manifest.SegmentEntry(random.nextLong(), checksum, dead, changes));
    }
    Manifest written =
        new Manifest(
            random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(), segments);
    written.write(disk, FILE);
    assertThat(Manifest.read(disk, FILE))
        .as("%s", seed)
        .usingRecursiveComparison()
        .isEqualTo(written);
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    Manifest.SegmentEntry segment =
        new Manifest.SegmentEntry(1, OptionalInt.of(77), new byte[] {1, 2}, new byte[] {3});
    new Manifest(9, 5, 2, 1, List.of(segment)).write(disk, FILE);
    byte[] good = Samples.bytes(disk, FILE);
    for (long bit = 0; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FILE, Samples.flipped(good, bit));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> Manifest.read(disk, FILE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void manifestsOfTheFirstFormatsAreRead(int format) throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(format);
    out.writeLong(5);
    out.writeLong(2);
    out.writeLong(1);
    out.writeInt(1);
    out.writeLong(7);
    OptionalInt checksum = format == 3 ? OptionalInt.of(8) : OptionalInt.empty();
    if (format == 3) {
      out.writeByte(1);
      out.writeInt(8);
    }
    out.writeBytes(new byte[] {1, 2});
    byte[] changes = format == 1 ? new byte[0] : new byte[] {3};
    if (format > 1) {
      out.writeBytes(changes);
    }
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    Manifest.SegmentEntry segment =
        new Manifest.SegmentEntry(7, checksum, new byte[] {1, 2}, changes);
    assertThat(Manifest.read(disk, FILE, 9))
        .usingRecursiveComparison()
        .isEqualTo(new Manifest(0, 5, 2, 1, List.of(segment)));
  }

  @Test
  void theManifestOfAnotherCollectionIsRefusedAndLeftAsItIs() throws IOException {
    new Manifest(9, 5, 2, 1, List.of()).write(disk, FILE);
    byte[] bytes = Samples.bytes(disk, FILE);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> Manifest.read(disk, FILE, 10))
        .withMessageContaining("it is the manifest of another collection");
    assertThat(Samples.bytes(disk, FILE)).isEqualTo(bytes);
    assertThat(Manifest.read(disk, FILE, 9).sequence()).isEqualTo(5);
  }

  @Test
  void newerFormatsAreRefusedWithASentence() throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(5);
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> Manifest.read(disk, FILE))
        .withMessageContaining("manifest of format 5, this version reads 1 to 4");
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
