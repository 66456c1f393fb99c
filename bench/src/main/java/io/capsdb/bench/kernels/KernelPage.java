package io.capsdb.bench.kernels;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The page of figures and bars, in Markdown.
///
/// @param java of the vector loops
/// @param c of the same work in C; empty where there is no compiler
record KernelPage(List<Figure> java, List<Figure> c) {
  static final String WIDEST = "widest";
  static final String READ = "read-memory";
  private static final int[] DIMENSIONS = {128, 384, 768};
  private static final List<String> METRICS = List.of("EUCLID", "DOT", "MANHATTAN");

  KernelPage {
    java = List.copyOf(java);
    c = List.copyOf(c);
  }

  String text(String machine) {
    StringBuilder out = new StringBuilder();
    out.append(
        "# Kernels\n\nMade by `bench/run kernels`; `bench/README.md` tells how to read it.\n\n");
    out.append(machine).append("\n\n## Bars\n\n| bar | figure | |\n|---|---|---|\n");
    bars(out);
    out.append("\n## Figures\n\n");
    out.append("| kernel | dimension | width | ns a row | GB/s | C, ns a row | C / Java |\n");
    out.append("|---|---|---|---|---|---|---|\n");
    for (Figure figure : java) {
      Optional<Figure> twin = find(c, figure.width(), figure.name(), figure.dimension());
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %s | %.2f | %.1f | %s | %s |%n",
              figure.name(),
              figure.dimension(),
              figure.width(),
              figure.nanos(),
              figure.gigabytesPerSecond(),
              twin.map(f -> String.format(Locale.ROOT, "%.2f", f.nanos())).orElse("–"),
              twin.map(f -> percent(f.nanos() / figure.nanos())).orElse("–")));
    }
    return out.toString();
  }

  private void bars(StringBuilder out) {
    Optional<Figure> read = fastestRead();
    for (int dimension : DIMENSIONS) {
      for (String metric : METRICS) {
        Optional<Figure> memory = find(java, WIDEST, metric + "-memory", dimension);
        bar(
            out,
            metric + " from memory, " + dimension + ": at least 85 % of the read bandwidth",
            ratio(memory.map(Figure::gigabytesPerSecond), read.map(Figure::gigabytesPerSecond)),
            0.85);
        Optional<Figure> block = find(java, WIDEST, metric + "-block", dimension);
        Optional<Figure> twin = find(c, WIDEST, metric + "-block", dimension);
        bar(
            out,
            metric + " in cache, " + dimension + ": at least 75 % of C",
            ratio(twin.map(Figure::nanos), block.map(Figure::nanos)),
            0.75);
      }
    }
    Optional<Figure> scan = find(java, WIDEST, "scan-cache", 128);
    line(
        out,
        "1-bit scan in cache, 128: at most 0.35 ns a row",
        scan.map(f -> String.format(Locale.ROOT, "%.2f ns", f.nanos())),
        scan.filter(f -> f.nanos() <= 0.35).isPresent());
    bar(
        out,
        "1-bit scan from memory, 128: at least 85 % of the read bandwidth",
        ratio(
            find(java, WIDEST, "scan-memory", 128).map(Figure::gigabytesPerSecond),
            read.map(Figure::gigabytesPerSecond)),
        0.85);
  }

  /// In Java or in C: what the machine can do is the yardstick, not what one of them does.
  private Optional<Figure> fastestRead() {
    Optional<Figure> own = find(java, WIDEST, READ, 1_024);
    Optional<Figure> other = find(c, WIDEST, READ, 1_024);
    return own.filter(f -> other.isEmpty() || f.nanos() < other.get().nanos()).or(() -> other);
  }

  private static Optional<Double> ratio(Optional<Double> a, Optional<Double> b) {
    return a.flatMap(x -> b.map(y -> x / y));
  }

  private static void bar(StringBuilder out, String text, Optional<Double> ratio, double least) {
    line(out, text, ratio.map(KernelPage::percent), ratio.filter(r -> r >= least).isPresent());
  }

  private static void line(
      StringBuilder out, String text, Optional<String> figure, boolean isReached) {
    String word = figure.isEmpty() ? "OPEN" : isReached ? "PASS" : "**FAIL**";
    out.append("| ").append(text).append(" | ").append(figure.orElse("not measured"));
    out.append(" | ").append(word).append(" |\n");
  }

  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * ratio);
  }

  private static Optional<Figure> find(
      List<Figure> figures, String width, String name, int dimension) {
    return figures.stream().filter(f -> f.is(width, name, dimension)).findFirst();
  }
}
