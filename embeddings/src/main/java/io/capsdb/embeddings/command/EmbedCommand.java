package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.model.ContentKind;
import io.capsdb.embeddings.model.Encoder;
import io.capsdb.embeddings.network.Torch;
import io.capsdb.formats.RowSource;
import io.capsdb.server.command.CollectionLoad;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.Progress;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "embed",
    description = "Turns images or texts into vectors, for a file or a collection.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Vectors have length 1; the attributes of a sample become its payload, with `model_version`.",
      "Output files: .jsonl (points as `capsdb load` takes them), or vectors only as .npy or .fvecs;",
      "each also as .gz.",
      "",
      "Examples:",
      "  capsdb embed --model fashion.model --input train-images-idx3-ubyte.gz \\",
      "      --payload train-labels-idx1-ubyte.gz --collection fashion",
      "  capsdb embed --model products.model --input products.jsonl --output products-vectors.jsonl.gz",
      "  capsdb embed --onnx model.onnx --tokenizer tokenizer.json --input products.jsonl \\",
      "      --fields title,description --collection products"
    })
final class EmbedCommand implements Callable<Integer> {
  private final Machine machine;

  @Option(names = "--model", paramLabel = "FILE", description = "a model of capsdb train")
  private Optional<Path> model = Optional.empty();

  @Option(names = "--onnx", paramLabel = "FILE", description = "an ONNX model of texts")
  private Optional<Path> onnx = Optional.empty();

  @Option(names = "--tokenizer", paramLabel = "FILE", description = "tokenizer.json for --onnx")
  private Optional<Path> tokenizer = Optional.empty();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "of a text, for --onnx (default: ${DEFAULT-VALUE})")
  private int maxTokens;

  @Option(names = "--input", paramLabel = "FILE", required = true, description = "what is encoded")
  private Path input = Path.of("");

  @Option(names = "--payload", paramLabel = "FILE", description = "attributes of idx images")
  private Optional<Path> payload = Optional.empty();

  @Option(
      names = "--fields",
      paramLabel = "A,B",
      split = ",",
      description = "fields that are the text (default: those the model was trained on)")
  private List<String> fields = List.of();

  @Option(names = "--output", paramLabel = "FILE", description = "file to write")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--collection", paramLabel = "NAME", description = "collection to load")
  private Optional<String> collection = Optional.empty();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = CollectionLoad.DEFAULT_URL,
      description = "address of the server (default: ${DEFAULT-VALUE})")
  private String url = CollectionLoad.DEFAULT_URL;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "of PyTorch or ONNX Runtime (default: ${DEFAULT-VALUE})")
  private int threads;

  EmbedCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (output.isPresent() == collection.isPresent()) {
      throw new UsageException("give one of --output and --collection");
    }
    if (output.isPresent()) {
      VectorFile.requireKnown(output.get());
      OutputFile.requireFolder(machine.disk(), output.get());
    }
    if (threads < 1 || threads > 1_024) {
      throw new UsageException("--threads: value " + threads + " invalid, must be from 1 to 1024");
    }
    Torch.useThreads(threads);
    Encoders.Request request = new Encoders.Request(model, onnx, tokenizer, maxTokens, threads);
    try (Encoder encoder = Encoders.open(machine, request)) {
      ContentKind kind = encoder.kind();
      if (!fields.isEmpty() && kind.isImage()) {
        throw new UsageException("--fields: the model takes images");
      }
      ContentKind used = fields.isEmpty() ? kind : ContentKind.texts(fields);
      if (!used.isImage() && used.fields().isEmpty()) {
        throw new UsageException("--fields: say which fields are the text");
      }
      long begin = machine.nanoClock().getAsLong();
      try (SampleSource samples = SampleFiles.open(machine.disk(), input, payload, used);
          EmbeddedRows rows = new EmbeddedRows(samples, encoder)) {
        if (collection.isPresent()) {
          CollectionLoad.run(machine, url, collection.get(), "Cosine", rows);
        } else {
          write(rows, output.orElseThrow());
        }
        double seconds = (machine.nanoClock().getAsLong() - begin) / 1e9;
        machine
            .screen()
            .out()
            .printf(
                Locale.ROOT,
                "embedded %,d %s in %.1f s (%,.0f/s)%s, model version %s%n",
                rows.encodedCount(),
                used.isImage() ? "images" : "texts",
                seconds,
                rows.encodedCount() / Math.max(1e-3, seconds),
                PeakMemory.inWords(machine.disk()),
                encoder.modelVersion());
      }
    }
    return 0;
  }

  private void write(EmbeddedRows rows, Path file) throws IOException {
    Progress progress = new Progress(machine.screen(), machine.nanoClock(), "embedding", "samples");
    try (VectorFile out = VectorFile.create(machine.disk(), file)) {
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        out.write(next.get());
        progress.show(rows.encodedCount(), rows.rowCount(), rows.progress());
      }
      out.commit();
    } finally {
      progress.clear();
    }
  }
}
