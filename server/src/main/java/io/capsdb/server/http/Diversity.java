package io.capsdb.server.http;

import io.capsdb.Hit;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Chooses hits that are near to the query and far from one another: maximal marginal relevance
/// (Carbonell and Goldstein, 1998). The first is the nearest; each further one has the highest
/// `(1 - weight) * similarity to the query - weight * similarity to the nearest of the chosen`.
///
/// @param metric of the similarities, see [Scorer]
/// @param weight of being different, 0 to 1
record Diversity(Metric metric, double weight) {
  /// @param hits candidates, nearest first, with the vector that is searched
  /// @param using its name
  /// @param isCancelled asked before each choice
  /// @return the chosen ones in the order of the choice, with their own scores
  List<Hit> choose(
      float[] query, List<Hit> hits, String using, int limit, BooleanSupplier isCancelled) {
    int count = hits.size();
    float[][] vectors = new float[count][];
    double[] relevance = new double[count];
    for (int i = 0; i < count; i++) {
      vectors[i] = Objects.requireNonNull(hits.get(i).vectors().get(using));
      relevance[i] = Scorer.similarity(metric, query, vectors[i]);
    }
    double[] nearest = new double[count];
    Arrays.fill(nearest, Double.NEGATIVE_INFINITY);
    boolean[] isChosen = new boolean[count];
    List<Hit> chosen = new ArrayList<>();
    while (chosen.size() < Math.min(limit, count)) {
      if (isCancelled.getAsBoolean()) {
        throw new CancellationException();
      }
      int best = -1;
      double bestScore = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < count; i++) {
        if (isChosen[i]) {
          continue;
        }
        double score =
            chosen.isEmpty() ? relevance[i] : (1 - weight) * relevance[i] - weight * nearest[i];
        if (best < 0 || score > bestScore) {
          best = i;
          bestScore = score;
        }
      }
      isChosen[best] = true;
      chosen.add(hits.get(best));
      for (int i = 0; i < count; i++) {
        if (!isChosen[i]) {
          nearest[i] = Math.max(nearest[i], Scorer.similarity(metric, vectors[best], vectors[i]));
        }
      }
    }
    return chosen;
  }
}
