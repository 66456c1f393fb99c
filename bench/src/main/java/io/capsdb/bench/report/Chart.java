package io.capsdb.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A chart with lines of points, as SVG. Colours hold on light and dark pages; our own line is
/// thick.
public final class Chart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 460;
  private static final int LEFT = 80;
  private static final int TOP = 40;
  private static final int PLOT_WIDTH = 540;
  private static final int PLOT_HEIGHT = 350;

  private static final String[] COLOURS = {
    "#d62728", "#1f77b4", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f",
    "#bcbd22", "#17becf", "#393b79", "#637939", "#8c6d31", "#843c39", "#7b4173"
  };

  private final String title;
  private final Axis across;
  private final Axis up;
  private final List<Line> lines = new ArrayList<>();

  /// @param points x and y of each, in drawing order
  private record Line(String name, List<double[]> points) {}

  public Chart(String title, Axis across, Axis up) {
    this.title = title;
    this.across = across;
    this.up = up;
  }

  /// Adds a line.
  ///
  /// @param points x and y of each, in drawing order
  public void add(String name, List<double[]> points) {
    lines.add(new Line(name, List.copyOf(points)));
  }

  /// The chart as an SVG document.
  public String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n",
            WIDTH,
            HEIGHT));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    text(svg, LEFT, 22, "start", title);
    for (double tick : across.ticks()) {
      double x = x(tick);
      line(svg, x, TOP, x, TOP + PLOT_HEIGHT);
      text(svg, x, TOP + PLOT_HEIGHT + 18, "middle", Axis.label(tick));
    }
    for (double tick : up.ticks()) {
      double y = y(tick);
      line(svg, LEFT, y, LEFT + PLOT_WIDTH, y);
      text(svg, LEFT - 8, y + 4, "end", Axis.label(tick));
    }
    text(svg, LEFT + PLOT_WIDTH / 2.0, TOP + PLOT_HEIGHT + 42, "middle", across.title());
    text(svg, LEFT, TOP - 6, "start", up.title());
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), COLOURS[i % COLOURS.length], TOP + 12 + 18 * i);
    }
    return svg.append("</svg>\n").toString();
  }

  private void draw(StringBuilder svg, Line line, String colour, int legend) {
    int thickness = line.name().equals(Results.OURS) ? 3 : 1;
    StringBuilder path = new StringBuilder();
    for (double[] point : line.points()) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point[0]), y(point[1])));
      svg.append(
          String.format(
              Locale.ROOT,
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\"/>%n",
              x(point[0]),
              y(point[1]),
              2 + thickness / 2,
              colour));
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%d\"/>%n",
            path.toString().strip(),
            colour,
            thickness));
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n",
            LEFT + PLOT_WIDTH + 20,
            legend - 6,
            colour));
    text(svg, LEFT + PLOT_WIDTH + 40, legend, "start", line.name());
  }

  private double x(double value) {
    return LEFT + PLOT_WIDTH * Math.clamp(across.place(value), 0, 1);
  }

  private double y(double value) {
    return TOP + PLOT_HEIGHT * (1 - Math.clamp(up.place(value), 0, 1));
  }

  private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222222\">%s</text>%n",
            x,
            y,
            anchor,
            text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
  }
}
