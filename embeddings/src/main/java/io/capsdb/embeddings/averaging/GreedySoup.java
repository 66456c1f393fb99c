package io.capsdb.embeddings.averaging;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The greedy soup (Wortsman et al., 2022), a baseline: members join the mean in the order of their
/// own scores, each only if the mean does not get worse by it.
public final class GreedySoup {
  private GreedySoup() {}

  /// @param score of weights on held-out samples; larger is better
  public static float[] average(CheckpointBank members, ToDoubleFunction<float[]> score) {
    double[] own = new double[members.size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = score.applyAsDouble(members.get(i));
    }
    List<Integer> order =
        IntStream.range(0, own.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -own[i]))
            .toList();
    CheckpointBank chosen = new CheckpointBank();
    float[] best = members.last();
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int member : order) {
      CheckpointBank tried = new CheckpointBank();
      for (int i = 0; i < chosen.size(); i++) {
        tried.add(chosen.get(i));
      }
      tried.add(members.get(member));
      float[] mean = tried.mean();
      double reached = score.applyAsDouble(mean);
      if (reached >= bestScore) {
        bestScore = reached;
        best = mean;
        chosen = tried;
      }
    }
    return best;
  }
}
