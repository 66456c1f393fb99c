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

  int whole() {
    return (int) effort;
  }
}
