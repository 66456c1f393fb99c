package io.capsdb.embeddings.training;

import java.io.IOException;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Trains weights by mini-batches. Two runs with the same settings, objective and start give the
/// same weights, and so does a run that goes on from a [TrainingState].
public final class TrainingLoop {
  private final Objective objective;
  private final Optimizer optimizer;
  private final TrainingSettings settings;
  private final @Nullable ToDoubleFunction<float[]> validation;
  private final TrainingListener listener;
  private final int stepsPerEpoch;
  private final long stepCount;

  /// What a run ends with.
  ///
  /// @param weights of the last step, or those of the best epoch where something is held out
  /// @param steps done
  /// @param stoppedEarly whether the validation score had stopped to grow
  @SuppressWarnings("ArrayRecordComponent") // owned by the receiver
  public record Result(
      float[] weights,
      long steps,
      double lastLoss,
      OptionalDouble bestScore,
      boolean stoppedEarly) {}

  /// @param validation score of weights, larger is better; null where nothing is held out
  public TrainingLoop(
      Objective objective,
      Optimizer optimizer,
      TrainingSettings settings,
      @Nullable ToDoubleFunction<float[]> validation,
      TrainingListener listener) {
    this.objective = objective;
    this.optimizer = optimizer;
    this.settings = settings;
    this.validation = validation;
    this.listener = listener;
    this.stepsPerEpoch = Batches.count(objective.rowCount(), settings.batchRows());
    this.stepCount = (long) stepsPerEpoch * settings.epochs();
  }

  /// Trains from some weights on, which stay as they are.
  ///
  /// @throws DivergedException if the loss is no finite number
  public Result run(float[] start) throws IOException {
    return run(TrainingState.of(start.clone(), optimizer));
  }

  /// Goes on from a state.
  ///
  /// @throws IllegalArgumentException if the state has another number of weights
  public Result run(TrainingState from) throws IOException {
    if (from.weights().length != objective.dimension()) {
      throw new IllegalArgumentException(
          "the state has "
              + from.weights().length
              + " weights, the model has "
              + objective.dimension());
    }
    Run run = new Run(from);
    if (from.step() == 0 && settings.checkpointsPerEpoch() > 0) {
      listener.checkpoint(run.state());
    }
    // A run that had stopped early does not go on where its last state is read again.
    boolean isStopped =
        from.step() > 0 && from.step() % stepsPerEpoch == 0 && run.isOutOfPatience();
    while (run.step < stepCount && !isStopped) {
      run.oneStep();
      if (run.step % stepsPerEpoch == 0) {
        isStopped = run.endEpoch();
      }
      if (run.step == stepCount || isStopped || isCheckpoint(run.step)) {
        run.requireNumbers();
      }
      if (isCheckpoint(run.step)) {
        listener.checkpoint(run.state());
      }
    }
    return run.result(isStopped);
  }

  private boolean isCheckpoint(long stepsDone) {
    int perEpoch = settings.checkpointsPerEpoch();
    if (perEpoch == 0) {
      return false;
    }
    long inEpoch = (stepsDone - 1) % stepsPerEpoch + 1;
    // The k-th of n lies where the epoch's share k / n is just reached.
    return inEpoch * perEpoch / stepsPerEpoch > (inEpoch - 1) * perEpoch / stepsPerEpoch;
  }

  private final class Run {
    private final float[] weights;
    private final float[] gradient;
    private long step;
    private double lossSum;
    private double lastLoss = Double.NaN;
    private double lastRate = Double.NaN;
    private float[] bestWeights;
    private double bestScore;
    private int bestEpoch;
    private @Nullable Batches batches;
    private int batchesOfEpoch = -1;

    Run(TrainingState from) {
      weights = from.weights().clone();
      gradient = new float[weights.length];
      optimizer.restore(from.optimizer());
      step = from.step();
      lossSum = from.lossSum();
      bestWeights = from.bestWeights();
      bestScore = from.bestScore();
      bestEpoch = from.bestEpoch();
    }

    TrainingState state() {
      return new TrainingState(
          step, weights.clone(), optimizer.state(), lossSum, bestWeights, bestScore, bestEpoch);
    }

    void oneStep() {
      int epoch = (int) (step / stepsPerEpoch);
      double loss =
          objective.gradient(weights, batches(epoch).batch((int) (step % stepsPerEpoch)), gradient);
      if (!Double.isFinite(loss)) {
        throw new DivergedException(loss, epoch, step);
      }
      clip(gradient, settings.clipNorm());
      lastRate = settings.learningRate() * settings.schedule().factor(step, stepCount);
      optimizer.step(weights, gradient, lastRate);
      lossSum += loss;
      lastLoss = loss;
      step++;
      listener.stepDone(step, stepCount, loss);
    }

    /// The last step can have left weights that are no numbers, which no loss shows any more.
    void requireNumbers() {
      for (float weight : weights) {
        if (!Float.isFinite(weight)) {
          throw new DivergedException(Double.NaN, (int) ((step - 1) / stepsPerEpoch), step);
        }
      }
    }

    private Batches batches(int epoch) {
      Batches known = batches;
      if (known == null || batchesOfEpoch != epoch) {
        known = Batches.ofEpoch(settings.seed(), epoch, objective.rowCount(), settings.batchRows());
        batches = known;
        batchesOfEpoch = epoch;
      }
      return known;
    }

    /// Whether the run ends here.
    boolean endEpoch() throws IOException {
      int epoch = (int) (step / stepsPerEpoch) - 1;
      double score = validation == null ? Double.NaN : validation.applyAsDouble(weights);
      if (score > bestScore) {
        bestScore = score;
        bestEpoch = epoch;
        bestWeights = weights.clone();
      }
      listener.epochDone(
          new TrainingListener.Epoch(epoch, step, lossSum / stepsPerEpoch, score, lastRate));
      lossSum = 0;
      return isOutOfPatience();
    }

    /// At the end of an epoch.
    boolean isOutOfPatience() {
      int epoch = (int) (step / stepsPerEpoch) - 1;
      return validation != null
          && settings.patience() > 0
          && epoch - bestEpoch >= settings.patience();
    }

    Result result(boolean isStopped) {
      boolean hasBest = bestWeights.length > 0;
      return new Result(
          hasBest ? bestWeights.clone() : weights,
          step,
          lastLoss,
          hasBest ? OptionalDouble.of(bestScore) : OptionalDouble.empty(),
          isStopped);
    }
  }

  private static void clip(float[] gradient, double norm) {
    if (Double.isInfinite(norm)) {
      return;
    }
    double square = 0;
    for (float g : gradient) {
      square += (double) g * g;
    }
    double length = Math.sqrt(square);
    if (length > norm) {
      float factor = (float) (norm / length);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= factor;
      }
    }
  }
}
