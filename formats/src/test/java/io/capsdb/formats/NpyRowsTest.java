package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyRowsTest {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  /// Writes one number and answers what it is as a float32.
  interface Element {
    float write(SampleFile file, RandomGenerator random, boolean isGood, ByteOrder order);
  }

  abstract static class Npy extends RowSourceContract {
    private final String type;
    private final Element element;

    Npy(String type, Element element) {
      this.type = type;
      this.element = element;
    }

    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("vectors.npy");
      int rows = random.nextInt(1, 8);
      int dimension = random.nextInt(1, 6);
      boolean isBig = !type.endsWith("1") && random.nextInt(3) == 0;
      String prefix = type.endsWith("1") ? "|" : isBig ? ">" : "<";
      header(file, random.nextInt(1, 4), prefix + type, "False", rows + ", " + dimension);
      ByteOrder order = isBig ? ByteOrder.BIG_ENDIAN : LITTLE;
      for (int r = 0; r < rows; r++) {
        boolean isGood = random.nextInt(4) > 0;
        float[] vector = new float[dimension];
        for (int d = 0; d < dimension; d++) {
          vector[d] = element.write(file, random, isGood || d > 0, order);
        }
        file.vector(vector);
      }
      return file;
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return false;
    }
  }

  @Nested
  class Float16 extends Npy {
    Float16() {
      super(
          "f2",
          (file, random, isGood, order) -> {
            int bits = Numbers.float16(random, isGood);
            file.number(bits, 2, order);
            return Numbers.fromFloat16(bits);
          });
    }
  }

  @Nested
  class Float32 extends Npy {
    Float32() {
      super(
          "f4",
          (file, random, isGood, order) -> {
            float value = Numbers.float32(random, isGood);
            file.number(Float.floatToRawIntBits(value), 4, order);
            return value;
          });
    }
  }

  @Nested
  class Float64 extends Npy {
    Float64() {
      super(
          "f8",
          (file, random, isGood, order) -> {
            double value = Numbers.float64(random, isGood);
            file.number(Double.doubleToRawLongBits(value), 8, order);
            return (float) value;
          });
    }
  }

  @Nested
  class Int8 extends Npy {
    Int8() {
      super(
          "i1",
          (file, random, _, _) -> {
            int value = random.nextInt(-128, 128);
            file.raw(value);
            return value;
          });
    }
  }

  @Nested
  class Uint8 extends Npy {
    Uint8() {
      super(
          "u1",
          (file, random, _, _) -> {
            int value = random.nextInt(256);
            file.raw(value);
            return value;
          });
    }
  }

  private static void header(
      SampleFile file, int version, String type, String isFortran, String shape) {
    header(
        file,
        version,
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }".formatted(type, isFortran, shape));
  }

  private static void header(SampleFile file, int version, String dictionary) {
    String text = dictionary + " ".repeat(7) + "\n";
    file.raw(0x93, 'N', 'U', 'M', 'P', 'Y', version, 0);
    file.number(text.length(), version == 1 ? 2 : 4, LITTLE);
    file.text(text);
  }

  private static byte[] file(String type, String isFortran, String shape) {
    SampleFile file = new SampleFile("x");
    header(file, 1, type, isFortran, shape);
    return file.raw(new byte[96]).bytes();
  }

  @Test
  void fortranOrderIsRefusedWithASentence() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.read("x.npy", file("<f4", "True", "3, 8")))
        .withMessage("x.npy, header: Fortran order is not read, only C order");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<i4", "<i8", "|b1", "<U5", "<c8", "f4", "", "<", "xf4", "|O", "<f16", "<f4 "})
  void otherTypesAreRefused(String type) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.read("x.npy", file(type, "False", "3, 8")))
        .withMessageContaining("'" + type + "'")
        .withMessageContaining("only i1, u1, f2, f4 and f8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "24,",
        "",
        "2, 3, 4",
        "-1, 8",
        "3, -8",
        "3, 0",
        "3, 65537",
        "99999999999999999999, 8",
        "3, 999999999",
        "3, 4294967297",
        "a, b",
        "3.0, 8"
      })
  void otherShapesAreRefused(String shape) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.read("x.npy", file("<f4", "False", shape)))
        .withMessageStartingWith("x.npy, header: ");
  }

  @Test
  void widthsAboveTheLimitAreRefusedWhateverTheirType() {
    for (String type : new String[] {"|u1", "<f2", "<f4", "<f8"}) {
      assertThatExceptionOfType(FormatException.class)
          .as(type)
          .isThrownBy(() -> RowSourceContract.read("x.npy", file(type, "False", "1, 65537")))
          .withMessageContaining("rows have 1 to 65536 values");
    }
  }

  @Test
  void hugeRowCountsTakeNoMemory() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(
            () -> RowSourceContract.read("x.npy", file("<f4", "False", "999999999999999999, 8")))
        .withMessage(
            "x.npy, row 3: the file ends here, its header promises 999999999999999999 rows");
  }

  @Test
  void emptyArraysHoldNoRows() throws IOException {
    SampleFile file = new SampleFile("x");
    header(file, 1, "<f4", "False", "0, 8");
    assertThat(RowSourceContract.read("x.npy", file.bytes())).isEmpty();
  }

  @Test
  void bytesBehindTheLastRowAreTold() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.read("x.npy", file("<f4", "False", "2, 8")))
        .withMessage("x.npy, row 2: the file goes on, its header promises 2 rows");
  }

  @ParameterizedTest
  @CsvSource({
    "descr, '{''fortran_order'': False, ''shape'': (3, 8), }'",
    "fortran_order, '{''descr'': ''<f4'', ''shape'': (3, 8), }'",
    "shape, '{''descr'': ''<f4'', ''fortran_order'': False, }'"
  })
  void missingEntriesOfTheHeaderAreNamed(String entry, String dictionary) {
    SampleFile file = new SampleFile("x");
    header(file, 1, dictionary);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.read("x.npy", file.bytes()))
        .withMessage("x.npy, header: it lacks '" + entry + "'");
  }

  @Test
  void headersInAnyOrderAndSpacingAreRead() throws IOException {
    SampleFile file = new SampleFile("x");
    header(file, 2, "{'shape':(1,2),'fortran_order':False,'descr':'|u1'}");
    file.raw(7, 9);
    assertThat(RowSourceContract.read("x.npy", file.bytes()).getFirst().vector())
        .containsExactly(7, 9);
  }

  @Test
  void otherMagicsVersionsAndHeaderLengthsAreRefused() {
    for (int version : new int[] {0, 4, 255}) {
      SampleFile file = new SampleFile("x");
      header(file, version, "{'shape':(1,2),'fortran_order':False,'descr':'|u1'}");
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> RowSourceContract.read("x.npy", file.raw(1, 2).bytes()))
          .withMessageContaining("version " + version);
    }
    for (int at = 0; at < 6; at++) {
      byte[] bytes = file("<f4", "False", "3, 8");
      bytes[at]++;
      assertThatExceptionOfType(FormatException.class)
          .as("byte %d", at)
          .isThrownBy(() -> RowSourceContract.read("x.npy", bytes))
          .withMessageContaining("does not begin as an npy file");
    }
    for (long length : new long[] {0, -1, 65_537, Integer.MAX_VALUE}) {
      SampleFile file = new SampleFile("x").raw(0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(
              () -> RowSourceContract.read("x.npy", file.number(length, 4, LITTLE).bytes()));
    }
  }
}
