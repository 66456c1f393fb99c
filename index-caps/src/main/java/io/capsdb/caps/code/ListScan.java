package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;

/// Scores rows by their codes one by one, for one search. Not for more than one thread.
public final class ListScan {
  private final MemorySegment records;
  private final int lines;
  private final int[] planes;
  private final int[] codeLanes;
  private final float slope;
  private final float[] terms;

  ListScan(MemorySegment records, QueryCode query, float[] centroidDistances, float confidence) {
    this.records = records;
    this.lines = CodeRecords.lines(query.dimension());
    this.planes = CodeRecords.planes(query);
    this.codeLanes = CodeRecords.codeLanes(query.dimension());
    this.slope = query.terms(0, confidence, 0).slope();
    this.terms = new float[2 * centroidDistances.length];
    for (int partition = 0; partition < centroidDistances.length; partition++) {
      ScanTerms own = query.terms(centroidDistances[partition], confidence, 0);
      terms[2 * partition] = own.shift();
      terms[2 * partition + 1] = own.base();
    }
  }

  /// Adds the rows `ordinals[from .. from + count - 1]`, near or not.
  public void score(int[] ordinals, int from, int count, Candidates candidates) {
    candidates.reserve(count);
    System.arraycopy(ordinals, from, candidates.rows(), candidates.count(), count);
    CodeKernels.LOOPS.scoreRecords(
        records,
        lines,
        planes,
        codeLanes,
        slope,
        terms,
        ordinals,
        from,
        count,
        candidates.bounds(),
        candidates.count());
    candidates.setCount(candidates.count() + count);
  }
}
