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

class CatalogueTest {
  private static final Path FILE = Path.of("/data/catalogue");
  private static final long MAGIC = 0x3154414353504143L;

  private final Disk disk = new MemoryDisk();

  @BeforeEach
  void makeFolder() throws IOException {
    disk.createFolders(Path.of("/data"));
  }

  @Test
  void withoutAFileThereAreNoCollections() throws IOException {
    assertThat(Catalogue.read(disk, FILE)).isEqualTo(Catalogue.EMPTY);
  }

  @RepeatedTest(50)
  void cataloguesAreReadAsTheyWereWritten() throws IOException {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    List<Catalogue.Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      byte[] config = new byte[random.nextInt(100)];
      random.nextBytes(config);
      entries.add(
          new Catalogue.Entry("films-é𝄞-" + i, random.nextLong(), random.nextLong(), config));
    }
    Catalogue written = new Catalogue(random.nextLong(), entries);
    written.write(disk, FILE);
    assertThat(Catalogue.read(disk, FILE))
        .as("%s", seed)
        .usingRecursiveComparison()
        .isEqualTo(written);
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    new Catalogue(5, List.of(new Catalogue.Entry("films", 4, 9, new byte[] {1, 2})))
        .write(disk, FILE);
    byte[] good = Samples.bytes(disk, FILE);
    for (long bit = 0; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FILE, Samples.flipped(good, bit));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> Catalogue.read(disk, FILE));
    }
  }

  @Test
  void cataloguesOfTheFirstFormatAreRead() throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(1);
    out.writeLong(5);
    out.writeInt(1);
    out.writeString("films");
    out.writeLong(4);
    out.writeBytes(new byte[] {1, 2});
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    assertThat(Catalogue.read(disk, FILE))
        .usingRecursiveComparison()
        .isEqualTo(
            new Catalogue(5, List.of(new Catalogue.Entry("films", 4, 0, new byte[] {1, 2}))));
  }

  @Test
  void newerFormatsAreRefusedWithASentence() throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(3);
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> Catalogue.read(disk, FILE))
        .withMessageContaining("catalogue of format 3, this version reads 1 to 2");
  }

  @Test
  void countsBeyondTheEndAreRefused() throws IOException {
    for (int count : new int[] {-1, 1, Integer.MAX_VALUE}) {
      CheckedWriter out = new CheckedWriter();
      out.writeInt(1);
      out.writeLong(1);
      out.writeInt(count);
      AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> Catalogue.read(disk, FILE))
          .withMessageContaining("a length of " + count);
    }
  }

  @Test
  void aCatalogueOfAnotherKindOfFileIsRefused() throws IOException {
    Manifest.EMPTY.write(disk, FILE);
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> Catalogue.read(disk, FILE));
  }
}
