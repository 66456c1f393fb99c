package io.capsdb.caps;

import io.capsdb.caps.code.BinaryQuantizer;
import io.capsdb.caps.code.ByteQuantizer;
import io.capsdb.caps.code.LearnedQuantizer;
import io.capsdb.caps.code.Quantizer;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Metric;
import java.util.Optional;

/// Which form of codes the rows of an index get, by dimension and metric. Dimensions are those of
/// the space of the partitions: for `DOT` one more than the rows have.
///
/// @param bytesFrom least dimension at which rows get codes at all, at least 1; below it vectors
///     are scored in full
/// @param bitsFrom least dimension at which codes are 1-bit codes, at least 1; below it, and for
///     Manhattan distances at every dimension, they have a byte for each value
/// @param projection whose signs are the 1-bit codes; without one they are those of a rotation
public record CodeChoice(int bytesFrom, int bitsFrom, Optional<BinaryProjection> projection) {
  /// No codes: all vectors that are visited are scored in full.
  public static final CodeChoice NONE =
      new CodeChoice(Integer.MAX_VALUE, Integer.MAX_VALUE, Optional.empty());

  /// Bytes from one value on.
  public static CodeChoice bitsFrom(int dimension) {
    return new CodeChoice(1, dimension, Optional.empty());
  }

  public CodeChoice {
    if (bytesFrom < 1) {
      throw new IllegalArgumentException("bytesFrom must be at least 1, was " + bytesFrom);
    }
    if (bitsFrom < 1) {
      throw new IllegalArgumentException("bitsFrom must be at least 1, was " + bitsFrom);
    }
  }

  /// The same with 1-bit codes by a projection, which must be of as many values as the rows.
  public CodeChoice withProjection(BinaryProjection learned) {
    return new CodeChoice(bytesFrom, bitsFrom, Optional.of(learned));
  }

  /// The form for rows of a space; empty where they get no codes.
  Optional<Quantizer> quantizer(PartitionSpace space) {
    if (space.width() < Math.min(bytesFrom, bitsFrom)) {
      return Optional.empty();
    }
    Metric metric = space.spaceMetric();
    if (metric == Metric.MANHATTAN || space.width() < bitsFrom) {
      return Optional.of(new ByteQuantizer(metric));
    }
    return Optional.of(
        projection.<Quantizer>map(LearnedQuantizer::new).orElseGet(BinaryQuantizer::new));
  }
}
