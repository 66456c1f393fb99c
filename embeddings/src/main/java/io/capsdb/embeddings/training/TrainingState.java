package io.capsdb.embeddings.training;

import java.util.List;

/// Where a run stands: all that it needs to go on as if it had never stopped.
///
/// @param step steps that are done
/// @param weights after them
/// @param optimizer the optimiser's state after them
/// @param lossSum sum of the losses of this epoch's steps so far
/// @param bestWeights of the epoch with the best validation score; empty where there is none yet
/// @param bestScore that score; larger is better
/// @param bestEpoch its number from 0; -1 where there is none yet
@SuppressWarnings("ArrayRecordComponent") // snapshots, owned by the receiver
public record TrainingState(
    long step,
    float[] weights,
    List<float[]> optimizer,
    double lossSum,
    float[] bestWeights,
    double bestScore,
    int bestEpoch) {

  /// The state before the first step.
  public static TrainingState of(float[] weights, Optimizer optimizer) {
    return new TrainingState(
        0, weights, optimizer.state(), 0, new float[0], Double.NEGATIVE_INFINITY, -1);
  }
}
