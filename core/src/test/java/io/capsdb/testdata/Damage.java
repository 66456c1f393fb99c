package io.capsdb.testdata;

import static org.assertj.core.api.Assertions.fail;

import io.capsdb.io.CorruptFileException;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Damages bytes as disks and transfers do, and checks that a reader answers with
/// [CorruptFileException] or with something, but never with another exception.
public final class Damage {
  /// Reads bytes, and uses what it read.
  @FunctionalInterface
  public interface Reader {
    Object read(byte[] bytes);
  }

  private Damage() {}

  /// Hands damaged bytes to the reader once.
  public static void check(RandomGenerator random, byte[] bytes, Reader reader) {
    byte[] damaged = bytes.clone();
    String what;
    switch (random.nextInt(5)) {
      case 0 -> {
        int length = random.nextInt(Math.max(1, bytes.length));
        damaged = Arrays.copyOf(bytes, length);
        what = "cut at " + length;
      }
      case 1 -> {
        int at = random.nextInt(bytes.length);
        damaged[at] = (byte) random.nextInt();
        what = "byte " + at + " overwritten with " + damaged[at];
      }
      case 2 -> {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(16));
        for (int i = from; i < to; i++) {
          damaged[i] = (byte) random.nextInt();
        }
        what = "bytes " + from + " to " + to + " overwritten";
      }
      case 3 -> {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(8));
        Arrays.fill(damaged, from, to, random.nextBoolean() ? (byte) 0 : (byte) 0xff);
        what = "bytes " + from + " to " + to + " filled with " + damaged[from];
      }
      default -> {
        int bit = random.nextInt(8 * bytes.length);
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        what = "bit " + bit % 8 + " of byte " + bit / 8 + " flipped";
      }
    }
    try {
      reader.read(damaged);
    } catch (CorruptFileException _) {
      return; // noticed: as it should be
    } catch (RuntimeException | AssertionError | OutOfMemoryError e) {
      fail("of " + bytes.length + " bytes, " + what + ": " + e, e);
    }
  }
}
