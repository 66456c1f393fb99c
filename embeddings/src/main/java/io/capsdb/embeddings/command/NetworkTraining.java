package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.embeddings.model.Model;
import io.capsdb.embeddings.model.ModelFile;
import io.capsdb.embeddings.model.ModelSpec;
import io.capsdb.embeddings.network.Inputs;
import io.capsdb.embeddings.network.Loss;
import io.capsdb.embeddings.network.Network;
import io.capsdb.embeddings.network.TorchObjective;
import io.capsdb.embeddings.network.TorchRunner;
import io.capsdb.embeddings.training.Batches;
import io.capsdb.embeddings.training.CheckpointFiles;
import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.embeddings.training.MetricsLog;
import io.capsdb.embeddings.training.Optimizer;
import io.capsdb.embeddings.training.TrainingLoop;
import io.capsdb.embeddings.training.TrainingSettings;
import io.capsdb.embeddings.training.TrainingState;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.Progress;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Trains a network by the options of a command, and writes the model.
final class NetworkTraining {
  private final Machine machine;
  private final TrainOptions options;
  private final Loss loss;
  private final String data;

  /// @param data the file that is learned from, for the provenance
  NetworkTraining(Machine machine, TrainOptions options, Loss loss, String data) {
    this.machine = machine;
    this.options = options;
    this.loss = loss;
    this.data = data;
  }

  /// @param spec of the model, from the samples that are trained on
  /// @param inputs of a network, from samples
  void run(
      LabelledSet all,
      Network network,
      Function<LabelledSet, ModelSpec> spec,
      Function<ModelSpec, Function<LabelledSet, Inputs>> inputs)
      throws IOException {
    Split split = Split.of(all, options.validation, options.seed);
    ModelSpec model = spec.apply(split.train());
    Function<LabelledSet, Inputs> ofSet = inputs.apply(model);
    String run = description(network, model, all);
    CheckpointFiles checkpoints = new CheckpointFiles(machine.disk(), options.runFolder(), run);
    Optional<TrainingState> from = options.isResume ? checkpoints.latest() : Optional.empty();
    if (options.isResume && from.isEmpty()) {
      throw new UsageException(
          "--resume: " + options.runFolder() + " holds no checkpoint that is whole");
    }
    Optimizer optimizer = options.newOptimizer();
    Progress progress = new Progress(machine.screen(), machine.nanoClock(), "training", "steps");
    TrainingLoop.Result result;
    try (TorchObjective objective =
        new TorchObjective(network, loss, ofSet.apply(split.train()), split.train().labels())) {
      ToDoubleFunction<float[]> validation = validation(network, split, ofSet);
      if (!options.isResume) {
        clear(); // when all that can be refused was looked at
      }
      RunListener listener = new RunListener(progress, checkpoints, metrics(from));
      TrainingLoop loop =
          new TrainingLoop(objective, optimizer, options.settings(), validation, listener);
      from.ifPresent(state -> progress.note("going on from step " + state.step()));
      float[] start = network.layout().start(new SplittableRandom(options.seed));
      result = run(loop, from.orElseGet(() -> TrainingState.of(start, optimizer)), listener);
    }
    long steps = result.steps() - from.map(TrainingState::step).orElse(0L);
    Rate rate = new Rate(steps, progress.seconds());
    Map<String, String> provenance =
        new TreeMap<>(Map.of("data", data, "run", run, "loss", loss.name()));
    provenance.put("steps", String.valueOf(result.steps()));
    provenance.put("program", "capsdb " + machine.version());
    result
        .bestScore()
        .ifPresent(
            score -> provenance.put("validation", String.format(Locale.ROOT, "%.4f", score)));
    write(new Model(model, result.weights(), all.classes(), provenance), result, split, rate);
  }

  /// @param steps done by this process
  private record Rate(long steps, double seconds) {}

  private TrainingLoop.Result run(TrainingLoop loop, TrainingState from, RunListener listener)
      throws IOException {
    try {
      return loop.run(from);
    } catch (DivergedException e) {
      listener.dropUnproven(machine.disk());
      throw new UsageException(
          e.getMessage()
              + listener
                  .lastGoodCheckpoint()
                  .map(file -> "; the last good checkpoint is " + file)
                  .orElse(""));
    } finally {
      listener.clear();
    }
  }

  private MetricsLog metrics(Optional<TrainingState> from) throws IOException {
    return MetricsLog.open(
        machine.disk(), options.runFolder(), from.map(TrainingState::step).orElse(0L));
  }

  private @Nullable ToDoubleFunction<float[]> validation(
      Network network, Split split, Function<LabelledSet, Inputs> ofSet) {
    if (split.held().size() == 0) {
      return null;
    }
    Inputs inputs = ofSet.apply(split.held());
    return weights -> {
      try (TorchRunner runner = new TorchRunner(network, weights)) {
        return loss == Loss.CROSS_ENTROPY
            ? runner.accuracy(inputs, split.held().labels())
            : runner.neighbourAgreement(inputs, split.held().labels());
      }
    };
  }

  /// All that decides the weights, but the number of epochs' early end.
  private String description(Network network, ModelSpec model, LabelledSet all) {
    TrainingSettings settings = options.settings();
    return String.format(
        Locale.ROOT,
        "%s %s; %s; %s, %d samples of %d classes (%08x); %s %s; held out %s",
        network.getClass().getSimpleName(),
        ModelFile.version(model),
        loss,
        data,
        all.size(),
        all.classes().size(),
        all.checksum(),
        options.optimizer,
        settings,
        options.validation);
  }

  /// A new run begins in an empty folder: states of another one are none of its own.
  private void clear() throws IOException {
    if (machine.disk().exists(options.runFolder())) {
      List<java.nio.file.Path> old = CheckpointFiles.list(machine.disk(), options.runFolder());
      for (java.nio.file.Path file : old) {
        machine.disk().delete(file);
      }
      MetricsLog.delete(machine.disk(), options.runFolder());
    }
  }

  private void write(Model model, TrainingLoop.Result result, Split split, Rate rate)
      throws IOException {
    ModelFile.write(machine.disk(), options.output, model);
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            "trained %,d steps on %,d samples in %.1f s (%,.0f samples/s)%s%s%s%n",
            result.steps(),
            split.train().size(),
            rate.seconds(),
            (double) rate.steps() * options.batch / Math.max(rate.seconds(), 1e-3),
            PeakMemory.inWords(machine.disk()),
            result.bestScore().isPresent()
                ? String.format(Locale.ROOT, "; validation %.4f", result.bestScore().getAsDouble())
                : "",
            result.stoppedEarly() ? "; stopped early" : "");
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            "model %s: %s, version %s, %d dimensions%n",
            options.output,
            model.spec().kind().inWords(),
            ModelFile.version(model),
            model.spec().dimension());
  }

  /// Samples to train on, and those held out.
  record Split(LabelledSet train, LabelledSet held) {
    static Split of(LabelledSet all, double share, long seed) {
      int held = (int) Math.round(share * all.size());
      if (held >= all.size()) {
        throw new UsageException(
            "--validation: " + share + " of " + all.size() + " samples leaves none to train on");
      }
      int[] order = Batches.ofEpoch(seed, -2, all.size(), all.size()).batch(0);
      return new Split(
          all.choose(java.util.Arrays.copyOfRange(order, held, order.length)),
          all.choose(java.util.Arrays.copyOf(order, held)));
    }
  }
}
