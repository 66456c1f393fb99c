package io.capsdb.embeddings.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What each method reached with each seed, on one data set.
public final class Figures {
  private final Map<String, List<Double>> byMethod = new LinkedHashMap<>();

  public void add(String method, double figure) {
    byMethod.computeIfAbsent(method, _ -> new ArrayList<>()).add(figure);
  }

  List<String> methods() {
    return List.copyOf(byMethod.keySet());
  }

  public double mean(String method) {
    return figures(method).stream().mapToDouble(d -> d).average().orElse(Double.NaN);
  }

  /// The figure that was added last.
  double last(String method) {
    return figures(method).getLast();
  }

  /// Standard deviation over the seeds; 0 with one seed.
  double spread(String method) {
    List<Double> all = figures(method);
    double mean = mean(method);
    double square = all.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
    return all.size() < 2 ? 0 : Math.sqrt(square / (all.size() - 1));
  }

  /// Smallest gain of a method over another one with the same seed.
  double leastGain(String method, String over) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < figures(method).size(); i++) {
      least = Math.min(least, figures(method).get(i) - figures(over).get(i));
    }
    return least;
  }

  private List<Double> figures(String method) {
    List<Double> all = byMethod.get(method);
    if (all == null) {
      throw new IllegalArgumentException("nothing was measured for '" + method + "'");
    }
    return all;
  }

  /// A line for each method: mean, spread, smallest and largest.
  List<String> lines() {
    int width = byMethod.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (String method : byMethod.keySet()) {
      List<Double> all = figures(method);
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-" + width + "s  %7.2f  (spread %.2f, %.2f to %.2f, %d seeds)",
              method,
              mean(method),
              spread(method),
              all.stream().mapToDouble(d -> d).min().orElse(Double.NaN),
              all.stream().mapToDouble(d -> d).max().orElse(Double.NaN),
              all.size()));
    }
    return lines;
  }
}
