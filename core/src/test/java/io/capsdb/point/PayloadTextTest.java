package io.capsdb.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is text in a payload is the same text after it was stored.
class PayloadTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "x\udc00", "\udc00\ud800", "a\ud834", "\ud834\ud834\udd1e"})
  void halfSurrogatePairsAreRefusedWithTheirField(String text) {
    for (Object value : List.of(text, List.of(text), Map.of("b", text), Map.of(text, 1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Payload.of(Map.of("a", value)))
          .withMessageContaining("payload field 'a")
          .withMessageContaining("half a surrogate pair at character");
    }
  }

  @Test
  void textsOfAllPlanesAreStoredAsTheyAre() {
    Payload payload = Payload.of(Map.of("é€𝄞", "\u0000\ud7ff\ue000\ufffd\uffff\udbff\udfff"));
    CheckedWriter out = new CheckedWriter();
    PayloadCodec.write(payload, out);
    CheckedReader in = new CheckedReader("test", 0, MemorySegment.ofArray(out.toByteArray()));
    assertThat(PayloadCodec.read(in)).isEqualTo(payload);
  }
}
