package io.capsdb.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CheckedWriterTest {
  /// Reads what was written, and compares it.
  @FunctionalInterface
  private interface Check {
    void read(CheckedReader in);
  }

  private static Check write(CheckedWriter out, RandomGenerator random) {
    int length = random.nextInt(40);
    return switch (random.nextInt(7)) {
      case 0 -> {
        byte value = (byte) random.nextInt();
        out.writeByte(value);
        yield in -> assertThat(in.readByte()).isEqualTo(value);
      }
      case 1 -> {
        int value = random.nextInt();
        out.writeInt(value);
        yield in -> assertThat(in.readInt()).isEqualTo(value);
      }
      case 2 -> {
        long value = random.nextLong();
        out.writeLong(value);
        yield in -> assertThat(in.readLong()).isEqualTo(value);
      }
      case 3 -> {
        String value = "ä".repeat(length);
        out.writeString(value);
        yield in -> assertThat(in.readString()).isEqualTo(value);
      }
      case 4 -> {
        int[] values = random.ints(length).toArray();
        out.writeInts(values);
        yield in -> assertThat(in.readInts()).isEqualTo(values);
      }
      case 5 -> {
        long[] values = random.longs(length).toArray();
        out.writeLongs(values);
        yield in -> assertThat(in.readLongs()).isEqualTo(values);
      }
      default -> {
        // Any bits, those of what is no number too.
        int[] bits = random.ints(length).toArray();
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
          values[i] = Float.intBitsToFloat(bits[i]);
        }
        out.writeFloats(values);
        yield in -> {
          float[] read = in.readFloats();
          assertThat(read).hasSize(length);
          for (int i = 0; i < length; i++) {
            assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(bits[i]);
          }
        };
      }
    };
  }

  @Test
  void whatIsWrittenIsReadBackInItsOrder() {
    Seed.repeat(
        50,
        random -> {
          CheckedWriter out = new CheckedWriter();
          List<Check> checks = new ArrayList<>();
          for (int i = random.nextInt(200); i > 0; i--) {
            checks.add(write(out, random));
          }
          byte[] bytes = out.toByteArray();
          assertThat(out.size()).isEqualTo(bytes.length);
          CheckedReader in = new CheckedReader("test", 0, MemorySegment.ofArray(bytes));
          checks.forEach(check -> check.read(in));
          assertThat(in.remaining()).isZero();
        });
  }
}
