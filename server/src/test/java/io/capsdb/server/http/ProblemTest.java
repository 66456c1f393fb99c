package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProblemTest {
  /// Half of a character would make the answer no JSON for some readers.
  @Test
  void longTextIsCutBetweenCharacters() {
    String letter = "\ud835\udd38";
    assertThat(new Problem(400, letter.repeat(501))).hasMessage(letter.repeat(500) + "…");
    assertThat(new Problem(400, "x" + letter.repeat(500)))
        .hasMessage("x" + letter.repeat(499) + "…");
    assertThat(new Problem(400, letter.repeat(500))).hasMessage(letter.repeat(500));
  }
}
