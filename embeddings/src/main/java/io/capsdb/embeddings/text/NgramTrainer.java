package io.capsdb.embeddings.text;

import io.capsdb.embeddings.training.Batches;
import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.vector.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/// Trains the vectors of n-grams so that a short text finds the long one it belongs to (for example
/// a title its product), and texts of a class lie together.
///
/// In each batch a short text is compared with all long ones (Oord et al., 2018), and long ones
/// with each other by class (Khosla et al., 2020). The gradients are closed; each n-gram has a rate
/// of its own (AdaGrad), so that rare ones learn as well as frequent ones. Plain Java.
public final class NgramTrainer {
  private final NgramTable table;
  private final NgramSettings settings;

  public NgramTrainer(NgramTable table, NgramSettings settings) {
    this.table = table;
    this.settings = settings;
  }

  /// Trains from the start.
  ///
  /// @param queries short texts
  /// @param documents the long text of each
  /// @param labels class of each; all -1 where there are none
  /// @param listener is told the epoch, from 0, and its mean loss
  /// @return the weights of the table
  /// @throws DivergedException if the loss is no number
  public float[] fit(
      List<String> queries,
      List<String> documents,
      int[] labels,
      BiConsumer<Integer, Double> listener) {
    int count = documents.size();
    if (queries.size() != count || labels.length != count) {
      throw new IllegalArgumentException(
          queries.size() + " queries, " + count + " documents, " + labels.length + " labels");
    }
    int[][] ofQueries = queries.stream().map(table::ngrams).toArray(int[][]::new);
    int[][] ofDocuments = documents.stream().map(table::ngrams).toArray(int[][]::new);
    float[] weights = start(ofDocuments);
    float[] squares = new float[table.buckets()];
    Arrays.fill(squares, 1e-8f);
    long steps = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      Batches batches = Batches.ofEpoch(settings.seed(), epoch, count, settings.batchRows());
      double lossSum = 0;
      for (int b = 0; b < batches.count(); b++) {
        int[] rows = batches.batch(b);
        double loss = step(weights, squares, rows, ofQueries, ofDocuments, labels);
        if (!Double.isFinite(loss)) {
          throw new DivergedException(loss, epoch, steps);
        }
        lossSum += loss;
        steps++;
      }
      listener.accept(epoch, lossSum / batches.count());
    }
    for (float weight : weights) {
      if (!Float.isFinite(weight)) { // vectors are brought to length 1: no loss shows it
        throw new DivergedException(Double.NaN, settings.epochs() - 1, steps);
      }
    }
    return weights;
  }

  /// Random vectors, longer for rarer n-grams: averages then begin as a random projection of
  /// weighted counts.
  private float[] start(int[][] documents) {
    int[] seenIn = new int[table.buckets()];
    for (int[] document : documents) {
      for (int bucket : Arrays.stream(document).distinct().toArray()) {
        seenIn[bucket]++;
      }
    }
    SplittableRandom random = new SplittableRandom(settings.seed());
    float[] weights = new float[table.weightCount()];
    double scale = 1 / Math.sqrt(table.dimension());
    double all = Math.log(documents.length + 1.0);
    for (int bucket = 0; bucket < table.buckets(); bucket++) {
      double rarity = Math.max(0.05, 1 - Math.log(seenIn[bucket] + 1.0) / all);
      for (int k = 0; k < table.dimension(); k++) {
        weights[bucket * table.dimension() + k] = (float) (scale * rarity * random.nextGaussian());
      }
    }
    return weights;
  }

  private double step(
      float[] weights,
      float[] squares,
      int[] rows,
      int[][] ofQueries,
      int[][] ofDocuments,
      int[] labels) {
    int n = rows.length;
    Side queries = new Side(weights, rows, ofQueries);
    Side documents = new Side(weights, rows, ofDocuments);
    double loss = pairs(queries, documents);
    if (settings.classShare() > 0) {
      int[] classes = new int[n];
      Arrays.setAll(classes, i -> labels[rows[i]]);
      loss += classes(documents, classes);
    }
    queries.update(weights, squares);
    documents.update(weights, squares);
    return loss;
  }

  /// Each query among all documents of the batch.
  private double pairs(Side queries, Side documents) {
    int n = queries.vectors.length;
    double loss = 0;
    double factor = 1 / (settings.temperature() * n);
    for (int i = 0; i < n; i++) {
      double[] shares = new double[n];
      for (int j = 0; j < n; j++) {
        shares[j] =
            Kernels.best().dot(queries.vectors[i], documents.vectors[j]) / settings.temperature();
      }
      softmax(shares, -1);
      loss -= Math.log(Math.max(shares[i], 1e-300)) / n;
      for (int j = 0; j < n; j++) {
        float g = (float) ((shares[j] - (i == j ? 1 : 0)) * factor);
        add(queries.gradients[i], g, documents.vectors[j]);
        add(documents.gradients[j], g, queries.vectors[i]);
      }
    }
    return loss;
  }

  /// Documents of a class among all of the batch.
  private double classes(Side documents, int[] classes) {
    int n = classes.length;
    double temperature = 2 * settings.temperature();
    double factor = settings.classShare() / (temperature * n);
    double loss = 0;
    for (int i = 0; i < n; i++) {
      int same = 0;
      for (int j = 0; j < n; j++) {
        same += j != i && classes[i] >= 0 && classes[j] == classes[i] ? 1 : 0;
      }
      if (same == 0) {
        continue;
      }
      double[] shares = new double[n];
      for (int j = 0; j < n; j++) {
        shares[j] = Kernels.best().dot(documents.vectors[i], documents.vectors[j]) / temperature;
      }
      softmax(shares, i);
      for (int j = 0; j < n; j++) {
        boolean isSame = j != i && classes[j] == classes[i];
        if (isSame) {
          loss -= settings.classShare() * Math.log(Math.max(shares[j], 1e-300)) / (same * n);
        }
        float g = (float) ((shares[j] - (isSame ? 1.0 / same : 0)) * factor);
        add(documents.gradients[i], g, documents.vectors[j]);
        add(documents.gradients[j], g, documents.vectors[i]);
      }
    }
    return loss;
  }

  private static void softmax(double[] values, int except) {
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < values.length; j++) {
      most = j == except ? most : Math.max(most, values[j]);
    }
    double sum = 0;
    for (int j = 0; j < values.length; j++) {
      values[j] = j == except ? 0 : Math.exp(values[j] - most);
      sum += values[j];
    }
    for (int j = 0; j < values.length; j++) {
      values[j] /= sum;
    }
  }

  private static void add(float[] to, float factor, float[] what) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * what[k];
    }
  }

  /// The texts of a batch on one side: their vectors, and the gradients at them.
  private final class Side {
    private final int[][] ngrams;
    private final float[][] vectors;
    private final float[][] gradients;
    private final float[] lengths;

    Side(float[] weights, int[] rows, int[][] all) {
      ngrams = new int[rows.length][];
      vectors = new float[rows.length][];
      gradients = new float[rows.length][table.dimension()];
      lengths = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        ngrams[i] = all[rows[i]];
        vectors[i] = table.sum(weights, ngrams[i]);
        lengths[i] = NgramTable.normalize(vectors[i]);
      }
    }

    void update(float[] weights, float[] squares) {
      int dimension = table.dimension();
      for (int i = 0; i < ngrams.length; i++) {
        if (lengths[i] == 0) {
          continue;
        }
        // Back through the division by the length: what points along the vector has no effect.
        float[] g = gradients[i];
        add(g, -Kernels.best().dot(g, vectors[i]), vectors[i]);
        float square = Kernels.best().dot(g, g) / (lengths[i] * lengths[i] * dimension);
        for (int bucket : ngrams[i]) {
          squares[bucket] += square;
          float rate =
              (float) (settings.learningRate() / (lengths[i] * Math.sqrt(squares[bucket])));
          int at = bucket * dimension;
          for (int k = 0; k < dimension; k++) {
            weights[at + k] -= rate * g[k];
          }
        }
      }
    }
  }
}
