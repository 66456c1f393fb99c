package io.capsdb.index;

import io.capsdb.attribute.Selection;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.NoSuchElementException;

/// Exact k-nearest search by scanning all selected rows. The oracle for every other index, and the
/// index of segments too small to deserve one.
///
/// One partition, which comes before those of any other index. Cost: `O(rows * dimension)` time.
/// Holds no copy of the vectors; `vectors` must stay open as long as this object is used. Safe for
/// use by many threads.
///
/// @param vectors in ordinal order
public record ExactIndex(Metric metric, VectorMatrix vectors) implements VectorIndex {
  @Override
  public String kind() {
    return "exact";
  }

  @Override
  public Prober prober(float[] query, Selection selection, SearchBudget budget) {
    return scanOf(metric, vectors, query, selection);
  }

  /// A walk that scans all selected rows of any index as if they were one partition.
  public static Prober scanOf(
      Metric metric, VectorMatrix vectors, float[] query, Selection selection) {
    return new Scan(metric, vectors, query, selection);
  }

  private static final class Scan implements Prober {
    private final SelectionScanner scanner;
    private final int rowCount;
    private boolean isLeft;

    Scan(Metric metric, VectorMatrix vectors, float[] query, Selection selection) {
      this.scanner = new SelectionScanner(metric, vectors, query, selection);
      this.rowCount = vectors.rowCount();
      this.isLeft = !selection.possible().isEmpty();
    }

    @Override
    public float nextDistance() {
      return isLeft ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    }

    @Override
    public void probeNext(RowSink sink) {
      if (!isLeft) {
        throw new NoSuchElementException("no partition is left");
      }
      isLeft = false;
      scanner.scan(0, rowCount, sink);
    }

    @Override
    public int partitionCount() {
      return 1;
    }
  }
}
