package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// What every kind of file does.
abstract class RowSourceContract {
  private static final Path FOLDER = Path.of("/files");
  private static final int MUTATIONS = 3_000;

  /// A file with some rows, rejected ones among them.
  abstract SampleFile sample(RandomGenerator random);

  /// Whether a file that is cut after this many bytes is a whole one of fewer rows, or one whose
  /// last row is rejected.
  abstract boolean mayEndAt(SampleFile sample, int length);

  @RepeatedTest(30)
  void rowsAreReadAsTheyStandInTheFile() throws IOException {
    Seed seed = Seed.next();
    SampleFile sample = sample(seed.random());
    assertSame(seed, read(sample.name(), sample.bytes()), sample.rows());
  }

  @RepeatedTest(30)
  void packedFilesAreReadLikeOthers() throws IOException {
    Seed seed = Seed.next();
    SampleFile sample = sample(seed.random());
    byte[] packed = SampleFile.packed(sample.bytes());
    assertSame(seed, read(sample.name() + ".gz", packed), sample.rows());
  }

  @Test
  void filesOfSeveralPackedPiecesAreReadLikeOthers() throws IOException {
    Seed seed = Seed.next();
    SampleFile sample = sample(seed.random());
    byte[] bytes = sample.bytes();
    byte[] first = SampleFile.packed(Arrays.copyOf(bytes, bytes.length / 2));
    byte[] second = SampleFile.packed(Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    assertSame(seed, read(sample.name() + ".gz", both), sample.rows());
  }

  @RepeatedTest(5)
  void progressGrowsFromZeroToOne() throws IOException {
    Seed seed = Seed.next();
    SampleFile sample = sample(seed.random());
    for (boolean isPacked : new boolean[] {false, true}) {
      byte[] bytes = isPacked ? SampleFile.packed(sample.bytes()) : sample.bytes();
      try (RowSource rows = open(sample.name() + (isPacked ? ".gz" : ""), bytes)) {
        double last = 0;
        boolean hasNext = true;
        while (hasNext) {
          hasNext = rows.next().isPresent();
          assertThat(rows.progress()).as("%s", seed).isBetween(last, 1.0);
          last = rows.progress();
        }
        assertThat(last).as("%s", seed).isEqualTo(1.0);
        assertThat(rows.next()).as("a row after the end").isEmpty();
      }
    }
  }

  @Test
  void rowCountsThatAreKnownAreRight() throws IOException {
    Seed seed = Seed.next();
    SampleFile sample = sample(seed.random());
    try (RowSource rows = open(sample.name(), sample.bytes())) {
      while (rows.next().isPresent()) {
        rows.rowCount().ifPresent(count -> assertThat(count).isEqualTo(sample.rows().size()));
      }
    }
  }

  @Test
  void closingTwiceIsFine() throws IOException {
    SampleFile sample = sample(new SplittableRandom(1));
    for (int taken = 0; taken < 3; taken++) {
      RowSource rows = open(sample.name(), sample.bytes());
      for (int i = 0; i < taken; i++) {
        rows.next();
      }
      assertThat(rows.file()).isEqualTo(sample.name());
      rows.close();
      rows.close();
    }
  }

  @Test
  void filesThatAreCutAnywhereAreToldOrHoldFewerRows() throws IOException {
    Seed seed = Seed.next();
    SampleFile sample = sample(seed.random());
    byte[] good = sample.bytes();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      String context = "%s, cut at %d of %d".formatted(seed, length, good.length);
      if (mayEndAt(sample, length)) {
        List<RowSource.Row> rows = read(sample.name(), cut);
        assertThat(rows.size()).as(context).isLessThanOrEqualTo(sample.rows().size());
        int whole = (int) rows.stream().filter(row -> row.rejection().isEmpty()).count();
        assertThat(whole).as(context).isLessThanOrEqualTo(sample.rows().size());
      } else {
        assertThatExceptionOfType(FormatException.class)
            .as(context)
            .isThrownBy(() -> read(sample.name(), cut))
            .withMessageStartingWith(sample.name() + ", ")
            .withMessageMatching("(?s).*(byte|row|header|line|end).*");
      }
    }
  }

  @Test
  void packedFilesThatAreCutAnywhereAreTold() throws IOException {
    Seed seed = Seed.next();
    SampleFile sample = sample(seed.random());
    byte[] good = SampleFile.packed(sample.bytes());
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatExceptionOfType(FormatException.class)
          .as("%s, cut at %d of %d", seed, length, good.length)
          .isThrownBy(() -> read(sample.name() + ".gz", cut))
          .withMessageStartingWith(sample.name() + ".gz, ")
          .withMessageNotContaining("null");
    }
  }

  @Test
  void damagedFilesGiveFormatExceptionsOrRowsAndNothingElse() {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          SampleFile sample = sample(random);
          for (int i = 0; i < MUTATIONS; i++) {
            if (i % 100 == 0) {
              sample = sample(random);
            }
            boolean isPacked = random.nextInt(4) == 0;
            byte[] bytes = isPacked ? SampleFile.packed(sample.bytes()) : sample.bytes();
            byte[] changed = mutated(bytes, random);
            String name = sample.name() + (isPacked ? ".gz" : "");
            try {
              int count = read(name, changed).size();
              assertThat(count).as("%s, round %d", seed, i).isLessThan(100_000);
            } catch (FormatException e) {
              assertThat(e).as("%s, round %d", seed, i).hasMessageStartingWith(name + ", ");
            } catch (RuntimeException | Error e) {
              throw new AssertionError(seed + ", round " + i, e);
            }
          }
        });
  }

  private static byte[] mutated(byte[] bytes, RandomGenerator random) {
    byte[] changed = bytes.clone();
    for (int n = random.nextInt(4); n >= 0 && changed.length > 0; n--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(6)) {
        case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> changed[at] = (byte) random.nextInt();
        case 2 -> changed[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
        case 3 -> changed = Arrays.copyOf(changed, at);
        case 4 -> {
          int count = Math.min(random.nextInt(16), changed.length - at);
          int from = random.nextInt(changed.length - count + 1);
          System.arraycopy(changed.clone(), from, changed, at, count);
        }
        default -> {
          byte[] longer = new byte[changed.length + 1 + random.nextInt(8)];
          System.arraycopy(changed, 0, longer, 0, at);
          int shift = longer.length - changed.length;
          System.arraycopy(changed, at, longer, at + shift, changed.length - at);
          changed = longer;
        }
      }
    }
    return changed;
  }

  /// All rows of a file.
  static List<RowSource.Row> read(String name, byte[] bytes) throws IOException {
    List<RowSource.Row> rows = new ArrayList<>();
    try (RowSource source = open(name, bytes)) {
      Optional<RowSource.Row> row = source.next();
      while (row.isPresent()) {
        rows.add(row.get());
        row = source.next();
      }
    }
    return rows;
  }

  static RowSource open(String name, byte[] bytes) throws IOException {
    Disk disk = new MemoryDisk();
    disk.createFolders(FOLDER);
    Path file = FOLDER.resolve(name);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
    }
    return RowSources.open(disk, file);
  }

  static void assertSame(
      Object seed, List<RowSource.Row> found, List<SampleFile.Expected> expected) {
    for (int i = 0; i < Math.min(found.size(), expected.size()); i++) {
      RowSource.Row row = found.get(i);
      SampleFile.Expected wanted = expected.get(i);
      String context = "%s, row %d: %s".formatted(seed, i, row.rejection().orElse(""));
      assertThat(row.number()).as(context).isEqualTo(i);
      assertThat(row.line()).as(context).isEqualTo(wanted.line());
      assertThat(row.rejection().isPresent()).as(context).isEqualTo(wanted.isRejected());
      if (!wanted.isRejected()) {
        assertThat(row.id()).as(context).isEqualTo(wanted.id());
        assertThat(row.payload()).as(context).isEqualTo(wanted.payload());
        assertThat(bits(row.vector())).as(context).isEqualTo(bits(wanted.vector()));
      }
    }
    assertThat(found).as("%s", seed).hasSameSizeAs(expected);
  }

  private static int[] bits(float @org.jspecify.annotations.Nullable [] vector) {
    if (vector == null) {
      return new int[] {-1};
    }
    int[] bits = new int[vector.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(vector[i]);
    }
    return bits;
  }
}
