package io.capsdb.server.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A chart of lines or bars, as SVG in the page that holds it: colours come from the page's style,
/// so that it is readable on light and on dark ground.
final class Svg {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 340;
  private static final int LEFT = 84;
  private static final int RIGHT = 24;
  private static final int TOP = 12;
  private static final int BOTTOM = 58;

  private final Axis horizontal;
  private final Axis vertical;
  private final StringBuilder body = new StringBuilder();

  /// One direction of a chart.
  ///
  /// @param ticks where lines and numbers stand
  record Axis(String title, double low, double high, boolean isLogarithmic, List<Tick> ticks) {
    record Tick(double at, String text) {}

    /// Share of the way from low to high, 0 to 1.
    double place(double value) {
      double inside = Math.clamp(value, low, high);
      return isLogarithmic
          ? Math.log(inside / low) / Math.log(high / low)
          : (inside - low) / (high - low);
    }

    /// From one power of ten to another, wide enough for all values above 0.
    static Axis powers(String title, List<Double> values) {
      double least = values.stream().filter(v -> v > 0).mapToDouble(v -> v).min().orElse(1);
      double most = values.stream().mapToDouble(v -> v).max().orElse(10);
      int from = (int) Math.floor(Math.log10(least));
      int to = Math.max(from + 1, (int) Math.ceil(Math.log10(Math.max(least, most)) - 1e-9));
      List<Tick> ticks = new ArrayList<>();
      for (int power = from; power <= to; power++) {
        ticks.add(new Tick(Math.pow(10, power), power(power)));
      }
      return new Axis(title, Math.pow(10, from), Math.pow(10, to), true, ticks);
    }

    private static String power(int power) {
      return switch (power) {
        case 3 -> "1k";
        case 4 -> "10k";
        case 5 -> "100k";
        case 6 -> "1M";
        default ->
            power >= 0 && power < 3
                ? Integer.toString((int) Math.pow(10, power))
                : power < 0 && power > -5
                    ? String.format(Locale.ROOT, "%." + -power + "f", Math.pow(10, power))
                    : "1e" + power;
      };
    }

    /// Shares from a least one, which is lowered to a round number, to 1.
    static Axis shares(String title, double least) {
      double low = Math.clamp(Math.floor(least * 10) / 10, 0, 0.9);
      List<Tick> ticks = new ArrayList<>();
      double step = low >= 0.8 ? 0.05 : low >= 0.5 ? 0.1 : 0.2;
      for (double at = 1; at > low - 1e-9; at -= step) {
        ticks.add(new Tick(at, String.format(Locale.ROOT, "%.2f", at)));
      }
      return new Axis(title, low, 1, false, ticks);
    }
  }

  Svg(Axis horizontal, Axis vertical) {
    this.horizontal = horizontal;
    this.vertical = vertical;
    for (Axis.Tick tick : horizontal.ticks()) {
      double x = x(tick.at());
      line(x, TOP, x, HEIGHT - BOTTOM, "grid");
      text(x, HEIGHT - BOTTOM + 24, "middle", tick.text());
    }
    for (Axis.Tick tick : vertical.ticks()) {
      double y = y(tick.at());
      line(LEFT, y, WIDTH - RIGHT, y, "grid");
      text(LEFT - 6, y + 4, "end", tick.text());
    }
    text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", horizontal.title());
    body.append(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(18 %.0f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
            (TOP + HEIGHT - BOTTOM) / 2.0,
            escape(vertical.title())));
  }

  private double x(double value) {
    return LEFT + horizontal.place(value) * (WIDTH - RIGHT - LEFT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - vertical.place(value) * (HEIGHT - BOTTOM - TOP);
  }

  /// A point of a line.
  ///
  /// @param about what is shown when it is pointed at
  record Point(double x, double y, String about) {}

  /// @param colour number of the line's colour
  Svg line(int colour, List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x()), y(point.y())));
    }
    body.append("<polyline class=\"line c")
        .append(colour)
        .append("\" points=\"")
        .append(path.toString().strip())
        .append("\"/>");
    for (Point point : points) {
      body.append(
          String.format(
              Locale.ROOT,
              "<circle class=\"dot c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>",
              colour,
              x(point.x()),
              y(point.y()),
              escape(point.about())));
    }
    return this;
  }

  /// The line on which both directions are equal.
  Svg diagonal() {
    double low = Math.max(horizontal.low(), vertical.low());
    double high = Math.min(horizontal.high(), vertical.high());
    line(x(low), y(low), x(high), y(high), "ideal");
    return this;
  }

  /// A bar from the bottom.
  ///
  /// @param from share of the width at which it begins
  Svg bar(int colour, double from, double to, double value, String about) {
    double left = LEFT + from * (WIDTH - RIGHT - LEFT);
    double right = LEFT + to * (WIDTH - RIGHT - LEFT);
    double top = y(value);
    body.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"bar c%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                + "<title>%s</title></rect>",
            colour,
            left,
            top,
            right - left,
            Math.max(0, HEIGHT - BOTTOM - top),
            escape(about)));
    return this;
  }

  private void line(double x, double y, double toX, double toY, String style) {
    body.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
            style,
            x,
            y,
            toX,
            toY));
  }

  private void text(double x, double y, String anchor, String text) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
            x,
            y,
            anchor,
            escape(text)));
  }

  /// @param about what the chart shows, for those who do not see it
  String finish(String about) {
    return "<svg viewBox=\"0 0 "
        + WIDTH
        + " "
        + HEIGHT
        + "\" role=\"img\" aria-label=\""
        + escape(about)
        + "\">"
        + body
        + "</svg>";
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
