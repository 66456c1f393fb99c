package io.capsdb.server.http;

import io.capsdb.Hit;
import io.capsdb.point.PointId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes one list of hits of several.
final class Fusion {
  private static final Comparator<Hit> BEST_FIRST =
      Comparator.comparingDouble((Hit hit) -> -hit.score()).thenComparing(Hit::id);

  private Fusion() {}

  /// Sums of reciprocal ranks: `1 / ((rank + 1) / weight + k - 1)`, ranks from 0.
  ///
  /// @param weights one for each list; empty for 1 each
  /// @throws IllegalArgumentException if there are weights, but not one for each list
  static List<Hit> byRank(List<List<Hit>> lists, int k, List<Double> weights, int limit) {
    if (!weights.isEmpty() && weights.size() != lists.size()) {
      throw new IllegalArgumentException(
          "there are " + weights.size() + " weights for " + lists.size() + " prefetches");
    }
    Map<PointId, Hit> fused = new HashMap<>();
    for (int list = 0; list < lists.size(); list++) {
      double weight = weights.isEmpty() ? 1 : weights.get(list);
      for (int rank = 0; weight > 0 && rank < lists.get(list).size(); rank++) {
        add(fused, lists.get(list).get(rank), 1 / ((rank + 1) / weight + k - 1));
      }
    }
    return best(fused, limit);
  }

  /// Sums of scores, each list's brought to 0 to 1 between three standard deviations below and
  /// above its mean.
  static List<Hit> byScore(List<List<Hit>> lists, int limit) {
    Map<PointId, Hit> fused = new HashMap<>();
    for (List<Hit> list : lists) {
      double sum = 0;
      for (Hit hit : list) {
        sum += hit.score();
      }
      double mean = sum / list.size();
      double squares = 0;
      for (Hit hit : list) {
        squares += (hit.score() - mean) * (hit.score() - mean);
      }
      double deviation = list.size() < 2 ? 0 : Math.sqrt(squares / (list.size() - 1));
      for (Hit hit : list) {
        // Equal scores say nothing: each is in the middle.
        double scaled =
            deviation == 0 ? 0.5 : (hit.score() - (mean - 3 * deviation)) / (6 * deviation);
        add(fused, hit, scaled);
      }
    }
    return best(fused, limit);
  }

  private static void add(Map<PointId, Hit> fused, Hit hit, double score) {
    Hit old = fused.get(hit.id());
    float sum = (float) (score + (old == null ? 0 : old.score()));
    fused.put(
        hit.id(),
        new Hit(hit.id(), hit.version(), sum, hit.payload(), hit.vectors(), hit.sparse()));
  }

  private static List<Hit> best(Map<PointId, Hit> fused, int limit) {
    return fused.values().stream().sorted(BEST_FIRST).limit(limit).toList();
  }
}
