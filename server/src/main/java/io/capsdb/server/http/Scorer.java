package io.capsdb.server.http;

import io.capsdb.vector.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Scores of stored vectors by examples; higher is better. A *similarity* is the score of the
/// metric, negated where smaller scores are nearer, and the squared distance, negated, where it is
/// Euclid: what clients of this API know.
///
/// @param function of a stored vector
record Scorer(ToDoubleFunction<float[]> function) {
  /// A wanted and an unwanted vector.
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Pair(float[] positive, float[] negative) {}

  double score(float[] stored) {
    return function.applyAsDouble(stored);
  }

  /// The mean of the positive ones, moved as far again from the mean of the negative ones.
  static float[] average(List<float[]> positive, List<float[]> negative) {
    float[] mean = mean(positive);
    if (negative.isEmpty()) {
      return mean;
    }
    float[] away = mean(negative);
    for (int i = 0; i < mean.length; i++) {
      mean[i] += mean[i] - away[i];
    }
    return mean;
  }

  private static float[] mean(List<float[]> vectors) {
    double[] sums = new double[vectors.getFirst().length];
    for (float[] vector : vectors) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += vector[i];
      }
    }
    float[] mean = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      mean[i] = (float) (sums[i] / vectors.size());
    }
    return mean;
  }

  /// By the most similar example: above 0 where that is a positive one, below where it is negative.
  static Scorer best(Metric metric, List<float[]> positive, List<float[]> negative) {
    return new Scorer(
        stored -> {
          double most = most(metric, positive, stored);
          double worst = most(metric, negative, stored);
          return most > worst ? sigmoid(most) : -sigmoid(worst);
        });
  }

  /// Similarities to the positive ones less those to the negative ones.
  static Scorer sum(Metric metric, List<float[]> positive, List<float[]> negative) {
    return new Scorer(
        stored -> {
          double sum = 0;
          for (float[] example : positive) {
            sum += similarity(metric, example, stored);
          }
          for (float[] example : negative) {
            sum -= similarity(metric, example, stored);
          }
          return sum;
        });
  }

  /// With a target, by the number of pairs on whose positive side a vector lies, and among equal
  /// ones by the similarity to the target. Without one, 0 where it lies on the positive side of all
  /// pairs, and less the farther it is from that.
  static Scorer discover(Metric metric, Optional<float[]> target, List<Pair> pairs) {
    return new Scorer(
        stored -> {
          double rank = 0;
          double loss = 0;
          for (Pair pair : pairs) {
            double difference =
                similarity(metric, pair.positive(), stored)
                    - similarity(metric, pair.negative(), stored);
            rank += Math.signum(difference);
            loss += fraction(Math.min(0, difference));
          }
          return target.isPresent()
              ? rank + sigmoid(similarity(metric, target.get(), stored))
              : loss;
        });
  }

  /// The similarity to the target, and for each pair of examples of which one was rated higher, how
  /// much more similar a vector is to that one, by the power of how much higher.
  ///
  /// @param scores what each example was rated
  static Scorer feedback(
      Metric metric,
      float[] target,
      List<float[]> examples,
      double[] scores,
      QueryBody.Strength strength) {
    double[] weights = new double[scores.length];
    for (int i = 0; i < weights.length; i++) {
      for (double other : scores) {
        double lead = scores[i] - other;
        if (lead != 0) {
          weights[i] += Math.signum(lead) * Math.pow(Math.abs(lead), strength.exponent());
        }
      }
    }
    return new Scorer(
        stored -> {
          double sum = strength.target() * similarity(metric, target, stored);
          for (int i = 0; i < weights.length; i++) {
            sum += strength.pair() * weights[i] * similarity(metric, examples.get(i), stored);
          }
          if (!Float.isFinite((float) sum)) {
            throw new IllegalArgumentException("relevance_feedback: a score is " + sum);
          }
          return sum;
        });
  }

  private static double most(Metric metric, List<float[]> examples, float[] stored) {
    double most = Double.NEGATIVE_INFINITY;
    for (float[] example : examples) {
      most = Math.max(most, similarity(metric, example, stored));
    }
    return most;
  }

  /// Between -1 and 1, rising.
  private static double fraction(double x) {
    return Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
  }

  /// Between 0 and 1, rising.
  private static double sigmoid(double x) {
    return (fraction(x) + 1) / 2;
  }

  static double similarity(Metric metric, float[] a, float[] b) {
    return switch (metric) {
      case COSINE, DOT -> product(a, b);
      case EUCLID -> -squares(a, b);
      case MANHATTAN -> -differences(a, b);
    };
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double squares(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double differences(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((double) a[i] - b[i]);
    }
    return sum;
  }
}
