package io.capsdb.embeddings.command;

import io.capsdb.embeddings.training.AdamW;
import io.capsdb.embeddings.training.MomentumSgd;
import io.capsdb.embeddings.training.Optimizer;
import io.capsdb.embeddings.training.Schedule;
import io.capsdb.embeddings.training.TrainingSettings;
import io.capsdb.server.command.UsageException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that all trainings of networks share.
final class TrainOptions {
  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "the model file to write, NAME.model")
  Path output = Path.of("");

  @Option(
      names = "--label",
      paramLabel = "FIELD",
      defaultValue = "label",
      description = "attribute that is the class (default: ${DEFAULT-VALUE})")
  String label = "label";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "10",
      description = "passes over the data (default: ${DEFAULT-VALUE})")
  int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "samples of a step (default: ${DEFAULT-VALUE})")
  int batch;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "learning rate (default: 0.1 for sgd, 0.001 for adamw)")
  Optional<Double> rate = Optional.empty();

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adamw",
      description = "sgd or adamw (default: ${DEFAULT-VALUE})")
  String optimizer = "adamw";

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "cosine",
      description =
          "constant, linear, cosine, warm_cosine or steps (default: ${DEFAULT-VALUE}); averages"
              + " want a constant one")
  String schedule = "cosine";

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "share of the samples held out (default: ${DEFAULT-VALUE})")
  double validation;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "0",
      description = "stop after N epochs that are no better; 0 never does (default)")
  int patience;

  @Option(
      names = "--checkpoints-per-epoch",
      paramLabel = "N",
      defaultValue = "1",
      description = "states kept in each epoch (default: ${DEFAULT-VALUE})")
  int checkpointsPerEpoch;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "folder of checkpoints and metrics (default: OUTPUT.run)")
  Optional<Path> run = Optional.empty();

  @Option(names = "--resume", description = "go on from the last checkpoint in that folder")
  boolean isResume;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of all random choices (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "take only the first samples of the data set")
  Optional<Integer> limit = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "of PyTorch; with 1 two runs are equal to the last bit (default)")
  int threads;

  void check() {
    if (!(validation >= 0 && validation < 1)) {
      throw new UsageException(
          "--validation: value " + validation + " invalid, must be from 0 to below 1");
    }
    if (threads < 1 || threads > 1_024) {
      throw new UsageException("--threads: value " + threads + " invalid, must be from 1 to 1024");
    }
    if (patience > 0 && validation == 0) {
      throw new UsageException(
          "--patience: it needs samples held out, which tell what is better: --validation above 0");
    }
    newOptimizer();
    settings();
    if (limit.isPresent() && limit.get() < 1) {
      throw new UsageException("--limit: value " + limit.get() + " invalid, must be at least 1");
    }
  }

  int most() {
    return limit.orElse(Integer.MAX_VALUE);
  }

  Path runFolder() {
    return run.orElseGet(() -> output.resolveSibling(output.getFileName() + ".run"));
  }

  Optimizer newOptimizer() {
    return switch (optimizer) {
      case "sgd" -> new MomentumSgd(0.9, 5e-4);
      case "adamw" -> new AdamW(0.01);
      default ->
          throw new UsageException("--optimizer: '" + optimizer + "' is none of [sgd, adamw]");
    };
  }

  TrainingSettings settings() {
    try {
      return TrainingSettings.of(
              epochs, batch, rate.orElse(optimizer.equals("sgd") ? 0.1 : 0.001), seed)
          .withSchedule(schedule())
          .withCheckpointsPerEpoch(checkpointsPerEpoch)
          .withPatience(patience)
          .withClipNorm(optimizer.equals("adamw") ? 1 : Double.POSITIVE_INFINITY);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private Schedule schedule() {
    for (Schedule known : Schedule.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(schedule)) {
        return known;
      }
    }
    throw new UsageException(
        "--schedule: '" + schedule + "' is none of [constant, linear, cosine, warm_cosine, steps]");
  }
}
