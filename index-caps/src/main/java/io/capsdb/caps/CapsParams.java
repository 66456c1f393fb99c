package io.capsdb.caps;

import io.capsdb.index.RowOrder;
import java.util.Optional;

/// Build settings of a CAPS index.
///
/// @param rowsPerPartition rows that a partition should hold, at least 16; the number of partitions
///     is the row count divided by it
/// @param height depth of each partition's frequency tree (*h* in the paper), 0 to 64; 0 means one
///     slot
/// @param sampleRowsPerPartition rows for each partition that k-means looks at, at least 16
/// @param rounds Lloyd rounds of k-means, at least 1
/// @param codes which rows get codes, and in which form
/// @param order of the rows inside a partition
/// @param tenant path of the texts that tell tenants apart, which then come first in the layout
public record CapsParams(
    int rowsPerPartition,
    int height,
    int sampleRowsPerPartition,
    int rounds,
    CodeChoice codes,
    RowOrder order,
    Optional<String> tenant) {

  /// Height 8: the gain saturates there (CAPS ablation; frequency order).
  public static final CapsParams DEFAULT = new CapsParams(512, 8, 128, 8, 32);

  /// With rows ordered by gain, and codes at every dimension.
  ///
  /// @param codedFrom least dimension at which rows get 1-bit codes, at least 1; below it, and for
  ///     Manhattan distances, their codes have a byte for each value
  public CapsParams(
      int rowsPerPartition, int height, int sampleRowsPerPartition, int rounds, int codedFrom) {
    this(
        rowsPerPartition,
        height,
        sampleRowsPerPartition,
        rounds,
        CodeChoice.bitsFrom(codedFrom),
        RowOrder.GAIN,
        Optional.empty());
  }

  public CapsParams {
    if (rowsPerPartition < 16) {
      throw new IllegalArgumentException(
          "rowsPerPartition must be at least 16, was " + rowsPerPartition);
    }
    if (height < 0 || height > 64) {
      throw new IllegalArgumentException("height must be in 0..64, was " + height);
    }
    if (sampleRowsPerPartition < 16) {
      throw new IllegalArgumentException(
          "sampleRowsPerPartition must be at least 16, was " + sampleRowsPerPartition);
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, was " + rounds);
    }
  }

  public CapsParams withOrder(RowOrder other) {
    return new CapsParams(
        rowsPerPartition, height, sampleRowsPerPartition, rounds, codes, other, tenant);
  }

  public CapsParams withCodes(CodeChoice other) {
    return new CapsParams(
        rowsPerPartition, height, sampleRowsPerPartition, rounds, other, order, tenant);
  }

  /// The same with tenants first in the layout: small ones lie together, large ones have partitions
  /// of their own. A search inside a tenant costs its rows only; one across tenants costs more.
  ///
  /// @param path of a field of texts, of which no row has two
  public CapsParams withTenant(Optional<String> path) {
    return new CapsParams(
        rowsPerPartition, height, sampleRowsPerPartition, rounds, codes, order, path);
  }
}
