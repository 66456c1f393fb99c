package io.capsdb.server.command;

import java.util.ArrayList;
import java.util.List;

/// Little grey images as text, side by side: with two pixels a character where there are colours,
/// with shades elsewhere.
final class TextArt {
  /// Four images and their gaps fit into 80 columns.
  static final int IMAGES_PER_LINE = 4;

  private static final int WIDTH = 18;
  private static final int HEIGHT = 9;
  private static final String GAP = "  ";
  private static final String SHADES = " ░▒▓█";
  private static final String PLAIN_SHADES = " .:+#";
  private static final int DARKEST_GREY = 232;
  private static final int GREYS = 24;

  private final Screen screen;
  private final int side;

  /// @param side pixels of an image's side
  TextArt(Screen screen, int side) {
    this.screen = screen;
    this.side = side;
  }

  /// The lines of a row of images.
  ///
  /// @param images pixels row by row, 0 (dark) to 255; `side * side` each
  /// @param captions one for each image
  List<String> lines(List<float[]> images, List<String> captions) {
    List<String> lines = new ArrayList<>();
    StringBuilder caption = new StringBuilder();
    for (String text : captions) {
      String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
      caption.append(cut).append(" ".repeat(WIDTH - cut.length())).append(GAP);
    }
    lines.add(caption.toString().stripTrailing());
    for (int y = 0; y < HEIGHT; y++) {
      StringBuilder line = new StringBuilder();
      for (float[] image : images) {
        line.append(screen.isColourful() ? colours(image, y) : shades(image, y)).append(GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private String shades(float[] image, int y) {
    String shades = screen.show(SHADES, PLAIN_SHADES);
    StringBuilder line = new StringBuilder();
    for (int x = 0; x < WIDTH; x++) {
      line.append(shades.charAt(level(mean(image, x, y, HEIGHT), shades.length())));
    }
    return line.toString();
  }

  private String colours(float[] image, int y) {
    StringBuilder line = new StringBuilder();
    for (int x = 0; x < WIDTH; x++) {
      line.append("\033[38;5;").append(grey(mean(image, x, 2 * y, 2 * HEIGHT)));
      line.append(";48;5;").append(grey(mean(image, x, 2 * y + 1, 2 * HEIGHT)));
      line.append("m▀");
    }
    return line.append("\033[0m").toString();
  }

  private static int grey(float mean) {
    return DARKEST_GREY + level(mean, GREYS);
  }

  /// One of `levels` for a mean pixel; by its root, so that thin dark lines are seen.
  private static int level(float mean, int levels) {
    return Math.clamp((int) (Math.sqrt(mean / 255) * levels), 0, levels - 1);
  }

  /// Mean of the pixels under a cell of a grid of [#WIDTH] times `rows` cells.
  private float mean(float[] image, int x, int y, int rows) {
    int left = x * side / WIDTH;
    int right = Math.max(left + 1, (x + 1) * side / WIDTH);
    int top = y * side / rows;
    int bottom = Math.max(top + 1, (y + 1) * side / rows);
    float sum = 0;
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        sum += image[row * side + column];
      }
    }
    return sum / ((right - left) * (bottom - top));
  }
}
