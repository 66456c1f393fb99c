package io.capsdb.index;

/// Takes the scored rows of one index: offers them to the top k that all indexes of a search share,
/// and counts.
///
/// Not for more than one thread.
public final class RowSink {
  private final TopK top;
  private final SearchCounters counters;
  private final long keyBase;
  private final Progress progress;

  /// How long probing went without a new hit; shared by all sinks of one search.
  static final class Progress {
    long scored;
    long scoredAtLastHit;

    boolean isSpent(SearchBudget budget) {
      return scored >= budget.candidates() && scored - scoredAtLastHit >= budget.patience();
    }
  }

  RowSink(TopK top, SearchCounters counters, int indexNumber, Progress progress) {
    this.top = top;
    this.counters = counters;
    this.keyBase = (long) indexNumber << 32;
    this.progress = progress;
  }

  public SearchCounters counters() {
    return counters;
  }

  /// Whether the rows of a budget were scored, and long enough none of them became a hit.
  public boolean isSpent(SearchBudget budget) {
    return top.isFull() && progress.isSpent(budget);
  }

  /// Hits wanted.
  public int capacity() {
    return top.capacity();
  }

  /// The distance that a row must not exceed to become a hit.
  public float radius() {
    return top.radius();
  }

  /// Tells of matching rows whose distance was estimated or is offered; the budget counts them.
  public void scored(int count) {
    progress.scored += count;
    counters.rowsScored += count;
  }

  /// Offers `ordinals[0 .. count - 1]` with their distances.
  public void offer(int[] ordinals, float[] distances, int count) {
    for (int i = 0; i < count; i++) {
      if (top.offer(distances[i], keyBase | ordinals[i])) {
        progress.scoredAtLastHit = progress.scored;
      }
    }
    counters.vectorsRead += count;
  }

  /// Offers the ordinals `from .. from + count - 1` with their distances.
  public void offerRange(int from, float[] distances, int count) {
    for (int i = 0; i < count; i++) {
      if (top.offer(distances[i], keyBase | (from + i))) {
        progress.scoredAtLastHit = progress.scored;
      }
    }
    counters.vectorsRead += count;
  }
}
