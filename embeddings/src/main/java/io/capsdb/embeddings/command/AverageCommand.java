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
import io.capsdb.embeddings.network.Loss;
import io.capsdb.embeddings.network.Network;
import io.capsdb.embeddings.network.TorchObjective;
import io.capsdb.embeddings.network.TorchRunner;
import io.capsdb.embeddings.training.CheckpointFiles;
import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      names = "--model",
      paramLabel = "FILE",
      description = "the model that the run ended with; default: the first of --checkpoints")
  private Optional<Path> model = Optional.empty();

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "NAME.model")
  private Path output = Path.of("");

  @Option(names = "--input", paramLabel = "FILE", description = "images that twa learns on")
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
    Map<String, String> how =
        Map.of("averaged", method + " of " + bank.size() + " checkpoints, seed " + seed);
    Model averaged =
        base.withWeights(method.startsWith("twa") ? learned(bank, base) : bank.mean(), how);
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

  private Model read(CheckpointBank bank) throws IOException {
    Model base = model.isPresent() ? ModelFile.read(machine.disk(), model.get()) : null;
    for (Path place : checkpoints) {
      if (place.toString().endsWith(".model")) {
        Model member = ModelFile.read(machine.disk(), place);
        base = base == null ? member : base;
        if (!member.spec().equals(base.spec())) {
          throw new UsageException(
              "--checkpoints: " + place + " is another kind of model than the first one");
        }
        bank.add(member.weights());
        continue;
      }
      for (Path file : CheckpointFiles.list(machine.disk(), place)) {
        try {
          bank.add(CheckpointFiles.read(machine.disk(), file).state().weights());
        } catch (IllegalArgumentException e) {
          throw new UsageException("--checkpoints: " + file + ": " + e.getMessage());
        }
      }
    }
    if (bank.size() == 0) {
      throw new UsageException("--checkpoints: " + checkpoints + " hold no checkpoint");
    }
    if (base == null) {
      throw new UsageException("--model: say which model the run ended with");
    }
    return base;
  }

  private float[] learned(CheckpointBank bank, Model base) throws IOException {
    if (!(base.spec() instanceof ModelSpec.Images images)) {
      throw new UsageException("--method: " + method + " is for models of images; use swa or soup");
    }
    if (input.isEmpty()) {
      throw new UsageException("--input: " + method + " needs images to learn on");
    }
    LabelledSet set;
    try (SampleSource source =
        SampleFiles.open(machine.disk(), input.get(), payload, images.kind())) {
      set = LabelledSet.read(source, label, Integer.MAX_VALUE);
    }
    if (!set.classes().equals(base.classes())) {
      throw new UsageException(
          "--input: its classes are " + set.classes() + ", the model's are " + base.classes());
    }
    Network network = images.network();
    var inputs = images.scale().inputs(set.contents(), network.inputLength());
    boolean isSchmidt = method.equals("twa-schmidt");
    try (TorchObjective objective =
        new TorchObjective(network, Loss.CROSS_ENTROPY, inputs, set.labels())) {
      WeightSubspace subspace =
          isSchmidt
              ? SchmidtSubspace.of(bank)
              : CenteredLayerwiseSubspace.of(bank, network.layout().blockSizes(), bits);
      TwaResult result =
          TrainableWeightAveraging.fit(
              objective,
              subspace,
              isSchmidt
                  ? TwaConfig.schmidt(rate.orElse(1.0), epochs, seed)
                  : TwaConfig.layerwise(rate.orElse(0.03), epochs, seed));
      if (result.learningRate() < rate.orElse(isSchmidt ? 1.0 : 0.03)) {
        machine
            .screen()
            .out()
            .printf(Locale.ROOT, "the rate was halved to %s%n", result.learningRate());
      }
      tell("mean", network, bank.mean(), inputs, set.labels());
      tell(method, network, result.weights(), inputs, set.labels());
      return result.weights();
    } catch (DivergedException | IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private void tell(
      String name,
      Network network,
      float[] weights,
      io.capsdb.embeddings.network.Inputs inputs,
      int[] labels) {
    try (TorchRunner runner = new TorchRunner(network, weights)) {
      machine
          .screen()
          .out()
          .printf(
              Locale.ROOT,
              "%-12s classifies %.2f %% of --input right%n",
              name,
              100 * runner.accuracy(inputs, labels));
    }
  }
}
