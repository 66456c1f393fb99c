package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.data.TextRows;
import io.capsdb.embeddings.model.Model;
import io.capsdb.embeddings.model.ModelFile;
import io.capsdb.embeddings.model.ModelSpec;
import io.capsdb.embeddings.network.Loss;
import io.capsdb.embeddings.network.TextTransformer;
import io.capsdb.embeddings.network.Torch;
import io.capsdb.embeddings.text.BytePairs;
import io.capsdb.embeddings.text.NgramSettings;
import io.capsdb.embeddings.text.NgramTable;
import io.capsdb.embeddings.text.NgramTrainer;
import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.embeddings.training.MetricsLog;
import io.capsdb.embeddings.training.TrainingListener;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.Progress;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "text",
    description = "Trains an encoder of texts.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Texts: JSONL, CSV or TSV with a header, each also as .gz; a text is its --fields, joined.",
      "The encoder ngrams learns that the first field (a title) finds the whole text, and that texts",
      "of a class lie together; it needs no PyTorch. The transformer learns the classes, from byte",
      "pairs of its own.",
      "",
      "Examples:",
      "  capsdb train text --input products.jsonl --fields title,description --label category \\",
      "      --output products.model",
      "  capsdb train text --input posts.tsv --fields text --label group --encoder transformer \\",
      "      --output posts.model"
    })
final class TrainTextCommand implements Callable<Integer> {
  private static final List<String> ONLY_NETWORKS =
      List.of(
          "--resume",
          "--validation",
          "--patience",
          "--optimizer",
          "--schedule",
          "--checkpoints-per-epoch");

  private final Machine machine;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--input", paramLabel = "FILE", required = true, description = "the texts")
  private Path input = Path.of("");

  @Option(
      names = "--fields",
      paramLabel = "A,B",
      split = ",",
      required = true,
      description = "fields that are the text")
  private List<String> fields = List.of();

  @Option(
      names = "--encoder",
      paramLabel = "NAME",
      defaultValue = "ngrams",
      description = "ngrams or transformer (default: ${DEFAULT-VALUE})")
  private String encoder = "ngrams";

  @Option(
      names = "--dimension",
      paramLabel = "N",
      defaultValue = "128",
      description = "values of a vector (default: ${DEFAULT-VALUE})")
  private int dimension;

  @Option(
      names = "--buckets",
      paramLabel = "N",
      defaultValue = "65536",
      description = "of ngrams (default: ${DEFAULT-VALUE})")
  private int buckets;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "most tokens of a text, for the transformer (default: ${DEFAULT-VALUE})")
  private int tokens;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      defaultValue = "2048",
      description = "tokens that the transformer knows (default: ${DEFAULT-VALUE})")
  private int vocabulary;

  @Mixin private TrainOptions options = new TrainOptions();

  TrainTextCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    OutputFile.requireFolder(machine.disk(), options.output);
    LabelledSet all;
    try (SampleSource source = TextRows.open(machine.disk(), input, fields)) {
      all = LabelledSet.read(source, options.label, options.most());
    }
    switch (encoder) {
      case "ngrams" -> ngrams(all);
      case "transformer" -> transformer(all);
      default ->
          throw new UsageException("--encoder: '" + encoder + "' is none of [ngrams, transformer]");
    }
    return 0;
  }

  private List<String> titles() throws IOException {
    try (SampleSource source = TextRows.titles(machine.disk(), input, fields)) {
      return TokenInputs.texts(LabelledSet.read(source, options.label, options.most()));
    }
  }

  private void ngrams(LabelledSet all) throws IOException {
    for (String name : ONLY_NETWORKS) {
      if (Objects.requireNonNull(spec).commandLine().getParseResult().hasMatchedOption(name)) {
        throw new UsageException(
            name + ": ngrams are trained in one go, on all texts; it is for --encoder transformer");
      }
    }
    if (options.batch < 2) {
      throw new UsageException(
          "--batch: value " + options.batch + " invalid, must be at least 2 for ngrams");
    }
    NgramTable table;
    NgramSettings settings;
    try {
      table = new NgramTable(buckets, dimension);
      settings =
          new NgramSettings(
              options.epochs, options.batch, options.rate.orElse(0.05), 0.05, 0.2, options.seed);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    List<String> texts = TokenInputs.texts(all);
    List<String> titles = fields.size() > 1 ? titles() : texts;
    MetricsLog.delete(machine.disk(), options.runFolder());
    MetricsLog metrics = MetricsLog.open(machine.disk(), options.runFolder(), 0);
    long steps = Math.ceilDiv(all.size(), settings.batchRows());
    Progress progress = new Progress(machine.screen(), machine.nanoClock(), "training", "epochs");
    float[] weights;
    try {
      weights =
          new NgramTrainer(table, settings)
              .fit(
                  titles,
                  texts,
                  all.labels(),
                  (epoch, loss) -> {
                    keep(
                        metrics,
                        new TrainingListener.Epoch(
                            epoch,
                            (epoch + 1L) * steps,
                            loss,
                            Double.NaN,
                            settings.learningRate()));
                    progress.note(
                        String.format(Locale.ROOT, "epoch %d: loss %.4f", epoch + 1, loss));
                    progress.show(
                        epoch + 1,
                        OptionalLong.of(settings.epochs()),
                        (epoch + 1.0) / settings.epochs());
                  });
    } catch (DivergedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } finally {
      progress.clear();
    }
    Model model =
        new Model(
            new ModelSpec.Ngrams(table, fields),
            weights,
            all.classes(),
            Map.of(
                "data", String.valueOf(input.getFileName()),
                "run", settings.toString(),
                "program", "capsdb " + machine.version()));
    ModelFile.write(machine.disk(), options.output, model);
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            "trained on %,d texts in %.1f s (%,.0f texts/s)%s%nmodel %s: texts, version %s, %d"
                + " dimensions%n",
            all.size(),
            progress.seconds(),
            (double) all.size() * settings.epochs() / Math.max(1e-3, progress.seconds()),
            PeakMemory.inWords(machine.disk()),
            options.output,
            ModelFile.version(model),
            dimension);
  }

  private static void keep(MetricsLog metrics, TrainingListener.Epoch epoch) {
    try {
      metrics.add(epoch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void transformer(LabelledSet all) throws IOException {
    Torch.useThreads(options.threads);
    TextTransformer network;
    BytePairs tokenizer;
    try {
      tokenizer = BytePairs.train(TokenInputs.texts(all), vocabulary);
      network =
          new TextTransformer(
              tokenizer.size(),
              tokens,
              dimension,
              dimension % 4 == 0 ? 4 : 1,
              2,
              all.classes().size());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    new NetworkTraining(machine, options, Loss.CROSS_ENTROPY, String.valueOf(input.getFileName()))
        .run(
            all,
            network,
            _ -> new ModelSpec.Tokens(network, tokenizer, fields),
            _ -> set -> TokenInputs.of(set, tokenizer, tokens));
  }
}
