package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextArtTest {
  private static final int SIDE = 28;

  @Test
  void imageIsDrawnInShades() {
    List<String> lines = art(StandardCharsets.UTF_8, false).lines(List.of(half()), List.of("one"));
    assertThat(lines).hasSize(10).startsWith("one");
    assertThat(lines.subList(1, 10)).containsOnly(" ".repeat(9) + "█".repeat(9));
  }

  @Test
  void plainCharactersWhereShadesCannotBeShown() {
    List<String> lines =
        art(StandardCharsets.US_ASCII, false).lines(List.of(half()), List.of("one"));
    assertThat(lines.get(5)).isEqualTo(" ".repeat(9) + "#".repeat(9));
  }

  @Test
  void imagesStandSideBySide() {
    List<String> lines =
        art(StandardCharsets.US_ASCII, false)
            .lines(List.of(half(), half()), List.of("first", "a caption that is too long"));
    assertThat(lines.get(0)).isEqualTo("first               a caption that is");
    assertThat(lines.get(1))
        .isEqualTo(" ".repeat(9) + "#".repeat(9) + "  " + " ".repeat(9) + "#".repeat(9));
  }

  @Test
  void coloursShowTwoPixelsACharacter() {
    float[] image = new float[SIDE * SIDE];
    java.util.Arrays.fill(image, 0, SIDE, 255);
    String first = art(StandardCharsets.UTF_8, true).lines(List.of(image), List.of("")).get(1);
    assertThat(first).startsWith("\033[38;5;255;48;5;").endsWith("▀\033[0m");
  }

  /// Dark on the left, white on the right.
  private static float[] half() {
    float[] image = new float[SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      image[i] = i % SIDE < SIDE / 2 ? 0 : 255;
    }
    return image;
  }

  private static TextArt art(Charset charset, boolean isColourful) {
    PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true, charset);
    return new TextArt(new Screen(out, out, true, isColourful), SIDE);
  }
}
