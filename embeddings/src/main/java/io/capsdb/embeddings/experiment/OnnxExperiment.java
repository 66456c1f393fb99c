package io.capsdb.embeddings.experiment;

import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.Sample;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.data.TextRows;
import io.capsdb.embeddings.onnx.OnnxTextEncoder;
import io.capsdb.embeddings.onnx.PlainOnnx;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// A sentence model from elsewhere on all product texts: the vectors are those that its makers'
/// library gives, at the speed of ONNX Runtime called by hand.
final class OnnxExperiment implements Experiment {
  private static final String MODEL = "../models/all-minilm-l6-v2/";
  private static final int MAX_TOKENS = 256;
  private static final int THREADS = 2;
  private static final int BATCH = 256;

  /// Texts by which the speed is measured.
  private static final int TIMED = 512;

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public String what() {
    return "a sentence model by ONNX Runtime: the right vectors, and its own speed (full form only)";
  }

  @Override
  public void run(Setting setting, Report report) throws IOException {
    if (setting.isShort()) {
      throw new FormatException(
          "model.onnx", "file", "the model is not part of the program: there is no short form");
    }
    List<Content> texts = new ArrayList<>();
    try (SampleSource products =
        TextRows.open(
            setting.disk(),
            setting.file("products/products.jsonl.gz"),
            List.of("title", "description"))) {
      for (Optional<Sample> next = products.next(); next.isPresent(); next = products.next()) {
        texts.add(next.get().content());
      }
    }
    Path model = setting.file(MODEL + "model.onnx");
    Path tokenizer = setting.file(MODEL + "tokenizer.json");
    try (OnnxTextEncoder encoder =
            OnnxTextEncoder.open(setting.disk(), model, tokenizer, MAX_TOKENS, THREADS);
        PlainOnnx plain = PlainOnnx.open(setting.disk(), model, tokenizer, MAX_TOKENS, THREADS)) {
      rates(setting, report, encoder, plain, texts.subList(0, TIMED));
    }
    Path vectors =
        Path.of(
            System.getProperty("java.io.tmpdir", "."),
            "capsdb-" + ProcessHandle.current().pid() + ".npy");
    try {
      CommandRun embedded =
          CommandRun.of(
              List.of(
                  "embed",
                  "--onnx",
                  model.toString(),
                  "--tokenizer",
                  tokenizer.toString(),
                  "--input",
                  setting.file("products/products.jsonl.gz").toString(),
                  "--fields",
                  "title,description",
                  "--max-tokens",
                  String.valueOf(MAX_TOKENS),
                  "--threads",
                  String.valueOf(THREADS),
                  "--output",
                  vectors.toString()));
      cosines(setting, report, vectors, embedded);
    } finally {
      if (setting.disk().exists(vectors)) {
        setting.disk().delete(vectors);
      }
    }
  }

  private static void rates(
      Setting setting,
      Report report,
      OnnxTextEncoder encoder,
      PlainOnnx plain,
      List<Content> texts) {
    double own = Double.POSITIVE_INFINITY;
    double byHand = Double.POSITIVE_INFINITY;
    for (int round = 0; round < 2; round++) { // turn by turn: another load then hits both
      for (int from = 0; from < texts.size(); from += BATCH) {
        List<Content> batch = texts.subList(from, Math.min(texts.size(), from + BATCH));
        long begin = setting.nanoClock().getAsLong();
        encoder.embed(batch);
        long middle = setting.nanoClock().getAsLong();
        plain.embed(batch);
        long end = setting.nanoClock().getAsLong();
        own = Math.min(own, (middle - begin) / 1e9 / batch.size());
        byHand = Math.min(byHand, (end - middle) / 1e9 / batch.size());
      }
    }
    report.line(
        String.format(
            Locale.ROOT,
            "texts a second on %d threads: %.1f, ONNX Runtime by hand %.1f",
            THREADS,
            1 / own,
            1 / byHand));
    report.atLeast("rate against ONNX Runtime called by hand", byHand / own, 0.9);
  }

  /// What the command wrote, row by row beside what the makers' library gives.
  private static void cosines(Setting setting, Report report, Path vectors, CommandRun embedded)
      throws IOException {
    double least = 1;
    double sum = 0;
    long count = 0;
    try (RowSource got = RowSources.open(setting.disk(), vectors);
        RowSource wanted =
            RowSources.open(setting.disk(), setting.file("products/vectors-minilm.npy"))) {
      for (Optional<RowSource.Row> next = wanted.next(); next.isPresent(); next = wanted.next()) {
        float[] row = Objects.requireNonNull(next.get().vector());
        float[] vector = Objects.requireNonNull(got.next().orElseThrow().vector());
        double dot = 0;
        double length = 0;
        for (int k = 0; k < vector.length; k++) {
          dot += vector[k] * row[k];
          length += row[k] * row[k];
        }
        double cosine = dot / Math.sqrt(length);
        least = Math.min(least, cosine);
        sum += cosine;
        count++;
      }
    }
    report.line(
        String.format(
            Locale.ROOT,
            "capsdb embed --onnx: %,d texts, %.1f a second; cosine to the reference: mean %.6f,"
                + " least %.6f",
            count,
            embedded.rate(),
            sum / count,
            least));
    report.atLeast("least cosine, in thousandths", 1_000 * least, 999);
  }
}
