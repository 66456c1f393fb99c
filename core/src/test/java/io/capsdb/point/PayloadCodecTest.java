package io.capsdb.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.testdata.Damage;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PayloadCodecTest {
  private static byte[] bytes(Payload payload) {
    CheckedWriter out = new CheckedWriter();
    PayloadCodec.write(payload, out);
    return out.toByteArray();
  }

  private static CheckedReader reader(byte[] bytes) {
    return new CheckedReader("payloads", 0, MemorySegment.ofArray(bytes));
  }

  @Test
  void payloadsAreReadBack() {
    Seed.repeat(
        300,
        random -> {
          Payload payload = random.nextBoolean() ? RandomPayloads.next(random) : wild(random);
          byte[] bytes = bytes(payload);
          CheckedReader in = reader(bytes);
          Payload read = PayloadCodec.read(in);
          assertThat(read).isEqualTo(payload);
          assertThat(new ArrayList<>(read.fields().keySet()))
              .as("order of members")
              .isEqualTo(new ArrayList<>(payload.fields().keySet()));
          assertThat(in.remaining()).isZero();
        });
  }

  @Test
  void extremesAreReadBack() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("", null);
    fields.put("longs", List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE, (1L << 53) + 1));
    fields.put("doubles", List.of(-0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1e-300));
    fields.put("text", "\u0000 é 猫 😀 \uffff");
    fields.put("empty", List.of(List.of(), Map.of(), ""));
    fields.put("deep", PayloadTest.nested(Payload.MAX_DEPTH - 1, true));
    Payload payload = Payload.of(fields);
    assertThat(PayloadCodec.read(reader(bytes(payload)))).isEqualTo(payload);
    assertThat(PayloadCodec.read(reader(bytes(Payload.empty())))).isEqualTo(Payload.empty());
  }

  @Test
  void damagedBytesGiveCorruptFileOrAnotherPayload() {
    Seed.repeat(
        300,
        random -> {
          byte[] bytes = bytes(RandomPayloads.next(random));
          Damage.check(random, bytes, damaged -> PayloadCodec.read(reader(damaged)));
        });
  }

  @Test
  void truncatedBytesAreNoticed() {
    Seed.repeat(
        3,
        random -> {
          byte[] bytes = bytes(RandomPayloads.next(random));
          for (int length = 0; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(CorruptFileException.class)
                .as("%s of %s bytes", length, bytes.length)
                .isThrownBy(() -> PayloadCodec.read(reader(cut)));
          }
        });
  }

  @Test
  void whatIsNoPayloadIsRefused() {
    CheckedWriter list = new CheckedWriter();
    list.writeByte(6);
    list.writeInt(0);
    CheckedWriter notFinite = new CheckedWriter();
    notFinite.writeByte(7);
    notFinite.writeInt(1);
    notFinite.writeString("a");
    notFinite.writeByte(4);
    notFinite.writeDouble(Double.NaN);
    CheckedWriter deep = new CheckedWriter();
    for (int i = 0; i < 100_000; i++) {
      deep.writeByte(6);
      deep.writeInt(1);
    }
    for (byte[] bytes :
        List.of(
            list.toByteArray(),
            notFinite.toByteArray(),
            deep.toByteArray(),
            new byte[] {8, 0, 0})) {
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> PayloadCodec.read(reader(bytes)));
    }
  }

  private static Payload wild(RandomGenerator random) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      fields.put(text(random), value(random, 1));
    }
    return Payload.of(fields);
  }

  private static @Nullable Object value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth < 6 ? 8 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong();
      case 3 -> random.nextGaussian() * Math.pow(10, random.nextInt(-300, 300));
      case 4, 5 -> text(random);
      case 6 -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(text(random), value(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String text(RandomGenerator random) {
    int[] points =
        random
            .ints(random.nextInt(8), 0, Character.MAX_CODE_POINT + 1)
            .map(point -> point >= 0xd800 && point <= 0xdfff ? 'x' : point)
            .toArray();
    return new String(points, 0, points.length);
  }
}
