package io.capsdb.embeddings.training;

/// Settings of a training run.
///
/// @param epochs passes over the training set, at least 1
/// @param batchRows rows of a step, at least 1
/// @param learningRate before the schedule's factor, above 0
/// @param clipNorm largest length of a gradient; longer ones are shortened to it. Infinite: none is
/// @param checkpointsPerEpoch states that are kept in each epoch, at evenly spaced steps; 0 keeps
///     none
/// @param patience epochs without a better validation score after which the run ends early; 0: it
///     does not
/// @param seed of the order of the rows
public record TrainingSettings(
    int epochs,
    int batchRows,
    double learningRate,
    Schedule schedule,
    double clipNorm,
    int checkpointsPerEpoch,
    int patience,
    long seed) {

  public TrainingSettings {
    requireAtLeast("epochs", epochs, 1);
    requireAtLeast("batchRows", batchRows, 1);
    requireAtLeast("checkpointsPerEpoch", checkpointsPerEpoch, 0);
    requireAtLeast("patience", patience, 0);
    if (!(learningRate > 0 && Double.isFinite(learningRate))) {
      throw new IllegalArgumentException("learningRate must be above 0, was " + learningRate);
    }
    if (!(clipNorm > 0)) {
      throw new IllegalArgumentException("clipNorm must be above 0, was " + clipNorm);
    }
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
  }

  /// Constant rate, no clipping, no checkpoints, no early stop.
  public static TrainingSettings of(int epochs, int batchRows, double learningRate, long seed) {
    return new TrainingSettings(
        epochs, batchRows, learningRate, Schedule.CONSTANT, Double.POSITIVE_INFINITY, 0, 0, seed);
  }

  public TrainingSettings withSchedule(Schedule other) {
    return new TrainingSettings(
        epochs, batchRows, learningRate, other, clipNorm, checkpointsPerEpoch, patience, seed);
  }

  public TrainingSettings withClipNorm(double norm) {
    return new TrainingSettings(
        epochs, batchRows, learningRate, schedule, norm, checkpointsPerEpoch, patience, seed);
  }

  public TrainingSettings withCheckpointsPerEpoch(int count) {
    return new TrainingSettings(
        epochs, batchRows, learningRate, schedule, clipNorm, count, patience, seed);
  }

  public TrainingSettings withPatience(int epochCount) {
    return new TrainingSettings(
        epochs, batchRows, learningRate, schedule, clipNorm, checkpointsPerEpoch, epochCount, seed);
  }
}
