package io.capsdb.embeddings.averaging;

import io.capsdb.embeddings.training.AdamW;
import io.capsdb.embeddings.training.MomentumSgd;
import io.capsdb.embeddings.training.Optimizer;
import io.capsdb.embeddings.training.Schedule;

/// How coefficients are trained.
///
/// @param isAdaptive AdamW, which suits coefficients of a layer each; otherwise gradient descent
///     with momentum 0.9
/// @param weightDecay of the coefficients
public record TwaConfig(
    boolean isAdaptive,
    double learningRate,
    double weightDecay,
    int epochs,
    int batchRows,
    Schedule schedule,
    long seed) {
  private static final double MOMENTUM = 0.9;

  /// For [SchmidtSubspace]: fragile, because a good rate depends on that of the run before. 1 suits
  /// runs with a rate of 0.1; with smaller ones it diverges, and is halved.
  public static TwaConfig schmidt(double learningRate, int epochs, long seed) {
    return new TwaConfig(false, learningRate, 1e-5, epochs, 128, Schedule.LINEAR, seed);
  }

  /// For [CenteredLayerwiseSubspace]: rates from 0.01 to 0.1 do equally well; 0.03 is a good one.
  public static TwaConfig layerwise(double learningRate, int epochs, long seed) {
    return new TwaConfig(true, learningRate, 0, epochs, 128, Schedule.WARM_COSINE, seed);
  }

  Optimizer optimizer() {
    return isAdaptive ? new AdamW(weightDecay) : new MomentumSgd(MOMENTUM, weightDecay);
  }

  TwaConfig withLearningRate(double rate) {
    return new TwaConfig(isAdaptive, rate, weightDecay, epochs, batchRows, schedule, seed);
  }
}
