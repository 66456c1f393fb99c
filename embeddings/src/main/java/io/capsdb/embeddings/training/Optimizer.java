package io.capsdb.embeddings.training;

import java.util.List;

/// Changes weights by a gradient. Holds state from step to step; for one run and one thread.
public interface Optimizer {
  /// One step; changes the weights in place, and leaves the gradient in no useful state.
  void step(float[] weights, float[] gradient, double learningRate);

  /// A copy of the state, for a checkpoint; always of the same number of arrays.
  List<float[]> state();

  /// Goes on from a state that [#state] gave.
  ///
  /// @throws IllegalArgumentException if it is the state of another kind of optimiser
  void restore(List<float[]> state);
}
