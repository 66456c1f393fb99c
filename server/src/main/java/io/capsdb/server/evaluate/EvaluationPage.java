package io.capsdb.server.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An evaluation as one HTML file that needs nothing else: no script, no network.
public final class EvaluationPage {
  /// The recall at which indexes are compared with one another.
  private static final double COMPARED = 0.95;

  /// As many as the style names: one for each index that there is.
  private static final int COLOURS = 7;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ground:#fff;--ink:#1d2530;--faint:#5d6875;--rule:#d9dee5;
      --c0:#0b6bcb;--c1:#c2410c;--c2:#15803d;--c3:#7e22ce;--c4:#a16207;--c5:#be185d;--c6:#475569}
      @media(prefers-color-scheme:dark){:root{--ground:#12161c;--ink:#e4e8ee;--faint:#9aa5b1;
      --rule:#313a46;--c0:#5fb0ff;--c1:#ff9a62;--c2:#5fd38d;--c3:#c79bff;--c4:#e3b341;--c5:#ff8fc2;--c6:#a3b3c7}}
      *{box-sizing:border-box}body{margin:0 auto;max-width:70rem;padding:1rem;background:var(--ground);
      color:var(--ink);font:16px/1.5 system-ui,sans-serif}h1{font-size:1.5rem;margin:.5rem 0}
      h2{font-size:1.2rem;margin:2rem 0 .3rem}p{margin:.4rem 0}.faint{color:var(--faint)}
      .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem}
      figure{margin:0;border:1px solid var(--rule);border-radius:8px;padding:.6rem;min-width:0}
      figcaption{font-weight:600;overflow-wrap:anywhere}svg{width:100%;height:auto;display:block}
      svg text{fill:var(--faint);font-size:13px}.grid{stroke:var(--rule)}
      .ideal{stroke:var(--faint);stroke-dasharray:5 4}.line{fill:none;stroke-width:2.5}
      .line.c0{stroke:var(--c0)}.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}.line.c3{stroke:var(--c3)}
      .line.c4{stroke:var(--c4)}.line.c5{stroke:var(--c5)}.line.c6{stroke:var(--c6)}
      .dot.c0,.bar.c0,i.c0{fill:var(--c0);background:var(--c0)}.dot.c1,.bar.c1,i.c1{fill:var(--c1);background:var(--c1)}
      .dot.c2,.bar.c2,i.c2{fill:var(--c2);background:var(--c2)}.dot.c3,.bar.c3,i.c3{fill:var(--c3);background:var(--c3)}
      .dot.c4,.bar.c4,i.c4{fill:var(--c4);background:var(--c4)}.dot.c5,.bar.c5,i.c5{fill:var(--c5);background:var(--c5)}
      .dot.c6,.bar.c6,i.c6{fill:var(--c6);background:var(--c6)}
      .key i{display:inline-block;width:.8rem;height:.8rem;border-radius:3px;margin:0 .3rem 0 1rem}
      .wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
      th,td{padding:.25rem .6rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
      @media(max-width:40rem){svg text{font-size:20px}}
      th:first-child,td:first-child,.l{text-align:left}
      """;

  private final Evaluation evaluation;
  private final List<String> indexes = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();

  private EvaluationPage(Evaluation evaluation) {
    this.evaluation = evaluation;
    for (Evaluation.Workload workload : evaluation.workloads()) {
      for (Evaluation.Series series : workload.series()) {
        if (!indexes.contains(series.index())) {
          indexes.add(series.index());
        }
      }
    }
  }

  public static String of(Evaluation evaluation) {
    return new EvaluationPage(evaluation).write();
  }

  private String write() {
    out.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<link rel=\"icon\" href=\"data:,\"><title>")
        .append(Svg.escape(evaluation.name()))
        .append(": evaluation</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(Svg.escape(evaluation.name()))
        .append("</h1>");
    EvaluationTable.head(evaluation).forEach(this::paragraph);
    key();
    out.append("<h2>Recall and rate</h2><p class=\"faint\">Up and to the right is better.</p>");
    out.append("<div class=\"charts\">");
    evaluation.workloads().forEach(this::recallAgainstRate);
    out.append("</div><h2>Across filters</h2><div class=\"charts\">");
    latencyAgainstShare();
    calibration();
    out.append("</div><h2>Recall of single queries</h2>");
    out.append("<p class=\"faint\">At the cheapest setting with a mean recall of at least ")
        .append(COMPARED)
        .append(", or the best one.</p><div class=\"charts\">");
    evaluation.workloads().forEach(this::histogram);
    out.append("</div><h2>All figures</h2>");
    table();
    EvaluationTable.foot(evaluation).forEach(this::paragraph);
    paragraph("CapsDB " + evaluation.version());
    return out.append("</body></html>\n").toString();
  }

  private void paragraph(String text) {
    out.append("<p>").append(Svg.escape(text)).append("</p>");
  }

  private void key() {
    out.append("<p class=\"key\">");
    for (String index : indexes) {
      out.append("<i class=\"c").append(colour(index)).append("\"></i>");
      out.append(Svg.escape(index));
    }
    out.append("</p>");
  }

  private int colour(String index) {
    return indexes.indexOf(index) % COLOURS;
  }

  private void figure(String caption, Svg chart) {
    out.append("<figure><figcaption>")
        .append(Svg.escape(caption))
        .append("</figcaption>")
        .append(chart.finish(caption))
        .append("</figure>");
  }

  private void recallAgainstRate(Evaluation.Workload workload) {
    List<Double> rates = new ArrayList<>();
    double least = 1;
    for (Evaluation.Series series : workload.series()) {
      for (Evaluation.Run run : series.runs()) {
        rates.add(run.rate());
        least = Math.min(least, run.recall());
      }
    }
    Svg chart =
        new Svg(
            Svg.Axis.shares("recall@" + evaluation.k(), least),
            Svg.Axis.powers("queries a second", rates));
    for (Evaluation.Series series : workload.series()) {
      chart.line(
          colour(series.index()),
          series.runs().stream()
              .map(run -> new Svg.Point(run.recall(), run.rate(), about(series.index(), run)))
              .toList());
    }
    figure(workload.name() + " (" + EvaluationTable.share(workload.share()) + ")", chart);
  }

  private static String about(String index, Evaluation.Run run) {
    return String.format(
        Locale.ROOT,
        "%s, %s: recall %.4f, %.0f queries a second",
        index,
        run.setting(),
        run.recall(),
        run.rate());
  }

  /// The cheapest run with the recall at which indexes are compared; the one of best recall where
  /// there is none.
  private static Evaluation.Run compared(Evaluation.Series series) {
    Evaluation.Run best = series.runs().getFirst();
    for (Evaluation.Run run : series.runs()) {
      boolean isEnough = run.recall() >= COMPARED;
      boolean wasEnough = best.recall() >= COMPARED;
      if (isEnough == wasEnough
          ? isEnough ? run.rate() > best.rate() : run.recall() > best.recall()
          : isEnough) {
        best = run;
      }
    }
    return best;
  }

  private void latencyAgainstShare() {
    List<Double> shares = new ArrayList<>();
    List<Double> micros = new ArrayList<>();
    List<List<Svg.Point>> lines = new ArrayList<>();
    for (String index : indexes) {
      List<Svg.Point> points = new ArrayList<>();
      for (Evaluation.Workload workload : evaluation.workloads()) {
        for (Evaluation.Series series : workload.series()) {
          if (series.index().equals(index) && workload.share() > 0 && !series.runs().isEmpty()) {
            Evaluation.Run run = compared(series);
            shares.add(workload.share());
            micros.add(run.p50());
            points.add(
                new Svg.Point(
                    workload.share(), run.p50(), workload.name() + ": " + about(index, run)));
          }
        }
      }
      points.sort((left, right) -> Double.compare(left.x(), right.x()));
      lines.add(points);
    }
    Svg chart =
        new Svg(
            Svg.Axis.powers("share of the points that match", shares),
            Svg.Axis.powers("median time, µs", micros));
    for (int i = 0; i < lines.size(); i++) {
      chart.line(i % COLOURS, lines.get(i));
    }
    figure("Time against selectivity, at recall " + COMPARED + " where it is reached", chart);
  }

  /// What was asked for against what was got.
  private void calibration() {
    double least = 1;
    List<List<Svg.Point>> lines = new ArrayList<>();
    for (Evaluation.Workload workload : evaluation.workloads()) {
      for (Evaluation.Series series : workload.series()) {
        List<Svg.Point> points = new ArrayList<>();
        for (Evaluation.Run run : series.runs()) {
          if (run.asked() > 0) {
            points.add(
                new Svg.Point(
                    run.asked(), run.recall(), workload.name() + ": " + about("caps", run)));
            least = Math.min(least, Math.min(run.asked(), run.recall()));
          }
        }
        if (!points.isEmpty()) {
          lines.add(points);
        }
      }
    }
    if (lines.isEmpty()) {
      return;
    }
    Svg chart =
        new Svg(Svg.Axis.shares("recall asked for", least), Svg.Axis.shares("recall found", least))
            .diagonal();
    lines.forEach(points -> chart.line(0, points));
    figure("Recall that was asked for, and that was found, a line for each filter", chart);
  }

  private void histogram(Evaluation.Workload workload) {
    List<Svg.Axis.Tick> bins = new ArrayList<>();
    for (int bin = 0; bin <= 10; bin++) {
      bins.add(
          new Svg.Axis.Tick(bin + 0.5, bin == 10 ? "1" : String.format(Locale.ROOT, "0.%d", bin)));
    }
    List<Svg.Axis.Tick> shares = new ArrayList<>();
    for (int i = 0; i <= 4; i++) {
      shares.add(new Svg.Axis.Tick(i / 4.0, 25 * i + " %"));
    }
    Svg chart =
        new Svg(
            new Svg.Axis("recall of a query, from", 0, 11, false, bins),
            new Svg.Axis("queries", 0, 1, false, shares));
    int count = workload.series().size();
    for (int i = 0; i < count; i++) {
      Evaluation.Series series = workload.series().get(i);
      if (series.runs().isEmpty()) {
        continue;
      }
      Evaluation.Run run = compared(series);
      for (int bin = 0; bin <= 10; bin++) {
        double width = 0.9 / 11 / count;
        double from = bin / 11.0 + 0.05 / 11 + i * width;
        double share = (double) run.histogram().get(bin) / evaluation.queries();
        if (share > 0) {
          chart.bar(
              colour(series.index()),
              from,
              from + width,
              share,
              about(series.index(), run)
                  + String.format(Locale.ROOT, "; %d queries here", run.histogram().get(bin)));
        }
      }
    }
    figure(workload.name(), chart);
  }

  private void table() {
    out.append("<div class=\"wide\"><table><thead><tr>");
    for (String head : EvaluationTable.HEADER) {
      out.append("<th>").append(Svg.escape(head)).append("</th>");
    }
    out.append("</tr></thead><tbody>");
    for (List<String> row : EvaluationTable.rows(evaluation)) {
      out.append("<tr>");
      for (String cell : row) {
        out.append("<td>").append(Svg.escape(cell)).append("</td>");
      }
      out.append("</tr>");
    }
    out.append("</tbody></table></div>");
  }
}
