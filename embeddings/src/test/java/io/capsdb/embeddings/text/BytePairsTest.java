package io.capsdb.embeddings.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BytePairsTest {
  private static final List<String> TEXTS =
      List.of("low lower lowest", "new newer newest", "low low new", "wide wider widest");

  @Test
  void frequentPairsBecomeTokens() {
    BytePairs tokenizer = BytePairs.train(TEXTS, 300);
    assertThat(tokenizer.size()).isBetween(260, 300);
    // A word that was seen often is one token, one that was never seen is several.
    assertThat(tokenizer.encode("low", 99)).hasSize(1);
    assertThat(tokenizer.encode("xyz", 99)).hasSize(4);
    assertThat(tokenizer.encode("LOW\n low", 99)).hasSize(2);
  }

  @Test
  void everyTextComesBack() {
    BytePairs tokenizer = BytePairs.train(TEXTS, 280);
    for (String text : List.of("lowest newer", "ä€𝄞 low", "", "a b c d")) {
      assertThat(tokenizer.decode(tokenizer.encode(text, 1_000))).isEqualTo(text);
    }
  }

  @Test
  void mergesTellTheWholeTokenizer() {
    BytePairs tokenizer = BytePairs.train(TEXTS, 290);
    BytePairs again = BytePairs.of(tokenizer.merges());
    assertThat(again.encode("lowest wider new", 99))
        .containsExactly(tokenizer.encode("lowest wider new", 99));
    assertThat(BytePairs.train(TEXTS, 290).merges()).isEqualTo(tokenizer.merges());
  }

  @Test
  void longTextsAreCutAndShortOnesPadded() {
    BytePairs tokenizer = BytePairs.train(TEXTS, 257);
    assertThat(tokenizer.encode("abcdef", 3)).hasSize(3);
    float[] out = new float[6];
    tokenizer.write("a", 4, out, 1);
    assertThat(out).containsExactly(0, 1 + ' ', 1 + 'a', 0, 0, 0);
  }

  @Test
  void impossibleMergesAreTold() {
    for (String merge : List.of("1", "1 x", "0 5", "1 400", "-1 2", "1 2 3")) {
      assertThatThrownBy(() -> BytePairs.of(List.of(merge)))
          .hasMessage("merge 0 is '" + merge + "'");
    }
    assertThatThrownBy(() -> BytePairs.train(TEXTS, 256)).hasMessageContaining("from 257");
  }
}
