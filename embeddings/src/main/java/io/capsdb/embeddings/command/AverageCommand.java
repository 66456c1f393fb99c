package io.capsdb.embeddings.command;

import io.capsdb.embeddings.averaging.CenteredLayerwiseSubspace;
import io.capsdb.embeddings.averaging.CheckpointBank;
import io.capsdb.embeddings.averaging.SchmidtSubspace;
import io.capsdb.embeddings.averaging.TrainableWeightAveraging;
import io.capsdb.embeddings.averaging.TwaConfig;
import io.capsdb.embeddings.averaging.TwaResult;
import io.capsdb.embeddings.averaging.WeightSubspace;
import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.model.Model;
import io.capsdb.embeddings.model.ModelFile;
import io.capsdb.embeddings.model.ModelSpec;
import io.capsdb.embeddings.network.Inputs;
import io.capsdb.embeddings.network.Loss;
import io.capsdb.embeddings.network.Network;
import io.capsdb.embeddings.network.TorchObjective;
import io.capsdb.embeddings.network.TorchRunner;
import io.capsdb.embeddings.training.CheckpointFiles;
import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.embeddings.training.TrainingListener;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.Progress;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "average",
    description = "Averages the checkpoints of a training, or models with one start, to one model.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "swa and soup are plain means, of a run's checkpoints or of models. twa learns the weights of",
      "the mean, by layers, on --input; twa-schmidt in the span of the checkpoints, which can be",
      "better, and depends on --rate. Averages change all vectors: embed the collection anew.",
      "",
      "Examples:",
      "  capsdb average --method twa --checkpoints fashion.model.run --model fashion.model \\",
      "      --input train-images-idx3-ubyte.gz --payload train-labels-idx1-ubyte.gz \\",
      "      --output fashion-twa.model",
      "  capsdb average --method soup --checkpoints a.model,b.model --output soup.model"
    })
final class AverageCommand implements Callable<Integer> {
  private static final List<String> METHODS = List.of("twa", "twa-schmidt", "swa", "soup");

  private final Machine machine;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR|FILES",
      split = ",",
      required = true,
      description = "the folder of a run, or model files")
  private List<Path> checkpoints = List.of();

  @Option(
      names = "--method",
      paramLabel = "NAME",
      defaultValue = "twa",
      description = "twa, twa-schmidt, swa or soup (default: ${DEFAULT-VALUE})")
  private String method = "twa";

  @Option(
      names = "--skip",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "leave out the first N checkpoints of a run; half of them often makes a better mean"
              + " (default: ${DEFAULT-VALUE})")
  private int skip;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "the model that the run ended with; default: the first of --checkpoints")
  private Optional<Path> model = Optional.empty();

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "NAME.model")
  private Path output = Path.of("");

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "images or texts that twa learns on")
  private Optional<Path> input = Optional.empty();

  @Option(names = "--payload", paramLabel = "FILE", description = "their labels")
  private Optional<Path> payload = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "FIELD",
      defaultValue = "label",
      description = "attribute that is the class (default: ${DEFAULT-VALUE})")
  private String label = "label";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "3",
      description = "of twa (default: ${DEFAULT-VALUE})")
  private int epochs;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "learning rate (default: 0.03 for twa, 1 for twa-schmidt)")
  private Optional<Double> rate = Optional.empty();

  @Option(
      names = "--bits",
      paramLabel = "N",
      defaultValue = "32",
      description = "in which twa keeps a weight: 32, 8, 4 or 1 (default: ${DEFAULT-VALUE})")
  private int bits;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "default: 1")
  private long seed;

  AverageCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException {
    if (!METHODS.contains(method)) {
      throw new UsageException("--method: '" + method + "' is none of " + METHODS);
    }
    if (skip < 0) {
      throw new UsageException("--skip: value " + skip + " invalid, must be at least 0");
    }
    OutputFile.requireFolder(machine.disk(), output);
    CheckpointBank bank = new CheckpointBank();
    Model base = read(bank);
    if (base.spec().weightCount() != bank.dimension()) {
      throw new UsageException(
          "--checkpoints: they have "
              + bank.dimension()
              + " weights, the model has "
              + base.spec().weightCount());
    }
    Model averaged =
        method.startsWith("twa")
            ? learned(bank, base)
            : base.withWeights(bank.mean(), Map.of("averaged", inWords(bank)));
    ModelFile.write(machine.disk(), output, averaged);
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            "averaged %d checkpoints by %s%nmodel %s: version %s%n",
            bank.size(),
            method,
            output,
            ModelFile.version(averaged));
    return 0;
  }

  private String inWords(CheckpointBank bank) {
    return method
        + " of "
        + bank.size()
        + " checkpoints"
        + (skip > 0 ? ", the first " + skip + " left out" : "");
  }

  private Model read(CheckpointBank bank) throws IOException {
    Model base = model.isPresent() ? ModelFile.read(machine.disk(), model.get()) : null;
    for (Path place : checkpoints) {
      if (place.toString().endsWith(".model")) {
        Model member = ModelFile.read(machine.disk(), place);
        base = base == null ? member : base;
        if (!member.spec().equals(base.spec()) || !member.classes().equals(base.classes())) {
          throw new UsageException(
              "--checkpoints: " + place + " is another kind of model than the first one");
        }
        bank.add(member.weights());
      } else {
        addRun(bank, place, base == null ? null : base.provenance().get("run"));
      }
    }
    if (bank.size() == 0) {
      throw new UsageException(
          "--checkpoints: "
              + checkpoints
              + " hold no checkpoint"
              + (skip > 0 ? " after --skip" : ""));
    }
    if (base == null) {
      throw new UsageException("--model: say which model the run ended with");
    }
    return base;
  }

  /// @param run of the model; null where it does not tell
  private void addRun(CheckpointBank bank, Path place, @Nullable String run) throws IOException {
    for (Path file : files(place)) {
      CheckpointFiles.Saved saved = CheckpointFiles.read(machine.disk(), file);
      if (run != null && !saved.run().equals(run)) {
        throw new UsageException(
            "--checkpoints: "
                + file
                + " is of another run ("
                + saved.run()
                + ") than the model ("
                + run
                + ")");
      }
      try {
        bank.add(saved.state().weights());
      } catch (IllegalArgumentException e) {
        throw new UsageException("--checkpoints: " + file + ": " + e.getMessage());
      }
    }
  }

  private List<Path> files(Path place) throws IOException {
    if (place.toString().endsWith(".checkpoint")) {
      return List.of(place);
    }
    List<Path> all;
    try {
      all = CheckpointFiles.list(machine.disk(), place);
    } catch (NotDirectoryException _) {
      throw new UsageException(
          "--checkpoints: " + place + " is no folder, no .model and no .checkpoint file");
    }
    return all.subList(Math.min(skip, all.size()), all.size());
  }

  /// What a network learns on.
  @SuppressWarnings("ArrayRecordComponent") // made and read here
  private record Samples(Network network, Loss loss, Inputs inputs, int[] labels) {
    double score(float[] weights) {
      try (TorchRunner runner = new TorchRunner(network, weights)) {
        return loss == Loss.CROSS_ENTROPY
            ? runner.accuracy(inputs, labels)
            : runner.neighbourAgreement(inputs, labels);
      }
    }
  }

  private Samples samples(Model base) throws IOException {
    if (base.spec() instanceof ModelSpec.Ngrams) {
      throw new UsageException("--method: " + method + " is for networks; use swa or soup");
    }
    if (input.isEmpty()) {
      throw new UsageException("--input: " + method + " needs samples to learn on");
    }
    LabelledSet set;
    try (SampleSource source =
        SampleFiles.open(machine.disk(), input.get(), payload, base.spec().kind())) {
      set = LabelledSet.read(source, label, Integer.MAX_VALUE);
    }
    if (!set.classes().equals(base.classes())) {
      throw new UsageException(
          "--input: its classes are " + set.classes() + ", the model's are " + base.classes());
    }
    // The loss that the model was trained for: the class layer of another one is a random start.
    Loss loss = Loss.valueOf(base.provenance().getOrDefault("loss", Loss.CROSS_ENTROPY.name()));
    return switch (base.spec()) {
      case ModelSpec.Images images ->
          new Samples(
              images.network(),
              loss,
              images.scale().inputs(set.contents(), images.network().inputLength()),
              set.labels());
      case ModelSpec.Tokens tokens ->
          new Samples(
              tokens.network(),
              loss,
              TokenInputs.of(set, tokens.tokenizer(), tokens.network().length()),
              set.labels());
      case ModelSpec.Ngrams _ -> throw new IllegalStateException("refused above");
    };
  }

  private Model learned(CheckpointBank bank, Model base) throws IOException {
    Samples samples;
    try {
      samples = samples(base);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--input: " + e.getMessage());
    }
    boolean isSchmidt = method.equals("twa-schmidt");
    Progress progress = new Progress(machine.screen(), machine.nanoClock(), "averaging", "steps");
    try (TorchObjective objective =
        new TorchObjective(samples.network(), samples.loss(), samples.inputs(), samples.labels())) {
      WeightSubspace subspace =
          isSchmidt
              ? SchmidtSubspace.of(bank)
              : CenteredLayerwiseSubspace.of(bank, samples.network().layout().blockSizes(), bits);
      TwaResult result =
          TrainableWeightAveraging.fit(
              objective,
              subspace,
              isSchmidt
                  ? TwaConfig.schmidt(rate.orElse(1.0), epochs, seed)
                  : TwaConfig.layerwise(rate.orElse(0.03), epochs, seed),
              shown(progress));
      progress.clear();
      if (result.learningRate() < rate.orElse(isSchmidt ? 1.0 : 0.03)) {
        machine
            .screen()
            .out()
            .printf(Locale.ROOT, "the rate was halved to %s%n", result.learningRate());
      }
      tell("mean", samples, bank.mean());
      tell(method, samples, result.weights());
      return base.withWeights(result.weights(), provenance(bank, result));
    } catch (DivergedException | IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } finally {
      progress.clear();
    }
  }

  private static TrainingListener shown(Progress progress) {
    return new TrainingListener() {
      @Override
      public void stepDone(long steps, long stepCount, double loss) {
        progress.show(
            steps,
            OptionalLong.of(stepCount),
            (double) steps / stepCount,
            String.format(Locale.ROOT, "  loss %.4f", loss));
      }
    };
  }

  private Map<String, String> provenance(CheckpointBank bank, TwaResult result) {
    StringJoiner coefficients = new StringJoiner(" ");
    for (float coefficient : result.coefficients()) {
      coefficients.add(String.format(Locale.ROOT, "%.6g", coefficient));
    }
    String settings =
        String.format(
            Locale.ROOT,
            "%d epochs, rate %s, %d bits, seed %d, on %s",
            epochs,
            result.learningRate(),
            bits,
            seed,
            input.orElseThrow().getFileName());
    return Map.of(
        "averaged", inWords(bank), "averaging", settings, "coefficients", coefficients.toString());
  }

  private void tell(String name, Samples samples, float[] weights) {
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            samples.loss() == Loss.CROSS_ENTROPY
                ? "%-12s classifies %.2f %% of --input right%n"
                : "%-12s has a neighbour of the same class for %.2f %% of --input%n",
            name,
            100 * samples.score(weights));
  }
}
