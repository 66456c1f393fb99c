package io.capsdb.embeddings.experiment;

import io.capsdb.embeddings.binary.BaselineCodes;
import io.capsdb.embeddings.binary.BinaryCodeConfig;
import io.capsdb.embeddings.binary.BinaryCodeTrainer;
import io.capsdb.embeddings.binary.CentredRows;
import io.capsdb.embeddings.binary.CodeSearch;
import io.capsdb.embeddings.binary.Neighbours;
import io.capsdb.embeddings.binary.RectifiedStraightThroughEstimator;
import io.capsdb.embeddings.binary.SignEstimator;
import io.capsdb.embeddings.binary.StraightThroughEstimator;
import io.capsdb.embeddings.binary.TrainingRows;
import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.LabelledSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Learned binary codes with three estimators, against ITQ and random projections.
final class ResteExperiment implements Experiment {
  private static final int BASE = 3_115;
  private static final int K = 10;
  private static final int FULL_QUERIES = 1_000;
  /// The least that is more than none.
  private static final double ABOVE = 1e-9;

  private static final String SRP = "sign random projection";
  private static final String ITQ = "ITQ";
  private static final SignEstimator RESTE = new RectifiedStraightThroughEstimator();
  private static final SignEstimator WINDOWED =
      new StraightThroughEstimator(StraightThroughEstimator.Window.HARD_TANH);
  private static final SignEstimator IDENTITY =
      new StraightThroughEstimator(StraightThroughEstimator.Window.NONE);

  @Override
  public String name() {
    return "reste";
  }

  @Override
  public String what() {
    return "learned binary codes (ReSTE) against ITQ, random projections and other estimators";
  }

  @Override
  public void run(Setting setting, Report report) throws IOException {
    LabelledSet set = FashionData.read(setting, FashionData.SUBSET);
    CentredRows base = CentredRows.of(vectors(set.slice(0, BASE)));
    float[][] queries =
        CentredRows.around(base.mean(), vectors(set.slice(BASE, set.size()))).rows();
    int[][] truth = Neighbours.of(queries, base.rows(), K);
    for (int bits : setting.isShort() ? new int[] {64} : new int[] {32, 64}) {
      measure(bits, setting.isShort() ? 1 : 5, base, queries, truth, report);
    }
    if (!setting.isShort()) {
      full(setting, report);
    }
  }

  /// All images but the last thousand, which are the queries.
  private static void full(Setting setting, Report report) throws IOException {
    LabelledSet set = FashionData.read(setting, Integer.MAX_VALUE);
    int count = set.size() - FULL_QUERIES;
    CentredRows base = CentredRows.of(vectors(set.slice(0, count)));
    float[][] queries =
        CentredRows.around(base.mean(), vectors(set.slice(count, set.size()))).rows();
    int[][] truth = Neighbours.of(queries, base.rows(), K);
    for (int bits : new int[] {32, 64}) {
      BinaryCodeConfig config = BinaryCodeConfig.of(bits);
      TrainingRows training = TrainingRows.of(base, config);
      Figures found = new Figures();
      add(found, ITQ, training.iterativeQuantization(1), base, queries, truth);
      for (SignEstimator estimator : List.of(WINDOWED, RESTE)) {
        float[][] matrix = new BinaryCodeTrainer(config, estimator).fit(training, 1).matrix();
        add(found, estimator.name(), matrix, base, queries, truth);
      }
      report.table(
          String.format(
              Locale.ROOT,
              "%d bits, full set: %,d images and %,d queries, one seed (no bars)",
              bits,
              count,
              FULL_QUERIES),
          found);
    }
  }

  static List<float[]> vectors(LabelledSet set) {
    List<float[]> vectors = new ArrayList<>();
    for (Content content : set.contents()) {
      byte[] pixels = ((Content.Pixels) content).values();
      float[] vector = new float[pixels.length];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = pixels[i] & 0xff;
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private static void measure(
      int bits, int seeds, CentredRows base, float[][] queries, int[][] truth, Report report) {
    BinaryCodeConfig config = BinaryCodeConfig.of(bits);
    TrainingRows training = TrainingRows.of(base, config);
    Figures found = new Figures();
    Figures errors = new Figures();
    for (int seed = 1; seed <= seeds; seed++) {
      add(
          found,
          SRP,
          BaselineCodes.signRandomProjection(FashionData.PIXELS, bits, seed),
          base,
          queries,
          truth);
      add(found, ITQ, training.iterativeQuantization(seed), base, queries, truth);
      for (SignEstimator estimator : List.of(IDENTITY, WINDOWED, RESTE)) {
        BinaryCodeTrainer.Result result =
            new BinaryCodeTrainer(config, estimator).fit(training, seed);
        add(found, estimator.name(), result.matrix(), base, queries, truth);
        errors.add(
            estimator.name() + ", estimating error",
            result.indicators().getLast().estimatingError());
        errors.add(
            estimator.name() + ", gradient stability x 1e9",
            1e9 * result.indicators().getLast().gradientStability());
        errors.add(estimator.name() + ", loss", result.loss().getLast());
      }
    }
    report.table(
        bits
            + " bits: recall@10 in % after ranking the nearest R codes again (H: codes only,"
            + " A: query as floats)",
        found);
    report.table(bits + " bits: at the end of the training", errors);
    String at = bits + " bits, H50: ";
    double reste = found.mean("H50 " + RESTE.name());
    report.atLeast(at + "ReSTE over ITQ", reste - found.mean("H50 " + ITQ), bits == 32 ? 3 : 2.5);
    report.atLeast(at + "ReSTE over identity STE", reste - found.mean("H50 " + IDENTITY.name()), 6);
    report.atLeast(
        at + "ReSTE over windowed STE",
        reste - found.mean("H50 " + WINDOWED.name()),
        bits == 32 ? ABOVE : -0.5);
    if (bits == 64) {
      report.atLeast(at + "ReSTE over random projections", reste - found.mean("H50 " + SRP), 15);
    }
    report.atMost(
        bits + " bits: estimating error of ReSTE against windowed STE",
        errors.mean(RESTE.name() + ", estimating error")
            / errors.mean(WINDOWED.name() + ", estimating error"),
        0.7);
  }

  private static void add(
      Figures found,
      String method,
      float[][] matrix,
      CentredRows base,
      float[][] queries,
      int[][] truth) {
    CodeSearch search = new CodeSearch(matrix, base.rows());
    for (int candidates : new int[] {10, 50, 100}) {
      found.add("H" + candidates + " " + method, search.recall(queries, truth, candidates, false));
    }
    found.add("A50 " + method, search.recall(queries, truth, 50, true));
  }
}
