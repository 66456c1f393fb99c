package io.capsdb.embeddings.experiment;

import io.capsdb.embeddings.binary.Neighbours;
import io.capsdb.embeddings.text.NgramSettings;
import io.capsdb.embeddings.text.NgramTable;
import io.capsdb.embeddings.text.NgramTrainer;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// The trained text encoder on shop products, against the vectors of latent semantic analysis that
/// come with them; in the short form against itself before training.
final class ProductsExperiment implements Experiment {
  private static final int K = 10;

  /// Every so many products one is held out.
  private static final int HELD_OUT = 10;

  private static final int DIMENSION = 128;
  private static final String TRAINED = "trained n-grams";
  private static final String UNTRAINED = "n-grams before training";
  private static final String LSA = "LSA vectors";
  private static final String CATEGORY = ", same category in the top 10";
  private static final String OWN = ", own product in the top 10 of its title";

  @Override
  public String name() {
    return "products";
  }

  @Override
  public String what() {
    return "the trained text encoder against LSA vectors, on shop products held out from training";
  }

  @Override
  public void run(Setting setting, Report report) throws IOException {
    ProductTexts products = ProductTexts.read(setting);
    int[] held = IntStream.range(0, products.size()).filter(i -> i % HELD_OUT == 0).toArray();
    int[] rest = IntStream.range(0, products.size()).filter(i -> i % HELD_OUT != 0).toArray();
    Figures figures = new Figures();
    NgramTable table = new NgramTable(setting.isShort() ? 1 << 14 : 1 << 16, DIMENSION);
    double seconds = 0;
    for (int seed = 1; seed <= (setting.isShort() ? 1 : 3); seed++) {
      NgramSettings settings = NgramSettings.of(setting.isShort() ? 4 : 6, seed);
      long begin = setting.nanoClock().getAsLong();
      float[] weights = train(table, settings, products, rest);
      seconds += (setting.nanoClock().getAsLong() - begin) / 1e9;
      measure(TRAINED, table, weights, products, held, figures);
      NgramSettings none = new NgramSettings(1, 256, 1e-9, 0.05, 0, seed);
      measure(UNTRAINED, table, train(table, none, products, rest), products, held, figures);
      if (!setting.isShort()) {
        lsa(setting, products, held, figures, report, seed == 1);
      }
    }
    report.table(
        String.format(
            Locale.ROOT,
            "In %%, %,d products, of which %,d were held out and are the queries:",
            products.size(),
            held.length),
        figures);
    report.line(String.format(Locale.ROOT, "trained for %.1f s in all", seconds));
    if (setting.isShort()) {
      // So few products are found by their titles in any case; training must not spoil that.
      report.atLeast(
          TRAINED + " over " + UNTRAINED + CATEGORY, gain(figures, UNTRAINED, CATEGORY), 10);
      report.atLeast(TRAINED + " over " + UNTRAINED + OWN, gain(figures, UNTRAINED, OWN), -4);
      return;
    }
    for (String what : List.of(CATEGORY, OWN)) {
      report.atLeast(TRAINED + " over " + LSA + what, gain(figures, LSA, what), 0.1);
    }
  }

  private static double gain(Figures figures, String baseline, String what) {
    return figures.mean(TRAINED + what) - figures.mean(baseline + what);
  }

  private static float[] train(
      NgramTable table, NgramSettings settings, ProductTexts products, int[] rows) {
    return new NgramTrainer(table, settings)
        .fit(
            IntStream.of(rows).mapToObj(products.titles()::get).toList(),
            IntStream.of(rows).mapToObj(products.texts()::get).toList(),
            IntStream.of(rows).map(i -> products.labels()[i]).toArray(),
            (_, _) -> {});
  }

  private static void measure(
      String method,
      NgramTable table,
      float[] weights,
      ProductTexts products,
      int[] held,
      Figures figures) {
    float[][] all =
        products.texts().stream().map(t -> table.embed(weights, t)).toArray(float[][]::new);
    float[][] titles =
        IntStream.of(held)
            .mapToObj(i -> table.embed(weights, products.titles().get(i)))
            .toArray(float[][]::new);
    add(method, all, titles, products, held, figures);
  }

  private static void lsa(
      Setting setting,
      ProductTexts products,
      int[] held,
      Figures figures,
      Report report,
      boolean isFirst)
      throws IOException {
    List<float[]> vectors = new ArrayList<>();
    try (RowSource rows =
        RowSources.open(setting.disk(), setting.file("products/vectors-lsa128.fvecs.gz"))) {
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        vectors.add(Objects.requireNonNull(next.get().vector()));
      }
    }
    float[][] all = vectors.toArray(float[][]::new);
    LsaFolding folding = new LsaFolding(products.texts(), all);
    float[][] titles =
        IntStream.of(held)
            .mapToObj(i -> folding.fold(products.titles().get(i)))
            .toArray(float[][]::new);
    add(LSA, all, titles, products, held, figures);
    if (isFirst) {
      double cosine = 0;
      for (int i : held) {
        cosine += cosine(folding.fold(products.texts().get(i)), all[i]) / held.length;
      }
      report.line(
          String.format(
              Locale.ROOT,
              "Titles are folded into the LSA space; whole texts come to their own vectors with a"
                  + " cosine of %.4f.",
              cosine));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double lengths = 0;
    double other = 0;
    for (int k = 0; k < a.length; k++) {
      dot += a[k] * b[k];
      lengths += a[k] * a[k];
      other += b[k] * b[k];
    }
    return dot / Math.sqrt(lengths * other);
  }

  private static void add(
      String method,
      float[][] all,
      float[][] titles,
      ProductTexts products,
      int[] held,
      Figures figures) {
    float[][] queries = IntStream.of(held).mapToObj(i -> all[i]).toArray(float[][]::new);
    int[][] near = Neighbours.of(queries, all, K + 1);
    int[][] ofTitles = Neighbours.of(titles, all, K);
    double same = 0;
    double own = 0;
    for (int q = 0; q < held.length; q++) {
      int self = held[q];
      same +=
          (double)
                  IntStream.of(near[q])
                      .filter(i -> i != self)
                      .limit(K)
                      .filter(i -> products.labels()[i] == products.labels()[self])
                      .count()
              / K;
      own += IntStream.of(ofTitles[q]).anyMatch(i -> i == self) ? 1 : 0;
    }
    figures.add(method + CATEGORY, 100 * same / held.length);
    figures.add(method + OWN, 100 * own / held.length);
  }
}
