package io.capsdb.embeddings.command;

import io.capsdb.embeddings.binary.BinaryCodeConfig;
import io.capsdb.embeddings.binary.BinaryCodeTrainer;
import io.capsdb.embeddings.binary.CentredRows;
import io.capsdb.embeddings.binary.Projections;
import io.capsdb.embeddings.binary.RectifiedStraightThroughEstimator;
import io.capsdb.embeddings.binary.TrainingRows;
import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.formats.CodeFile;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.UsageException;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "binary-codes",
    description = "Learns a 1-bit code of vectors: a projection whose signs tell neighbours.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Trained with ReSTE, from the codes of ITQ on. The file holds a BinaryProjection, which the",
      "index takes as the quantizer `learned` (CodeChoice.withProjection).",
      "",
      "Examples:",
      "  capsdb train binary-codes --input vectors.npy --bits 64 --output vectors.codes",
      "  capsdb train binary-codes --input rows.fvecs --bits 128 --metric Euclid --output rows.codes"
    })
final class TrainCodesCommand implements Callable<Integer> {
  private final Machine machine;

  @Option(names = "--input", paramLabel = "FILE", required = true, description = "the vectors")
  private Path input = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "the file to write, NAME.codes")
  private Path output = Path.of("");

  @Option(
      names = "--bits",
      paramLabel = "N",
      defaultValue = "64",
      description = "of a code (default: ${DEFAULT-VALUE})")
  private int bits;

  @Option(
      names = "--metric",
      paramLabel = "D",
      defaultValue = "Cosine",
      description = "Cosine, Dot or Euclid: with Cosine vectors are brought to length 1 first")
  private String metric = "Cosine";

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "20000",
      description = "most rows that are learned from, drawn from all (default: ${DEFAULT-VALUE})")
  private int rows;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "default: 1")
  private long seed;

  TrainCodesCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException {
    List<String> metrics = List.of("Cosine", "Dot", "Euclid");
    if (!metrics.contains(metric)) {
      throw new UsageException("--metric: '" + metric + "' is none of " + metrics);
    }
    if (rows < 32) {
      throw new UsageException("--rows: value " + rows + " invalid, must be at least 32");
    }
    OutputFile.requireFolder(machine.disk(), output);
    List<float[]> vectors = read();
    if (vectors.stream().allMatch(vector -> Arrays.equals(vector, vectors.getFirst()))) {
      throw new UsageException("--input: all vectors are equal, there is nothing to tell apart");
    }
    long begin = machine.nanoClock().getAsLong();
    BinaryProjection projection;
    BinaryCodeTrainer.Result result;
    try {
      BinaryCodeConfig config = BinaryCodeConfig.of(bits);
      CentredRows centred = CentredRows.of(vectors);
      result =
          new BinaryCodeTrainer(config, new RectifiedStraightThroughEstimator())
              .fit(TrainingRows.of(centred, config), seed);
      projection = Projections.of(result.matrix(), centred.mean());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    } catch (DivergedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    CodeFile.write(machine.disk(), output, projection);
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            "learned %d bits from %,d vectors of %d values in %.1f s%s; loss %.4f to %.4f%n",
            bits,
            vectors.size(),
            projection.dimension(),
            (machine.nanoClock().getAsLong() - begin) / 1e9,
            PeakMemory.inWords(machine.disk()),
            result.loss().getFirst(),
            result.loss().getLast());
    return 0;
  }

  /// Every row with the same chance (reservoir sampling): files are often sorted.
  private List<float[]> read() throws IOException {
    List<float[]> vectors = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    long count = 0;
    try (RowSource source = RowSources.open(machine.disk(), input)) {
      for (Optional<RowSource.Row> next = source.next(); next.isPresent(); next = source.next()) {
        float[] vector = next.get().vector();
        if (next.get().rejection().isPresent() || vector == null) {
          throw new FormatException(
              source.file(),
              "row " + next.get().number(),
              next.get().rejection().orElse("it has no vector"));
        }
        try {
          float[] prepared = metric.equals("Cosine") ? Metric.COSINE.prepare(vector) : vector;
          count++;
          long place = count <= rows ? count - 1 : random.nextLong(count);
          if (place == vectors.size()) {
            vectors.add(prepared);
          } else if (place < rows) {
            vectors.set((int) place, prepared);
          }
        } catch (IllegalArgumentException e) {
          throw new FormatException(
              source.file(), "row " + next.get().number(), String.valueOf(e.getMessage()));
        }
      }
    }
    return vectors;
  }
}
