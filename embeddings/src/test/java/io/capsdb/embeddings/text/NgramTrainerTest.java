package io.capsdb.embeddings.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NgramTrainerTest {
  private static final NgramTable TABLE = new NgramTable(4_096, 32);

  private final List<String> titles = new ArrayList<>();
  private final List<String> texts = new ArrayList<>();
  private final int[] labels = new int[240];

  /// Products of three kinds; a title names its product in other words than its text does.
  NgramTrainerTest() {
    SplittableRandom random = new SplittableRandom(1);
    String[] kinds = {"guitar strings music", "puppet game children", "novel chapter author"};
    String[] words = new String[40];
    for (int i = 0; i < words.length; i++) {
      words[i] = Long.toString(random.nextLong(1L << 40), 36);
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 3;
      String a = words[random.nextInt(40)];
      String b = words[random.nextInt(40)];
      titles.add(new StringBuilder(a + " " + b).reverse().toString());
      texts.add(a + " " + b + " " + kinds[i % 3].split(" ", -1)[random.nextInt(3)] + " the and of");
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    for (int k = 0; k < a.length; k++) {
      dot += a[k] * b[k];
    }
    return dot;
  }

  private double rightPairs(float[] weights) {
    int right = 0;
    for (int i = 0; i < 240; i++) {
      float[] query = TABLE.embed(weights, titles.get(i));
      double own = cosine(query, TABLE.embed(weights, texts.get(i)));
      int better = 0;
      for (int j = 0; j < 240; j++) {
        better += cosine(query, TABLE.embed(weights, texts.get(j))) > own ? 1 : 0;
      }
      right += better < 5 ? 1 : 0;
    }
    return right / 240.0;
  }

  private float[] train(int epochs, double classShare) {
    return new NgramTrainer(TABLE, new NgramSettings(epochs, 60, 0.05, 0.05, classShare, 7))
        .fit(titles, texts, labels, (_, _) -> {});
  }

  @Test
  void titlesFindTheirTexts() {
    // No word of a title stands in its text, so that only training brings them together.
    float[] untrained =
        new NgramTrainer(TABLE, new NgramSettings(1, 60, 1e-9, 0.05, 0, 7))
            .fit(titles, texts, labels, (_, _) -> {});
    assertThat(rightPairs(untrained)).isLessThan(0.4);
    assertThat(rightPairs(train(30, 0))).isGreaterThan(0.9);
  }

  @Test
  void classesAreDrawnTogether() {
    assertThat(margin(train(30, 1))).isGreaterThan(margin(train(30, 0)) + 0.1);
  }

  private double margin(float[] weights) {
    double inside = 0;
    double between = 0;
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < i; j++) {
        double value =
            cosine(TABLE.embed(weights, texts.get(i)), TABLE.embed(weights, texts.get(j)));
        if (labels[i] == labels[j]) {
          inside += value / 570;
        } else {
          between += value / 1_200;
        }
      }
    }
    return inside - between;
  }

  @Test
  void vectorsHaveLengthOneAndTextsWithoutWordsAreZero() {
    float[] weights = train(1, 0);
    float[] vector = TABLE.embed(weights, "A guitar");
    assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
    assertThat(TABLE.embed(weights, "… !?")).containsOnly(0);
    assertThat(TABLE.embed(weights, "a GUITAR!")).containsExactly(vector);
  }

  @Test
  void equalSeedsGiveEqualWeights() {
    assertThat(train(2, 0.2)).containsExactly(train(2, 0.2));
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThatThrownBy(() -> new NgramTable(8, 32)).hasMessageContaining("buckets must be from 16");
    assertThatThrownBy(() -> new NgramTable(1 << 24, 4_096))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new NgramSettings(0, 60, 0.05, 0.05, 0, 1))
        .hasMessageContaining("epochs and batchRows must be at least 1 and 2, were 0 and 60");
  }
}
