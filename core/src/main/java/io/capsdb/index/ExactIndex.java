package io.capsdb.index;

import io.capsdb.attribute.Selection;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.NoSuchElementException;

/// Exact k-nearest search by scanning all selected rows. The oracle for every other index, and the
/// index of segments too small to deserve one.
///
/// Its partitions are runs of rows, so that a long scan can be given up between two of them; they
/// come before those of any other index. Cost: `O(rows * dimension)` time.
/// Holds no copy of the vectors; `vectors` must stay open as long as this object is used. Safe for
/// use by many threads.
///
/// @param vectors in ordinal order
public record ExactIndex(Metric metric, VectorMatrix vectors) implements VectorIndex {
  /// Rows of a partition: some milliseconds of a scan.
  static final int RUN_ROWS = 1 << 16;

  @Override
  public String kind() {
    return "exact";
  }

  @Override
  public Prober prober(float[] query, Selection selection, SearchBudget budget) {
    return scanOf(metric, vectors, query, selection);
  }

  /// A walk that scans all selected rows of any index, whatever its partitions.
  public static Prober scanOf(
      Metric metric, VectorMatrix vectors, float[] query, Selection selection) {
    return new Scan(metric, vectors, query, selection);
  }

  private static final class Scan implements Prober {
    private final SelectionScanner scanner;
    private final int rowCount;
    private int next;

    Scan(Metric metric, VectorMatrix vectors, float[] query, Selection selection) {
      this.scanner = new SelectionScanner(metric, vectors, query, selection);
      this.rowCount = vectors.rowCount();
      this.next = selection.possible().isEmpty() ? rowCount : 0;
    }

    @Override
    public float nextDistance() {
      return next < rowCount ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    }

    @Override
    public void probeNext(RowSink sink) {
      if (next >= rowCount) {
        throw new NoSuchElementException("no partition is left");
      }
      int end = (int) Math.min(rowCount, (long) next + RUN_ROWS);
      scanner.scan(next, end, sink);
      next = end;
    }

    @Override
    public int partitionCount() {
      return (int) Math.max(1, ((long) rowCount + RUN_ROWS - 1) / RUN_ROWS);
    }
  }
}
