package io.capsdb.embeddings.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// What an experiment found: lines as they come, and the bars with PASS or FAIL.
public final class Report {
  private final Consumer<String> out;
  private final List<String> failed = new ArrayList<>();
  private int barCount;

  /// @param out takes a line
  public Report(Consumer<String> out) {
    this.out = out;
  }

  public void line(String text) {
    out.accept(text);
  }

  void table(String title, Figures figures) {
    line(title);
    figures.lines().forEach(this::line);
  }

  /// A bar that the measured figure must reach.
  void atLeast(String what, double measured, double bound) {
    bar(what, measured, ">=", bound, measured >= bound);
  }

  /// A bar that the measured figure may not exceed.
  void atMost(String what, double measured, double bound) {
    bar(what, measured, "<=", bound, measured <= bound);
  }

  private void bar(String what, double measured, String sign, double bound, boolean isPassed) {
    barCount++;
    String text =
        String.format(
            Locale.ROOT, "%s: %s (bar: %s %s)", what, number(measured), sign, number(bound));
    if (!isPassed) {
      failed.add(text);
    }
    line((isPassed ? "PASS  " : "FAIL  ") + text);
  }

  private static String number(double value) {
    return Math.abs(value) >= 0.01 || value == 0
        ? String.format(Locale.ROOT, "%.2f", value)
        : String.format(Locale.ROOT, "%.1e", value);
  }

  /// The bars that were missed.
  public List<String> failed() {
    return List.copyOf(failed);
  }

  public int barCount() {
    return barCount;
  }
}
