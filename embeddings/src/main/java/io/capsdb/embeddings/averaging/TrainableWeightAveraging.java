package io.capsdb.embeddings.averaging;

import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.embeddings.training.Objective;
import io.capsdb.embeddings.training.TrainingListener;
import io.capsdb.embeddings.training.TrainingLoop;
import io.capsdb.embeddings.training.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// Trainable weight averaging (Li et al., ICLR 2023): learns how saved weights are combined, by
/// training the coefficients of a [WeightSubspace], beginning at the plain mean.
///
/// Whether the coefficients are fitted on training or on held-out samples is the choice of the
/// objective.
public final class TrainableWeightAveraging {
  /// A rate that is too large shows as a loss that grows: with ReLU networks it ends in a constant,
  /// not in NaN.
  private static final double MOST_GROWTH = 2;

  /// Losses near 0 double by chance.
  private static final double SLACK = 0.1;

  private static final int MAX_RESTARTS = 6;

  private TrainableWeightAveraging() {}

  /// Trains the coefficients. Where an epoch's mean loss is more than double that of the first
  /// batch, it begins again with half the rate.
  ///
  /// @throws DivergedException if it still does after six halvings
  public static TwaResult fit(Objective objective, WeightSubspace subspace, TwaConfig config) {
    return fit(objective, subspace, config, TrainingListener.NONE);
  }

  /// The same, telling how it goes.
  public static TwaResult fit(
      Objective objective, WeightSubspace subspace, TwaConfig config, TrainingListener listener) {
    TwaConfig tried = config;
    for (int restart = 0; ; restart++) {
      try {
        return once(objective, subspace, tried, listener);
      } catch (DivergedException e) {
        if (restart == MAX_RESTARTS) {
          throw e;
        }
        tried = tried.withLearningRate(tried.learningRate() / 2);
      }
    }
  }

  private static TwaResult once(
      Objective objective, WeightSubspace subspace, TwaConfig config, TrainingListener listener) {
    TrainingSettings settings =
        TrainingSettings.of(
                config.epochs(), config.batchRows(), config.learningRate(), config.seed())
            .withSchedule(config.schedule());
    Watch watch = new Watch(listener);
    TrainingLoop loop =
        new TrainingLoop(
            new SubspaceObjective(objective, subspace), config.optimizer(), settings, null, watch);
    try {
      float[] coefficients = loop.run(subspace.startAtMean()).weights();
      float[] weights = new float[subspace.dimension()];
      subspace.compose(coefficients, weights);
      return new TwaResult(weights, coefficients, watch.losses, config.learningRate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Stops a run whose loss grows.
  private static final class Watch implements TrainingListener {
    private final TrainingListener next;
    private final List<Double> losses = new ArrayList<>();
    private double first = Double.NaN;

    Watch(TrainingListener next) {
      this.next = next;
    }

    @Override
    public void stepDone(long steps, long stepCount, double loss) {
      first = steps == 1 ? loss : first;
      next.stepDone(steps, stepCount, loss);
    }

    @Override
    public void epochDone(Epoch epoch) throws IOException {
      if (epoch.loss() > MOST_GROWTH * first + SLACK) {
        throw new DivergedException(epoch.loss(), epoch.epoch(), epoch.steps());
      }
      losses.add(epoch.loss());
      next.epochDone(epoch);
    }
  }
}
