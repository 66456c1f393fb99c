package io.capsdb.server.evaluate;

import java.util.List;

/// The settings that indexes are measured at.
///
/// @param recalls that [Contender#CAPS] is asked for, each above 0, at most 1
/// @param widths of the walks of [Contender#GRAPH], each at least 1
public record Sweep(List<Double> recalls, List<Integer> widths) {
  private static final int MAX = 32;

  public static final Sweep DEFAULT =
      new Sweep(List.of(0.8, 0.9, 0.95, 0.99, 0.999), List.of(16, 32, 64, 128, 256, 512));

  public Sweep {
    recalls = recalls.stream().sorted().distinct().toList();
    widths = widths.stream().sorted().distinct().toList();
    if (recalls.size() > MAX || widths.size() > MAX) {
      throw new IllegalArgumentException("at most " + MAX + " settings of an index");
    }
    for (double recall : recalls) {
      if (!(recall > 0 && recall <= 1)) {
        throw new IllegalArgumentException("recall must be above 0 and at most 1, was " + recall);
      }
    }
    for (int width : widths) {
      if (width < 1 || width > 1_000_000) {
        throw new IllegalArgumentException("width must be in 1..1000000, was " + width);
      }
    }
  }
}
