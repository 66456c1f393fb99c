package io.capsdb.caps;

import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import java.util.NoSuchElementException;

/// Scores all listed ordinals by their codes, in one step. Not for more than one thread.
final class CodeListProber implements Prober {
  private final CodeScorer scorer;
  private final int[] ordinals;
  private final float[] centroidDistances;
  private boolean isDone;

  /// @param centroidDistances in the space of the partitions
  CodeListProber(CodeScorer scorer, int[] ordinals, float[] centroidDistances) {
    this.scorer = scorer;
    this.ordinals = ordinals;
    this.centroidDistances = centroidDistances;
    this.isDone = ordinals.length == 0;
  }

  @Override
  public float nextDistance() {
    return isDone ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
  }

  @Override
  public void probeNext(RowSink sink) {
    if (isDone) {
      throw new NoSuchElementException("the list is scored already");
    }
    isDone = true;
    scorer.scoreList(ordinals, centroidDistances, sink);
  }

  @Override
  public void finish(RowSink sink) {
    scorer.finish(sink);
  }

  @Override
  public int partitionCount() {
    return 1;
  }
}
