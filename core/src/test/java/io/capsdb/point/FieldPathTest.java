package io.capsdb.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldPathTest {
  private static final Payload PAYLOAD =
      Payload.of(
          Map.of(
              "a", Map.of("b", 1, "c.d", 2, "", 3, "e\"f", 4, "g\\h", 5),
              "list", List.of(Map.of("b", 6), Map.of("b", 7), Map.of("x", 0), 8),
              "grid", List.of(List.of(1, 2), List.of(3)),
              "\\", 9,
              "[0]", 10));

  private static List<@Nullable Object> named(String path) {
    List<@Nullable Object> values = new ArrayList<>();
    FieldPath.parse(path)
        .any(
            PAYLOAD,
            value -> {
              values.add(value);
              return false;
            });
    return values;
  }

  @Test
  void pathsNameWhatTheySay() {
    assertThat(named("a.b")).containsExactly(1L);
    assertThat(named("a.\"c.d\"")).containsExactly(2L);
    assertThat(named("a.\"\"")).containsExactly(3L);
    assertThat(named("a.\"e\\\"f\"")).containsExactly(4L);
    assertThat(named("a.\"g\\\\h\"")).containsExactly(5L);
    assertThat(named("a.g\\h")).as("a backslash means itself without quotes").containsExactly(5L);
    assertThat(named("\\")).containsExactly(9L);
    assertThat(named("\"[0]\"")).containsExactly(10L);
    assertThat(named("\"a\".\"b\"")).containsExactly(1L);
  }

  @Test
  void arraysAreSteppedIntoByBracketsOnly() {
    assertThat(named("list.b")).isEmpty();
    assertThat(named("list[].b")).containsExactly(6L, 7L);
    assertThat(named("list[1].b")).containsExactly(7L);
    assertThat(named("list[3]")).containsExactly(8L);
    assertThat(named("list[4]")).isEmpty();
    assertThat(named("grid[]")).containsExactly(List.of(1L, 2L), List.of(3L));
    assertThat(named("grid[][]")).containsExactly(1L, 2L, 3L);
    assertThat(named("grid[0][1]")).containsExactly(2L);
    assertThat(named("a[]")).as("an object is no array").isEmpty();
    assertThat(named("missing")).isEmpty();
    assertThat(named("a.b.c")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "'' | 0 | a key is missing",
        "'.' | 0 | a key is missing",
        "'a.' | 2 | a key is missing",
        "'.a' | 0 | a key is missing",
        "'a..b' | 2 | a key is missing",
        "'[0]' | 0 | a key is missing",
        "'a.[0]' | 2 | a key is missing",
        "'a]' | 1 | expected '.' or '['",
        "'a[0]b' | 4 | expected '.' or '['",
        "'\"a\"b' | 3 | expected '.' or '['",
        "'a\"b\"' | 1 | expected '.' or '['",
        "'\"a' | 0 | the quote is not closed",
        "'\"a\\\"' | 0 | the quote is not closed",
        "'\"a\\' | 0 | the quote is not closed",
        "'a[' | 1 | the bracket is not closed",
        "'a[1' | 1 | the bracket is not closed",
        "'a[x]' | 1 | a bracket holds nothing or a whole number below 10^9",
        "'a[-1]' | 1 | a bracket holds nothing or a whole number below 10^9",
        "'a[ ]' | 1 | a bracket holds nothing or a whole number below 10^9",
        "'a[1000000000]' | 1 | a bracket holds nothing or a whole number below 10^9",
        "'a[٣]' | 1 | a bracket holds nothing or a whole number below 10^9",
      })
  void malformedPathsAreRefusedByTheCharacter(String text, int at, String why) {
    String given = text == null ? "" : text;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FieldPath.parse(given))
        .withMessage("field path \"" + given + "\" is malformed at character " + at + ": " + why);
  }

  @Test
  void pathsAboveTheLimitAreRefused() {
    assertThat(FieldPath.parse("x".repeat(1024)).length()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FieldPath.parse("x".repeat(1025)))
        .withMessage("field path has 1025 characters, at most 1024 are allowed");
  }

  @Test
  void onlyPathsOfKeysArePlain() {
    assertThat(FieldPath.parse("a.b.\"c[0]\"").isPlain()).isTrue();
    assertThat(FieldPath.parse("a[].b").isPlain()).isFalse();
    assertThat(FieldPath.parse("a[0]").isPlain()).isFalse();
    assertThat(FieldPath.parse("a[0][].b").length()).isEqualTo(4);
  }

  @Test
  void canonicalPathsAreQuotedWhereTheyMustOnly() {
    assertThat(FieldPath.parse("\"a\".\"b\"[].c[007]").canonical()).isEqualTo("a.b[].c[7]");
    assertThat(FieldPath.parse("\"a.b\"").canonical()).isEqualTo("\"a.b\"");
    assertThat(FieldPath.parse("\"\"").canonical()).isEqualTo("\"\"");
  }

  /// Keys of backslashes were quoted, which doubled them: a path within the limit could have a
  /// canonical form above it, which was then refused.
  @Test
  void canonicalPathsAreNotLongerThanTheGivenOnes() {
    String path = "\\".repeat(FieldPath.MAX_LENGTH);
    String canonical = FieldPath.parse(path).canonical();
    assertThat(canonical).isEqualTo(path);
  }

  @Test
  void joinedKeysAreReadBackAsTheyAre() {
    Seed.repeat(
        500,
        random -> {
          List<String> keys = new ArrayList<>();
          String path = "";
          for (int i = 1 + random.nextInt(4); i > 0; i--) {
            keys.add(key(random));
            path = FieldPath.join(path, keys.getLast());
          }
          Object value = 1L;
          for (String key : keys.reversed()) {
            value = Map.of(key, value);
          }
          FieldPath parsed = FieldPath.parse(path);
          Payload payload = Payload.of(Map.of("only", value));
          assertThat(
                  FieldPath.parse("only." + path)
                      .any(payload, v -> v instanceof Long one && one == 1))
              .as("%s names %s", path, keys)
              .isTrue();
          assertThat(parsed.canonical()).isEqualTo(path);
          assertThat(parsed.length()).isEqualTo(keys.size());
        });
  }

  private static String key(RandomGenerator random) {
    StringBuilder key = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      key.append("ab.[]\"\\ 0é猫".charAt(random.nextInt(11)));
    }
    return key.toString();
  }
}
