package io.capsdb.embeddings.binary;

/// The two sides between which an estimator balances; smaller is better for both.
///
/// @param estimatingError length of the difference between what is derived and the signs
/// @param gradientStability variance of the absolute gradients
public record EstimatorIndicators(double estimatingError, double gradientStability) {
  /// Of values before the sign and the gradients at them, row by row.
  static EstimatorIndicators of(
      SignEstimator estimator, double steepness, float[][] z, float[][] gradient) {
    double error = 0;
    double sum = 0;
    double square = 0;
    long count = 0;
    for (int i = 0; i < z.length; i++) {
      for (int b = 0; b < z[i].length; b++) {
        double difference = estimator.smooth(z[i][b], steepness) - (z[i][b] >= 0 ? 1 : -1);
        error += difference * difference;
        double size = Math.abs(gradient[i][b]);
        sum += size;
        square += size * size;
        count++;
      }
    }
    double mean = sum / count;
    return new EstimatorIndicators(Math.sqrt(error), square / count - mean * mean);
  }
}
