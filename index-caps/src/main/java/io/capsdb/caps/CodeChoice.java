package io.capsdb.caps;

import io.capsdb.caps.code.BinaryQuantizer;
import io.capsdb.caps.code.ByteQuantizer;
import io.capsdb.caps.code.Quantizer;
import io.capsdb.vector.Metric;
import java.util.Optional;

/// Which form of codes the rows of an index get, by dimension and metric. Dimensions are those of
/// the space of the partitions: for `DOT` one more than the rows have.
///
/// @param bytesFrom least dimension at which rows get codes at all, at least 1; below it vectors
///     are scored in full
/// @param bitsFrom least dimension at which codes are 1-bit codes, at least 1; below it, and for
///     Manhattan distances at every dimension, they have a byte for each value
public record CodeChoice(int bytesFrom, int bitsFrom) {
  /// No codes: all vectors that are visited are scored in full.
  public static final CodeChoice NONE = new CodeChoice(Integer.MAX_VALUE, Integer.MAX_VALUE);

  /// Bytes from one value on.
  public static CodeChoice bitsFrom(int dimension) {
    return new CodeChoice(1, dimension);
  }

  public CodeChoice {
    if (bytesFrom < 1) {
      throw new IllegalArgumentException("bytesFrom must be at least 1, was " + bytesFrom);
    }
    if (bitsFrom < 1) {
      throw new IllegalArgumentException("bitsFrom must be at least 1, was " + bitsFrom);
    }
  }

  /// The form for rows of a space; empty where they get no codes.
  Optional<Quantizer> quantizer(PartitionSpace space) {
    if (space.width() < Math.min(bytesFrom, bitsFrom)) {
      return Optional.empty();
    }
    Metric metric = space.spaceMetric();
    return Optional.of(
        metric == Metric.MANHATTAN || space.width() < bitsFrom
            ? new ByteQuantizer(metric)
            : new BinaryQuantizer());
  }
}
