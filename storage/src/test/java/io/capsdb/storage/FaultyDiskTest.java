package io.capsdb.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.capsdb.io.Disk;
import io.capsdb.io.DiskContract;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// What the other tests here believe of the disk that they run on.
class FaultyDiskTest extends DiskContract {
  private static final Path FOLDER = Path.of("/data");
  private static final Path FILE = FOLDER.resolve("file");

  private final FaultyDisk faulty = new FaultyDisk();

  @Override
  protected Disk disk() {
    return new FaultyDisk();
  }

  @BeforeEach
  void makeFolder() throws IOException {
    faulty.createFolders(FOLDER);
  }

  @Test
  void namesAreDurableWhenTheirFolderWasForced() throws IOException {
    write(FILE, 3);
    assertThat(after(Unforced.DROPPED).exists(FILE)).isFalse();
    assertThat(after(Unforced.KEPT).exists(FILE)).isTrue();
    faulty.forceFolder(FOLDER);
    assertThat(after(Unforced.DROPPED).size(FILE)).isEqualTo(3);
  }

  @Test
  void aMisdirectedWriteLandsOverAnotherFileAndLeavesZeros() throws IOException {
    Path other = FOLDER.resolve("other");
    try (Disk.AppendFile out = faulty.create(other)) {
      out.write(ByteBuffer.wrap(filled(600, 1)));
      out.force();
    }
    faulty.forceFolder(FOLDER);
    Set<String> places = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      faulty.misdirectAt(faulty.operations() + 2, new SplittableRandom(i));
      try (Disk.AppendFile out = faulty.create(FILE)) {
        out.write(ByteBuffer.wrap(filled(40, 2)));
        out.write(ByteBuffer.wrap(filled(40, 3)));
        assertThat(out.position()).isEqualTo(80);
        out.force();
        out.write(ByteBuffer.wrap(filled(10, 4)));
      }
      byte[] own = bytes(faulty);
      assertThat(own).hasSize(90);
      assertThat(Arrays.copyOfRange(own, 80, 90)).containsOnly(4);
      assertThat(faulty.misdirected()).isPresent();
      String victim = faulty.misdirected().get().toString();
      if (victim.equals(other.toString())) {
        assertThat(Arrays.copyOfRange(own, 0, 40)).containsOnly(0);
        assertThat(Arrays.copyOfRange(own, 40, 80)).containsOnly(3);
        try (InputStream in = after(Unforced.DROPPED).read(other)) {
          places.add(String.valueOf(new String(in.readAllBytes(), UTF_8).indexOf('\2')));
        }
      } else {
        assertThat(Arrays.copyOfRange(own, 0, 40)).containsOnly(2);
        places.add("itself");
      }
      faulty.delete(FILE);
      faulty.delete(other);
      try (Disk.AppendFile out = faulty.create(other)) {
        out.write(ByteBuffer.wrap(filled(600, 1)));
        out.force();
      }
      faulty.forceFolder(FOLDER);
    }
    assertThat(places).containsExactlyInAnyOrder("0", "512", "itself");
  }

  private static byte[] filled(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void bytesAreDurableWhenTheirFileWasForced() throws IOException {
    try (Disk.AppendFile out = faulty.create(FILE)) {
      faulty.forceFolder(FOLDER);
      out.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      out.force();
      out.write(ByteBuffer.wrap(new byte[] {4, 5}));
      assertThat(bytes(after(Unforced.DROPPED))).containsExactly(1, 2, 3);
      assertThat(bytes(after(Unforced.KEPT))).containsExactly(1, 2, 3, 4, 5);
    }
  }

  @Test
  void aReplacedFileIsTheOldOrTheNewOne() throws IOException {
    write(FILE, 3);
    faulty.forceFolder(FOLDER);
    Path aside = FOLDER.resolve("aside");
    try (Disk.AppendFile out = faulty.create(aside)) {
      out.write(ByteBuffer.allocate(7));
      out.force();
    }
    faulty.rename(aside, FILE);
    assertThat(after(Unforced.DROPPED).size(FILE)).isEqualTo(3);
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      seen.add(faulty.afterCrash(Unforced.TORN, new SplittableRandom(i)).size(FILE));
    }
    assertThat(seen).containsExactlyInAnyOrder(3L, 7L);
    faulty.forceFolder(FOLDER);
    assertThat(after(Unforced.DROPPED).list(FOLDER)).containsExactly("file");
    assertThat(after(Unforced.DROPPED).size(FILE)).isEqualTo(7);
  }

  @RepeatedTest(20)
  void tornBytesAreAPrefixAndReorderedOnesHaveHolesOfSectors() throws IOException {
    Seed seed = Seed.next();
    byte[] ones = new byte[5_000];
    Arrays.fill(ones, (byte) 1);
    try (Disk.AppendFile out = faulty.create(FILE)) {
      out.write(ByteBuffer.wrap(ones, 0, 1_000));
      out.force();
      faulty.forceFolder(FOLDER);
      out.write(ByteBuffer.wrap(ones, 0, 4_000));
    }
    byte[] torn = bytes(faulty.afterCrash(Unforced.TORN, seed.random()));
    assertThat(torn).as("%s", seed).hasSizeBetween(1_000, 5_000).containsOnly(1);
    byte[] holed = bytes(faulty.afterCrash(Unforced.REORDERED, seed.random()));
    assertThat(holed).as("%s", seed).hasSizeBetween(1_000, 5_000);
    assertThat(Arrays.copyOf(holed, 1_000)).containsOnly(1);
    for (int from = 1_024; from < holed.length; from += 512) {
      byte[] sector = Arrays.copyOfRange(holed, from, Math.min(from + 512, holed.length));
      assertThat(sector).as("%s", seed).containsOnly(sector[0]);
    }
  }

  @Test
  void oneOperationFailsAndTheNextWorks() throws IOException {
    faulty.failAt(faulty.operations() + 2);
    try (Disk.AppendFile out = faulty.create(FILE)) {
      assertThatIOException().isThrownBy(() -> out.write(ByteBuffer.allocate(10)));
      assertThat(out.position()).isEqualTo(5);
      out.write(ByteBuffer.allocate(1));
      assertThat(out.position()).isEqualTo(6);
    }
  }

  @Test
  void afterAFailedForceLaterForcesLie() throws IOException {
    try (Disk.AppendFile out = faulty.create(FILE)) {
      faulty.forceFolder(FOLDER);
      out.write(ByteBuffer.allocate(3));
      out.force();
      out.write(ByteBuffer.allocate(3));
      faulty.failAt(faulty.operations() + 1);
      assertThatIOException().isThrownBy(out::force);
      out.force();
    }
    assertThat(after(Unforced.KEPT).size(FILE)).isEqualTo(3);
  }

  @Test
  void afterACrashEveryOperationFails() throws IOException {
    write(FILE, 3);
    faulty.crashAt(faulty.operations() + 1);
    assertThatIOException().isThrownBy(() -> faulty.delete(FILE));
    assertThat(faulty.hasCrashed()).isTrue();
    assertThatIOException().isThrownBy(() -> faulty.exists(FILE));
    assertThatIOException().isThrownBy(() -> faulty.create(FOLDER.resolve("more")).close());
  }

  @Test
  void aDiskCanBeginWithWhatSurvived() throws IOException {
    write(FILE, 3);
    faulty.createFolders(FOLDER.resolve("deep"));
    FaultyDisk next = FaultyDisk.over(after(Unforced.KEPT), FOLDER);
    assertThat(next.operations()).isZero();
    assertThat(next.list(FOLDER)).containsExactly("deep", "file");
    assertThat(next.afterCrash(Unforced.DROPPED, new SplittableRandom(1)).size(FILE)).isEqualTo(3);
  }

  private void write(Path file, int length) throws IOException {
    try (Disk.AppendFile out = faulty.create(file)) {
      out.write(ByteBuffer.allocate(length));
      out.force();
    }
  }

  private Disk after(Unforced unforced) throws IOException {
    return faulty.afterCrash(unforced, new SplittableRandom(1));
  }

  private static byte[] bytes(Disk disk) throws IOException {
    try (InputStream in = disk.read(FILE)) {
      return in.readAllBytes();
    }
  }
}
