package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPayloadsTest {
  @RepeatedTest(300)
  void payloadsAreReadAsTheyWereWritten() throws IOException {
    Seed seed = Seed.next();
    Payload payload = Payload.of(object(seed.random(), 4));
    assertThat(read(write(payload))).as("%s", seed).isEqualTo(payload);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = Json.factory().createGenerator(bytes)) {
      JsonPayloads.write(payload, out);
    }
    assertThat(read(bytes.toString(StandardCharsets.UTF_8))).as("%s", seed).isEqualTo(payload);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807,9223372036854775807", "-9223372036854775808,-9223372036854775808",
    "0,0", "-0,0"
  })
  void wholeNumbersOf64BitsStayWhole(String text, long value) throws IOException {
    assertThat(field(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808,9.223372036854775808e18",
    "18446744073709551615,1.8446744073709552e19",
    "-9223372036854775809,-9.223372036854775808e18",
    "1.0,1.0",
    "-0.0,-0.0",
    "1e308,1e308",
    "1e-400,0.0",
    "4.9e-324,4.9e-324",
    "0.1,0.1"
  })
  void otherNumbersAreFloat64(String text, double value) throws IOException {
    assertThat(field(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e400", "-1e400", "1e999999999", "1e99999999999999999999"})
  void numbersBeyondFloat64AreRefusedWithTheirPlace(String text) {
    assertThatExceptionOfType(JsonFormatException.class)
        .isThrownBy(() -> field(text))
        .withMessage("a: value " + text + " invalid, must be a finite float64");
  }

  @Test
  void whatIsAsDeepAsAPayloadMayBeIsReadAndWritten() throws IOException {
    Payload payload = Payload.of(nested(Payload.MAX_DEPTH));
    assertThat(read(write(payload))).isEqualTo(payload);
    String text = "{\"a\":".repeat(Payload.MAX_DEPTH) + "1" + "}".repeat(Payload.MAX_DEPTH);
    assertThat(read(text)).isEqualTo(payload);
  }

  private static Map<String, @Nullable Object> nested(int depth) {
    return Map.of("a", depth == 1 ? 1L : nested(depth - 1));
  }

  @Test
  void whatIsDeeperIsRefused() {
    for (int depth : new int[] {Payload.MAX_DEPTH + 1, 60}) {
      String objects = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
      String arrays = "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
      for (String text : List.of(objects, arrays)) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> read(text))
            .withMessageContaining("nested deeper than 32");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"a\":1} 2",
        "{\"a\":1}}",
        "{\"a\":1",
        "{\"a\"",
        "{",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,}",
        "{\"a\":[1,]}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":tru}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1} //c",
        "[]",
        "3",
        "\"a\"",
        "null",
        "",
        " "
      })
  void malformedObjectsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(text))
        .satisfies(JsonTest::assertPlain);
  }

  /// UTF-8 has no bytes for half a pair, so what was stored would not be what was asked for.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\ud800\"}",
        "{\"a\":[\"x\\udc00y\"]}",
        "{\"a\":{\"\\ud800\\ud800\":1}}"
      })
  void halfSurrogatePairsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(text))
        .withMessageContaining("surrogate");
  }

  @Test
  void wholeSurrogatePairsAreRead() throws IOException {
    assertThat(field("\"\\ud834\\udd1e\"")).isEqualTo("𝄞");
  }

  @Test
  void namesAndTextsHaveLimits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("{\"" + "k".repeat(5_000) + "\":1}"))
        .satisfies(JsonTest::assertPlain);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> field("1" + "0".repeat(500)))
        .satisfies(JsonTest::assertPlain);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> field("\"" + "k".repeat(9 << 20) + "\""))
        .satisfies(JsonTest::assertPlain);
  }

  private static @Nullable Object value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 8)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong();
      case 3 -> (long) random.nextInt(-100, 100);
      case 4 -> {
        double bits = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(bits) ? bits : -0.0;
      }
      case 5 -> text(random);
      case 6 -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> object(random, depth - 1);
    };
  }

  private static Map<String, @Nullable Object> object(RandomGenerator random, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      map.put(text(random), value(random, depth));
    }
    return map;
  }

  private static String text(RandomGenerator random) {
    int[] points = "aé\u0000\"\\/\n\u2028[.€𝄞\ufffd\ud7ff\ue000".codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  private static @Nullable Object field(String value) throws IOException {
    return read("{\"a\":" + value + "}").fields().get("a");
  }

  private static Payload read(String text) throws IOException {
    try (JsonParser in = Json.factory().createParser(text)) {
      in.nextToken();
      Payload payload = JsonPayloads.read(in);
      Json.requireEnd(in);
      return payload;
    } catch (JsonProcessingException e) {
      throw Json.error(e);
    }
  }

  private static String write(Payload payload) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(text)) {
      JsonPayloads.write(payload, out);
    }
    return text.toString();
  }
}
