package io.capsdb.bench.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// One point of an engine's sweep.
///
/// @param words as tables show it, for example `ef=80`
/// @param effort the number in it; what it counts is the engine's affair
record Setting(String words, double effort) {
  /// One setting for each effort, named alike.
  static List<Setting> each(String name, double... efforts) {
    return Arrays.stream(efforts)
        .mapToObj(
            effort ->
                new Setting(
                    effort == Math.rint(effort)
                        ? String.format(Locale.ROOT, "%s=%.0f", name, effort)
                        : name + "=" + effort,
                    effort))
        .toList();
  }

  /// What searches of a graph are given, from k to 120 times k.
  static List<Setting> timesK(String name, int k) {
    double[] efforts = {1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 120};
    for (int i = 0; i < efforts.length; i++) {
      efforts[i] *= k;
    }
    return each(name, efforts);
  }

  int whole() {
    return (int) effort;
  }
}
