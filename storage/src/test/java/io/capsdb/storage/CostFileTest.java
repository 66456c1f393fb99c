package io.capsdb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.index.CostModel;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CostFileTest {
  private static final Path FILE = Path.of("/data/costs");
  private static final long MAGIC = 0x3154534353504143L;

  private final Disk disk = new MemoryDisk();
  private final CostFile written =
      new CostFile("some machine", new CostModel(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.5));

  @BeforeEach
  void makeFolder() throws IOException {
    disk.createFolders(Path.of("/data"));
  }

  @Test
  void withoutAFileNothingIsKnown() throws IOException {
    assertThat(CostFile.read(disk, FILE)).isEmpty();
  }

  @Test
  void costsAreReadAsTheyWereWritten() throws IOException {
    written.write(disk, FILE);
    assertThat(CostFile.read(disk, FILE)).contains(written);
    CostFile next = new CostFile("another one", CostModel.DEFAULT);
    next.write(disk, FILE);
    assertThat(CostFile.read(disk, FILE)).contains(next);
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    written.write(disk, FILE);
    byte[] good = Samples.bytes(disk, FILE);
    for (long bit = 0; bit < 8L * good.length; bit++) {
      Samples.replace(disk, FILE, Samples.flipped(good, bit));
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %s", bit)
          .isThrownBy(() -> CostFile.read(disk, FILE));
    }
  }

  @Test
  void costsThatCannotBeAreDamage() throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(1);
    out.writeString("some machine");
    for (int i = 0; i < 12; i++) {
      out.writeDouble(i == 5 ? -1 : i);
    }
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> CostFile.read(disk, FILE))
        .withMessageContaining("scanWord");
  }

  /// It is measured again then.
  @Test
  void aLaterFormatIsAsGoodAsNone() throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(2);
    AtomicFile.write(disk, FILE, MAGIC, out.toByteArray());
    assertThat(CostFile.read(disk, FILE)).isEmpty();
  }
}
