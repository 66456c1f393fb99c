package io.capsdb.embeddings.command;

import io.capsdb.embeddings.training.CheckpointFiles;
import io.capsdb.embeddings.training.MetricsLog;
import io.capsdb.embeddings.training.TrainingListener;
import io.capsdb.embeddings.training.TrainingState;
import io.capsdb.io.Disk;
import io.capsdb.server.command.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Shows a training run, and keeps what it needs to go on after it was killed.
final class RunListener implements TrainingListener {
  private final Progress progress;
  private final CheckpointFiles checkpoints;
  private final MetricsLog metrics;
  private double smoothed = Double.NaN;
  private Optional<Path> good = Optional.empty();

  /// Kept, but no step from it has shown yet that its weights are of use.
  private Optional<Path> unproven = Optional.empty();

  RunListener(Progress progress, CheckpointFiles checkpoints, MetricsLog metrics) {
    this.progress = progress;
    this.checkpoints = checkpoints;
    this.metrics = metrics;
  }

  void clear() {
    progress.clear();
  }

  /// The last state that was kept from which a step had a loss that is a number.
  Optional<Path> lastGoodCheckpoint() {
    return good;
  }

  /// Deletes a state that was kept after that: what diverged does not go on from it.
  void dropUnproven(Disk disk) throws IOException {
    if (unproven.isPresent()) {
      disk.delete(unproven.get());
    }
  }

  @Override
  public void stepDone(long steps, long stepCount, double loss) {
    good = unproven.or(() -> good);
    unproven = Optional.empty();
    smoothed = Double.isNaN(smoothed) ? loss : 0.98 * smoothed + 0.02 * loss;
    progress.show(
        steps,
        OptionalLong.of(stepCount),
        (double) steps / stepCount,
        String.format(Locale.ROOT, "  loss %.4f", smoothed));
  }

  @Override
  public void checkpoint(TrainingState state) throws IOException {
    unproven = Optional.of(checkpoints.save(state));
  }

  @Override
  public void epochDone(Epoch epoch) throws IOException {
    metrics.add(epoch);
    progress.note(
        String.format(
            Locale.ROOT,
            "epoch %d: loss %.4f%s",
            epoch.epoch() + 1,
            epoch.loss(),
            Double.isNaN(epoch.validation())
                ? ""
                : String.format(Locale.ROOT, ", validation %.4f", epoch.validation())));
  }
}
