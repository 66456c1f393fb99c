package io.capsdb.embeddings.experiment;

import io.capsdb.embeddings.averaging.CenteredLayerwiseSubspace;
import io.capsdb.embeddings.averaging.CheckpointBank;
import io.capsdb.embeddings.averaging.GreedySoup;
import io.capsdb.embeddings.averaging.RandomSubspace;
import io.capsdb.embeddings.averaging.SchmidtSubspace;
import io.capsdb.embeddings.averaging.TwaConfig;
import io.capsdb.embeddings.averaging.TwaResult;
import io.capsdb.embeddings.averaging.WeightSubspace;
import io.capsdb.embeddings.data.LabelledSet;
import java.io.IOException;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Trainable weight averaging against the last checkpoint, plain means and soups, on images.
final class TwaExperiment implements Experiment {
  private static final int TRAIN = 2_300;
  private static final int TEST_FROM = 2_615;
  private static final String LAST = "last checkpoint";
  private static final String SWA = "SWA, all";
  private static final String SWA_HALF = "SWA, second half";
  private static final String TWA = "TWA A, lr 1";
  private static final String RANDOM = "random subspace, lr 1";
  private static final String LAYERS = "TWA B, lr 0.03";
  private static final String SOUP_UNIFORM = "soup, uniform";
  private static final String SOUP_BEST = "soup, best member by validation";
  private static final String SOUP_TWA = "soup, TWA B";

  @Override
  public String name() {
    return "twa";
  }

  @Override
  public String what() {
    return "trainable weight averaging against the last checkpoint, SWA and soups (Fashion-MNIST)";
  }

  @Override
  public void run(Setting setting, Report report) throws IOException {
    LabelledSet set = FashionData.read(setting, FashionData.SUBSET);
    Figures figures = new Figures();
    for (int seed = 1; seed <= setting.seeds(5); seed++) {
      try (MlpRun run = new MlpRun(set.slice(0, TRAIN), set.slice(TEST_FROM, set.size()), seed)) {
        averages(run, figures, report, seed == 1);
        soups(run, set.slice(TRAIN, TEST_FROM), figures, seed);
      }
    }
    report.table("Test accuracy in %, 2,300 training and 1,000 test images:", figures);
    report.line(
        String.format(
            Locale.ROOT,
            "smallest gain over SWA with the same seed: TWA %.2f, TWA B %.2f",
            figures.leastGain(TWA, SWA),
            figures.leastGain(LAYERS, SWA)));
    report.atLeast("TWA over the last checkpoint", gain(figures, TWA, LAST), 1.5);
    report.atLeast("TWA over SWA of the same checkpoints", gain(figures, TWA, SWA), 1.0);
    report.atLeast("TWA over SWA of the second half", gain(figures, TWA, SWA_HALF), -0.2);
    report.atMost("random subspace over SWA (control)", gain(figures, RANDOM, SWA), 0.5);
    report.atLeast("TWA B over the last checkpoint", gain(figures, LAYERS, LAST), 1.5);
    report.atLeast("TWA B over SWA", gain(figures, LAYERS, SWA), 1.0);
    report.atMost("TWA B, 8 bits against floats", Math.abs(gain(figures, bits(8), LAYERS)), 0.5);
    report.atMost("TWA B, 4 bits against floats", Math.abs(gain(figures, bits(4), LAYERS)), 1.0);
    report.atLeast("soup: TWA B over the uniform mean", gain(figures, SOUP_TWA, SOUP_UNIFORM), 20);
    report.atLeast("soup: TWA B over the best member", gain(figures, SOUP_TWA, SOUP_BEST), -2.5);
    report.line("1 bit is known to collapse with some seeds; it has no bar.");
    if (!setting.isShort()) {
      narrow(set, report);
      full(setting, report);
    }
  }

  /// How much of the gain hangs on where the run began: all checkpoints have a part of that, and it
  /// is what the plain mean cannot leave out.
  private static void narrow(LabelledSet set, Report report) throws IOException {
    Figures figures = new Figures();
    for (int seed = 1; seed <= 5; seed++) {
      try (MlpRun run = new MlpRun(set.slice(0, TRAIN), set.slice(TEST_FROM, set.size()), seed)) {
        CheckpointBank bank = run.base(run.narrowStart());
        compare(run, bank, seed, figures);
      }
    }
    report.table(
        "The same from weights that begin as PyTorch begins them, narrower (no bars):", figures);
    report.line(
        String.format(
            Locale.ROOT,
            "TWA over SWA of the same checkpoints: %.2f, TWA B: %.2f",
            gain(figures, TWA, SWA),
            gain(figures, LAYERS, SWA)));
  }

  private static double gain(Figures figures, String method, String over) {
    return figures.mean(method) - figures.mean(over);
  }

  private static String bits(int bits) {
    return LAYERS + ", " + bits + " bits";
  }

  private static void averages(MlpRun run, Figures figures, Report report, boolean isFirst)
      throws IOException {
    CheckpointBank bank = run.base();
    int half = bank.size() / 2;
    figures.add(LAST, run.accuracy(bank.last()));
    figures.add(SWA, run.accuracy(bank.mean()));
    figures.add(SWA_HALF, run.accuracy(bank.mean(half, bank.size())));
    SchmidtSubspace schmidt = SchmidtSubspace.of(bank);
    for (double rate : new double[] {0.3, 1, 2}) {
      TwaResult result = run.average(schmidt, TwaConfig.schmidt(rate, 3, run.seed()));
      figures.add(
          rate == 1 ? TWA : "TWA A, lr " + (rate == 2 ? "2" : "0.3"),
          run.accuracy(result.weights()));
      if (rate == 1 && isFirst) {
        exact(schmidt, bank, result, report);
      }
    }
    figures.add(
        RANDOM,
        run.accuracy(
            run.average(RandomSubspace.like(bank, run.seed()), TwaConfig.schmidt(1, 3, run.seed()))
                .weights()));
    for (int bits : new int[] {CenteredLayerwiseSubspace.FLOATS, 8, 4, 1}) {
      WeightSubspace layers = CenteredLayerwiseSubspace.of(bank, run.blockSizes(), bits);
      TwaResult result = run.average(layers, TwaConfig.layerwise(0.03, 3, run.seed()));
      figures.add(
          bits == CenteredLayerwiseSubspace.FLOATS ? LAYERS : bits(bits),
          run.accuracy(result.weights()));
    }
  }

  private static void exact(
      SchmidtSubspace schmidt, CheckpointBank bank, TwaResult result, Report report) {
    report.atMost("largest entry of P Pt - I", schmidt.orthogonalityError(), 1e-4);
    float[] back = new float[schmidt.coefficientCount()];
    float[] composed = new float[schmidt.dimension()];
    schmidt.project(result.weights().clone(), back);
    schmidt.compose(back, composed);
    report.atMost(
        "distance of the weights to the span", distance(composed, result.weights()), 1e-4);
    double[] factors = schmidt.ofCheckpoints(result.coefficients());
    float[] mixed = new float[schmidt.dimension()];
    for (int i = 0; i < factors.length; i++) {
      for (int k = 0; k < mixed.length; k++) {
        mixed[k] += (float) (factors[i] * bank.get(i)[k]);
      }
    }
    report.atMost("weights as a sum of checkpoints", distance(mixed, result.weights()), 1e-3);
  }

  /// Relative to the second.
  private static double distance(float[] a, float[] b) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (double) (a[i] - b[i]) * (a[i] - b[i]);
      length += (double) b[i] * b[i];
    }
    return Math.sqrt(difference / length);
  }

  private static void soups(MlpRun run, LabelledSet held, Figures figures, int seed)
      throws IOException {
    CheckpointBank members = run.soup(seed);
    ToDoubleFunction<float[]> validation = run.scoreOn(held);
    double best = Double.NEGATIVE_INFINITY;
    int bestMember = 0;
    for (int i = 0; i < members.size(); i++) {
      double score = validation.applyAsDouble(members.get(i));
      if (score > best) {
        best = score;
        bestMember = i;
      }
    }
    figures.add(SOUP_BEST, run.accuracy(members.get(bestMember)));
    figures.add(SOUP_UNIFORM, run.accuracy(members.mean()));
    figures.add("soup, greedy", run.accuracy(GreedySoup.average(members, validation)));
    WeightSubspace layers =
        CenteredLayerwiseSubspace.of(members, run.blockSizes(), CenteredLayerwiseSubspace.FLOATS);
    figures.add(
        SOUP_TWA, run.accuracy(run.average(layers, TwaConfig.layerwise(0.03, 3, seed)).weights()));
  }

  private static void full(Setting setting, Report report) throws IOException {
    LabelledSet set = FashionData.read(setting, Integer.MAX_VALUE);
    int testFrom = set.size() - 10_000;
    Figures figures = new Figures();
    for (int seed = 1; seed <= 3; seed++) {
      try (MlpRun run = new MlpRun(set.slice(0, testFrom), set.slice(testFrom, set.size()), seed)) {
        compare(run, run.base(), seed, figures);
      }
    }
    report.table(
        "Test accuracy in %, full set: 50,000 training and 10,000 test images (no bars):", figures);
  }

  private static void compare(MlpRun run, CheckpointBank bank, int seed, Figures figures) {
    figures.add(LAST, run.accuracy(bank.last()));
    figures.add(SWA, run.accuracy(bank.mean()));
    figures.add(SWA_HALF, run.accuracy(bank.mean(bank.size() / 2, bank.size())));
    figures.add(
        TWA,
        run.accuracy(
            run.average(SchmidtSubspace.of(bank), TwaConfig.schmidt(1, 3, seed)).weights()));
    WeightSubspace layers =
        CenteredLayerwiseSubspace.of(bank, run.blockSizes(), CenteredLayerwiseSubspace.FLOATS);
    figures.add(
        LAYERS, run.accuracy(run.average(layers, TwaConfig.layerwise(0.03, 3, seed)).weights()));
  }
}
