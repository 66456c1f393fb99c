package io.capsdb.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One axis of a chart, linear or logarithmic.
///
/// @param title with its unit
/// @param low value at its beginning; above 0 where it is logarithmic
/// @param high value at its end, above `low`
public record Axis(String title, double low, double high, boolean isLogarithmic) {
  /// A logarithmic axis that holds all values, from a power of ten to another.
  public static Axis powersOfTen(String title, double[] values) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    double low = Math.pow(10, Math.floor(Math.log10(least)));
    double high = Math.pow(10, Math.ceil(Math.log10(most)));
    return new Axis(title, low, high > low ? high : 10 * low, true);
  }

  /// Where a value stands, 0 at the beginning and 1 at the end.
  double place(double value) {
    return isLogarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /// Values that get a line and a label.
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (isLogarithmic) {
      for (double tick = low; tick <= high * 1.001; tick *= 10) {
        ticks.add(tick);
      }
    } else {
      for (int i = 0; i <= 5; i++) {
        ticks.add(low + (high - low) * i / 5);
      }
    }
    return ticks;
  }

  static String label(double value) {
    return value >= 1_000
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.3g", value)
            .replaceAll("(\\.\\d*?)0+$", "$1")
            .replaceAll("\\.$", "");
  }
}
