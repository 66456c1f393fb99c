package io.capsdb.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void numbersAreBroughtToLongAndDouble() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("int", 1);
    fields.put("short", (short) 2);
    fields.put("byte", (byte) 3);
    fields.put("float", 0.5f);
    fields.put("list", List.of(1, 1.5f, "x", true));
    Map<String, @Nullable Object> expected = new LinkedHashMap<>();
    expected.put("int", 1L);
    expected.put("short", 2L);
    expected.put("byte", 3L);
    expected.put("float", 0.5);
    expected.put("list", List.of(1L, 1.5, "x", true));
    assertThat(Payload.of(fields).fields()).isEqualTo(expected);
  }

  @Test
  void membersKeepTheirOrder() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("z", 1);
    fields.put("a", 2);
    fields.put("m", null);
    assertThat(Payload.of(fields).fields().keySet()).containsExactly("z", "a", "m");
  }

  @Test
  void nothingOfItChangesAfterwards() {
    List<Object> list = new ArrayList<>(List.of(1));
    Map<String, @Nullable Object> inner = new HashMap<>(Map.of("list", list));
    Payload payload = Payload.of(Map.of("inner", inner));
    list.add(2);
    inner.put("more", 3);
    assertThat(payload.fields()).isEqualTo(Map.of("inner", Map.of("list", List.of(1L))));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> payload.fields().put("x", 1));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(
            () -> ((Map<?, ?>) Objects.requireNonNull(payload.fields().get("inner"))).clear());
  }

  @Test
  void whatJsonDoesNotHaveIsRefusedByItsPath() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payload.of(Map.of("a", Map.of("b", List.of(BigInteger.ONE)))))
        .withMessageContaining("'a.b[]'")
        .withMessageContaining("java.math.BigInteger");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payload.of(Map.of("a", Double.NaN)))
        .withMessage("payload field 'a' is NaN, must be finite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payload.of(Map.of("a", List.of(Float.NEGATIVE_INFINITY))))
        .withMessage("payload field 'a[]' is -Infinity, must be finite");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payload.of(Map.of("a", Map.of(1, 2))))
        .withMessageContaining("payload key 1 below 'a' is not a string");
  }

  /// Half a surrogate pair has no UTF-8: it would be stored as another text than the one given, and
  /// no answer could show it.
  @Test
  void textsThatHaveNoUtf8AreRefused() {
    for (String bad : List.of("\ud800", "a\udc00b", "\udc00\ud800", "x\ud83d")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Payload.of(Map.of("a", List.of(bad))))
          .withMessageContaining("'a[]'")
          .withMessageContaining("surrogate");
      assertThatIllegalArgumentException().isThrownBy(() -> Payload.of(Map.of(bad, 1)));
    }
    assertThat(Payload.of(Map.of("a", "\ud83d\ude00")).fields()).containsEntry("a", "😀");
  }

  static Object nested(int depth, boolean isList) {
    Object value = 1L;
    for (int i = 0; i < depth; i++) {
      value = isList ? List.of(value) : Map.of("k", value);
    }
    return value;
  }

  @Test
  void nestingIsBounded() {
    for (boolean isList : new boolean[] {true, false}) {
      Object deepest = nested(Payload.MAX_DEPTH - 1, isList);
      assertThat(Payload.of(Map.of("a", deepest)).isEmpty()).isFalse();
      Object tooDeep = nested(Payload.MAX_DEPTH, isList);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Payload.of(Map.of("a", tooDeep)))
          .withMessageContaining("is nested deeper than 32");
    }
  }

  @Test
  void theEmptyPayloadIsEmpty() {
    assertThat(Payload.empty().isEmpty()).isTrue();
    assertThat(Payload.of(Map.of())).isEqualTo(Payload.empty());
  }
}
