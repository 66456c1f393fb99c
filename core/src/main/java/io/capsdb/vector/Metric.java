package io.capsdb.vector;

/// How near two vectors are. Inside, a *distance* is smaller when nearer; a *score* is what the API
/// shows.
///
/// | metric | distance | score |
/// |---|---|---|
/// | `COSINE` | squared L2 of the unit vectors, 0 to 4 | cosine, higher is nearer |
/// | `DOT` | negative inner product | inner product, higher is nearer |
/// | `EUCLID` | squared L2 | L2, smaller is nearer |
/// | `MANHATTAN` | L1 | L1, smaller is nearer |
public enum Metric {
  COSINE,
  DOT,
  EUCLID,
  MANHATTAN;

  /// True where a higher score is nearer.
  public boolean isHigherNearer() {
    return this == COSINE || this == DOT;
  }

  /// The score that the API shows for a distance of this metric.
  public float toScore(float distance) {
    return switch (this) {
      case COSINE -> 1f - distance / 2f;
      case DOT -> -distance;
      case EUCLID -> (float) Math.sqrt(Math.max(0f, distance));
      case MANHATTAN -> distance;
    };
  }

  /// The distance that a score of this metric stands for; the inverse of [#toScore]. Scores that no
  /// vector has keep their order: a negative L2 is a negative distance.
  public float toDistance(float score) {
    return switch (this) {
      case COSINE -> 2f * (1f - score);
      case DOT -> -score;
      case EUCLID -> score * Math.abs(score);
      case MANHATTAN -> score;
    };
  }

  /// The form in which a vector is stored and searched: unit length for `COSINE`, unchanged
  /// otherwise.
  ///
  /// Returns a new array for `COSINE`, the given one otherwise.
  ///
  /// @throws IllegalArgumentException if a value is not finite, or the vector is zero and the
  ///     metric is `COSINE`
  public float[] prepare(float[] vector) {
    if (this == COSINE) {
      return unit(vector);
    }
    if (!Float.isFinite(Magnitudes.largest(vector))) {
      throw notFinite(vector);
    }
    return vector;
  }

  private static float[] unit(float[] vector) {
    double squares = Magnitudes.squares(vector);
    if (!Double.isFinite(squares)) {
      throw notFinite(vector);
    }
    if (squares == 0) {
      throw new IllegalArgumentException(
          "vector is zero, the cosine distance needs a length above 0");
    }
    double scale = 1 / Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = (float) (vector[i] * scale);
    }
    return unit;
  }

  private static IllegalArgumentException notFinite(float[] vector) {
    int i = 0;
    while (Float.isFinite(vector[i])) {
      i++;
    }
    return new IllegalArgumentException("vector[" + i + "] is " + vector[i] + ", must be finite");
  }
}
