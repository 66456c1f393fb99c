package io.capsdb.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  /// A text for users names no classes, no settings of the parser and no source objects.
  static void assertPlain(Throwable e) {
    assertThat(e.getMessage())
        .isNotBlank()
        .doesNotContainPattern("[a-z]+\\.[a-z]+\\.[A-Z]")
        .doesNotContain("null pointer", "Source:", "REDACTED", "`", "Constraints", "StreamRead")
        .doesNotContain("Json", "JSON_", "START_", "END_", "FIELD_NAME", "VALUE_", "com.")
        .doesNotContain("byte[]", "()")
        .doesNotEndWith("(")
        .doesNotContain("( ", " )");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,\"a\":2} | Duplicate field 'a'",
        "{\"a\": | Unexpected end",
        "[1, | Unexpected end",
        "{\"a\":\"x | Unexpected end",
        "{\"a\":tru} | Unrecognized token 'tru'",
        "{\"a\":1]  | Unexpected close marker",
        "{\"a\":01} | Leading zeroes not allowed",
        "{\"a\":\"\\x\"} | Unrecognized character escape",
        "xyz | Unrecognized token 'xyz'",
      })
  void errorsOfTheParserAreToldInWordsWithTheirPlace(String text, String expected) {
    for (byte[] bytes : new byte[][] {text.getBytes(UTF_8), {}}) {
      JsonFormatException error = bytes.length > 0 ? error(bytes) : error(text);
      assertPlain(error);
      assertThat(error).hasMessageStartingWith("line 1, column ").hasMessageContaining(expected);
    }
  }

  @Test
  void limitsAreToldInWords() {
    String deep = "[".repeat(65);
    assertThat(error(deep)).hasMessageContaining("65").hasMessageContaining("64");
    assertPlain(error(deep));
    String digits = "1" + "0".repeat(400);
    assertThat(error("[" + digits + "]")).hasMessageContaining("401").hasMessageContaining("400");
    assertPlain(error("[" + digits + "]"));
    String name = "{\"" + "k".repeat(5_000) + "\":1}";
    assertThat(error(name)).hasMessageContaining("4096");
    assertPlain(error(name));
  }

  @Test
  void damagedDocumentsGiveErrorsInWords() {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    String alphabet = "{}[]\",:0123456789.eE+-\\untrfalsé \n\u0000/*#'";
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder("{\"a\":[1,{\"b\":\"c\"},true,null,-2.5e3]}");
      for (int n = random.nextInt(4); n >= 0; n--) {
        text.setCharAt(
            random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        parse(Json.factory().createParser(text.toString()));
      } catch (JsonProcessingException e) {
        JsonFormatException error = Json.error(e);
        assertThat(error).as("%s, %s", seed, text).satisfies(JsonTest::assertPlain);
      } catch (IOException e) {
        fail(seed + ", " + text, e);
      }
    }
  }

  @Test
  void placesAreNamedByKeysAndPositions() throws IOException {
    try (JsonParser in = Json.factory().createParser("{\"a/b\":[0,{\"c~d\":7}]}")) {
      assertThat(Json.path(in)).isEmpty();
      while (!"7".equals(in.getText())) {
        in.nextToken();
      }
      assertThat(Json.path(in)).isEqualTo("a/b[1].c~d");
      assertThat(Json.error(in, "is seven")).hasMessage("a/b[1].c~d: is seven");
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "11", "-1", "9223372036854775808", "100000000000000000000000"})
  void wholeNumbersOutOfBoundsNameValueAndBounds(String text) throws IOException {
    try (JsonParser in = Json.factory().createParser("{\"n\":" + text + "}")) {
      in.nextToken();
      in.nextToken();
      in.nextToken();
      Throwable error = org.assertj.core.api.Assertions.catchThrowable(() -> Json.whole(in, 1, 10));
      assertThat(error)
          .isInstanceOf(Json.OutOfBoundsException.class)
          .hasMessage("n: value " + text + " invalid, must be from 1 to 10");
    }
  }

  private static JsonFormatException error(String text) {
    try {
      parse(Json.factory().createParser(text));
    } catch (JsonProcessingException e) {
      return Json.error(e);
    } catch (IOException e) {
      return fail(text, e);
    }
    return fail(text + " is read");
  }

  private static JsonFormatException error(byte[] text) {
    try {
      parse(Json.factory().createParser(text));
    } catch (JsonProcessingException e) {
      return Json.error(e);
    } catch (IOException e) {
      return fail(new String(text, UTF_8), e);
    }
    return fail(new String(text, UTF_8) + " is read");
  }

  private static void parse(JsonParser parser) throws IOException {
    try (parser) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isNumeric()) {
          parser.getNumberValue();
        }
        parser.getText();
      }
    }
  }
}
