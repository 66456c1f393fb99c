package io.capsdb.index;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;

/// Builds and opens one kind of index.
public interface IndexFactory {
  /// The kind, as [VectorIndex#kind] answers it.
  String kind();

  /// Decides order and structure for rows that are still in input order. Costly; deterministic for
  /// equal input and an equally seeded `random`.
  ///
  /// @param rows the vectors, prepared by [Metric#prepare]
  /// @param attributes the attributes of the same rows in the same order
  /// @param observed filters that searches asked for, as a sample; an order of rows may suit them
  /// @param progress is told the share done, 0 to 1
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted
  BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      RandomGenerator random,
      DoubleConsumer progress);

  /// The same for rows that are largely those of older indexes, of which much need not be decided
  /// again. A search finds no less in the result.
  ///
  /// @param heritage older indexes over vectors of the same metric and dimension; they stay open
  ///     until this returns
  default BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      Heritage heritage,
      RandomGenerator random,
      DoubleConsumer progress) {
    return build(metric, rows, attributes, observed, random, progress);
  }

  /// Opens what [BuiltIndex#write] wrote.
  ///
  /// @param vectors in ordinal order, that is, in the order that [BuiltIndex#order] asked for
  /// @param attributes in ordinal order
  /// @throws io.capsdb.io.CorruptFileException if the parts do not hold together
  VectorIndex open(
      Metric metric, PartReader parts, VectorMatrix vectors, AttributeIndex attributes);

  /// What a build decided.
  interface BuiltIndex {
    /// The input row that stands at each ordinal: a permutation of `0 .. rows - 1`.
    int[] order();

    /// Writes what the index adds to vectors and attributes: centroids, offsets, codes, …
    void write(PartWriter out) throws IOException;
  }
}
