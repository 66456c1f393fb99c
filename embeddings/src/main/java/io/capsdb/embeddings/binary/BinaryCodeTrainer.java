package io.capsdb.embeddings.binary;

import io.capsdb.embeddings.training.AdamW;
import io.capsdb.embeddings.training.Batches;
import io.capsdb.embeddings.training.DivergedException;
import io.capsdb.embeddings.training.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Trains the matrix of a binary code so that rows which are near have codes that agree.
///
/// In a batch, the softmax over the similarities of a row to all others is compared with that over
/// the agreements of their codes, by the divergence of Kullback and Leibler. The gradient at the
/// codes is closed, that at the signs comes from a [SignEstimator]; so there is no need for
/// automatic differentiation, and it is plain Java. It begins at the codes of ITQ, scaled so that
/// the values before the signs have a mean size of 1: the estimators' windows assume that.
///
/// The recipe around the estimator is ours; the paper of ReSTE trains binary networks with it.
public final class BinaryCodeTrainer {
  private final BinaryCodeConfig config;
  private final SignEstimator estimator;

  /// What a training ends with.
  ///
  /// @param matrix bits x dimension, for centred rows
  /// @param loss mean of each epoch
  /// @param indicators of a batch of each epoch, the last one that is full
  @SuppressWarnings("ArrayRecordComponent") // owned by the receiver
  public record Result(float[][] matrix, List<Double> loss, List<EstimatorIndicators> indicators) {}

  public BinaryCodeTrainer(BinaryCodeConfig config, SignEstimator estimator) {
    this.config = config;
    this.estimator = estimator;
  }

  /// Trains; equal seeds give equal codes.
  public Result fit(TrainingRows training, long seed) {
    CentredRows rows = training.rows();
    int[][] neighbours = training.neighbours();
    float[] flat = start(rows, training.iterativeQuantization(seed));
    AdamW optimizer = new AdamW(0);
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> losses = new ArrayList<>();
    List<EstimatorIndicators> indicators = new ArrayList<>();
    int perEpoch = Batches.count(rows.rows().length, config.anchors());
    long steps = 0;
    Batch batch = new Batch(flat.length);
    for (int epoch = 0; epoch < config.epochs(); epoch++) {
      double steepness = estimator.steepness(epoch, config.epochs());
      Batches batches = Batches.ofEpoch(seed, epoch, rows.rows().length, config.anchors());
      double lossSum = 0;
      for (int i = 0; i < perEpoch; i++) {
        int[] anchors = batches.batch(i);
        float[][] x = new float[2 * anchors.length][];
        for (int a = 0; a < anchors.length; a++) {
          int[] near = neighbours[anchors[a]];
          x[a] = rows.rows()[anchors[a]];
          x[anchors.length + a] = rows.rows()[near[random.nextInt(near.length)]];
        }
        double loss = batch.gradient(flat, x, steepness, i == Math.max(0, perEpoch - 2));
        if (!Double.isFinite(loss)) {
          throw new DivergedException(loss, epoch, steps);
        }
        lossSum += loss;
        double rate =
            config.learningRate()
                * Schedule.COSINE.factor(steps, (long) perEpoch * config.epochs());
        optimizer.step(flat, batch.gradient, rate);
        steps++;
      }
      losses.add(lossSum / perEpoch);
      indicators.add(batch.indicators);
    }
    return new Result(rows(flat, rows.dimension()), losses, indicators);
  }

  private static float[] start(CentredRows rows, float[][] matrix) {
    double sum = 0;
    for (float[] values : Matrices.products(rows.rows(), matrix)) {
      for (float value : values) {
        sum += Math.abs(value);
      }
    }
    float factor = (float) ((double) rows.rows().length * matrix.length / sum);
    float[] flat = new float[matrix.length * rows.dimension()];
    for (int b = 0; b < matrix.length; b++) {
      for (int k = 0; k < rows.dimension(); k++) {
        flat[b * rows.dimension() + k] = factor * matrix[b][k];
      }
    }
    return flat;
  }

  private static float[][] rows(float[] flat, int dimension) {
    float[][] matrix = new float[flat.length / dimension][dimension];
    for (int b = 0; b < matrix.length; b++) {
      System.arraycopy(flat, b * dimension, matrix[b], 0, dimension);
    }
    return matrix;
  }

  /// Loss and gradient of one batch.
  private final class Batch {
    private final float[] gradient;
    private EstimatorIndicators indicators = new EstimatorIndicators(0, 0);

    Batch(int size) {
      gradient = new float[size];
    }

    double gradient(float[] flat, float[][] x, double steepness, boolean isIndicated) {
      int n = x.length;
      int bits = config.bits();
      float[][] z = Matrices.products(x, BinaryCodeTrainer.rows(flat, x[0].length));
      float[][] code = new float[n][bits];
      for (int i = 0; i < n; i++) {
        for (int b = 0; b < bits; b++) {
          code[i][b] = z[i][b] >= 0 ? 1 : -1;
        }
      }
      float[][] wanted = Matrices.products(x, x);
      float[][] got = Matrices.products(code, code);
      double loss = 0;
      float[][] difference = new float[n][n];
      for (int i = 0; i < n; i++) {
        double[] p = softmax(wanted[i], i, config.similarity());
        double[] q = softmax(got[i], i, bits * config.agreement());
        for (int j = 0; j < n; j++) {
          if (p[j] > 0) {
            loss += p[j] * Math.log(p[j] / Math.max(q[j], 1e-300));
          }
          difference[i][j] = (float) ((q[j] - p[j]) / (n * bits * config.agreement()));
        }
      }
      float[][] atZ = new float[n][bits];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          // The agreement of i and j stands in the rows of both.
          Matrices.add(atZ[i], difference[i][j] + difference[j][i], code[j]);
        }
        for (int b = 0; b < bits; b++) {
          atZ[i][b] *= (float) estimator.backwardScale(z[i][b], steepness);
        }
      }
      if (isIndicated) {
        indicators = EstimatorIndicators.of(estimator, steepness, z, atZ);
      }
      gradientOfMatrix(x, atZ);
      return loss / n;
    }

    private void gradientOfMatrix(float[][] x, float[][] atZ) {
      int dimension = x[0].length;
      float[] row = new float[dimension];
      for (int b = 0; b < config.bits(); b++) {
        java.util.Arrays.fill(row, 0);
        for (int i = 0; i < x.length; i++) {
          if (atZ[i][b] != 0) {
            Matrices.add(row, atZ[i][b], x[i]);
          }
        }
        System.arraycopy(row, 0, gradient, b * dimension, dimension);
      }
    }
  }

  /// Softmax of a row without its own place.
  private static double[] softmax(float[] values, int own, double temperature) {
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < values.length; j++) {
      most = j == own ? most : Math.max(most, values[j] / temperature);
    }
    double[] shares = new double[values.length];
    double sum = 0;
    for (int j = 0; j < values.length; j++) {
      shares[j] = j == own ? 0 : Math.exp(values[j] / temperature - most);
      sum += shares[j];
    }
    for (int j = 0; j < values.length; j++) {
      shares[j] /= sum;
    }
    return shares;
  }
}
