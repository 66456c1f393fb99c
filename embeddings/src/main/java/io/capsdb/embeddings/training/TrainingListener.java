package io.capsdb.embeddings.training;

import java.io.IOException;

/// Is told how a run goes.
public interface TrainingListener {
  /// Is told nothing.
  TrainingListener NONE = new TrainingListener() {};

  /// An epoch that is over.
  ///
  /// @param epoch from 0
  /// @param steps done since the run began
  /// @param loss mean loss of its steps
  /// @param validation score after it; NaN where nothing is held out
  record Epoch(int epoch, long steps, double loss, double validation, double learningRate) {}

  /// After each step.
  ///
  /// @param steps done
  default void stepDone(long steps, long stepCount, double loss) {}

  /// At the start, and at the steps that the settings name.
  default void checkpoint(TrainingState state) throws IOException {}

  default void epochDone(Epoch epoch) throws IOException {}
}
