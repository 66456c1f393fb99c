package io.capsdb.embeddings.binary;

/// Rows with what every training on them begins with, found once: their principal axes and their
/// exact neighbours.
@SuppressWarnings("ArrayRecordComponent") // read only
public record TrainingRows(CentredRows rows, float[][] axes, int[][] neighbours) {
  /// @throws IllegalArgumentException if there are too few rows, or more bits than values in a row
  public static TrainingRows of(CentredRows rows, BinaryCodeConfig config) {
    if (rows.rows().length <= config.neighbours()) {
      throw new IllegalArgumentException(
          "codes are learned from more than "
              + config.neighbours()
              + " vectors, there are "
              + rows.rows().length);
    }
    return new TrainingRows(
        rows,
        PrincipalAxes.of(rows, config.bits()),
        Neighbours.within(rows.rows(), config.neighbours()));
  }

  /// The codes of ITQ, at which trainings begin.
  public float[][] iterativeQuantization(long seed) {
    return BaselineCodes.rotate(rows, axes, seed);
  }
}
