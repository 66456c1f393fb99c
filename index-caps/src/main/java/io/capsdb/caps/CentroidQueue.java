package io.capsdb.caps;

import io.capsdb.caps.code.Candidates;
import io.capsdb.caps.code.QueryCode;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The partitions of an index, nearest centroid to a query first; of equally near ones the lower
/// number.
///
/// Centroids are brought into order as far as the walk goes only, batch by batch. Where they have
/// codes, batches are made of estimates, and only the centroids of a batch are read; then a
/// partition can come a little late. Not for more than one thread.
final class CentroidQueue {
  /// Fewest partitions of the first batch; a batch has up to twice as many.
  private static final int FIRST_BATCH = 32;

  private static final int MOST_BATCH = 128;

  private final CapsIndex index;
  private final float[] query;
  private final Candidates waiting = new Candidates();
  private int least = FIRST_BATCH;
  private int[] batch = new int[0];
  private float[] distances = new float[0];
  private int next;
  private int end;

  /// @param query in the space of the partitions
  /// @param code of the query; empty where estimates will not do
  CentroidQueue(CapsIndex index, float[] query, Optional<QueryCode> code) {
    this.index = index;
    this.query = query;
    if (code.isPresent() && index.centroidCodes().isPresent()) {
      index.centroidCodes().orElseThrow().estimate(code.orElseThrow(), waiting);
    } else {
      waiting.addAll(index.centroidDistances(query));
    }
    fill();
  }

  /// Partitions that are left.
  int size() {
    return end - next + waiting.count();
  }

  /// Removes all that are left.
  void clear() {
    next = end;
    waiting.clear();
  }

  boolean isEmpty() {
    return next == end;
  }

  /// The nearest partition that is left.
  ///
  /// @throws NoSuchElementException if there is none
  int first() {
    requireSome();
    return batch[next];
  }

  /// Distance of the query to the centroid of the first partition, in the space of the partitions.
  ///
  /// @throws NoSuchElementException if there is none
  float firstDistance() {
    requireSome();
    return distances[next];
  }

  void removeFirst() {
    requireSome();
    next++;
    if (next == end) {
      fill();
    }
  }

  private void requireSome() {
    if (next == end) {
      throw new NoSuchElementException("no partition is left");
    }
  }

  private void fill() {
    next = 0;
    end = 0;
    if (waiting.count() == 0) {
      return;
    }
    int most = 2 * least;
    if (distances.length < most) {
      batch = new int[Candidates.room(most)];
      distances = new float[most];
    }
    end = waiting.takeBest(least, most, batch);
    index.centroidDistances(query, batch, end, distances);
    sort();
    least = Math.min(most, MOST_BATCH / 2);
  }

  private void sort() {
    for (int i = 1; i < end; i++) {
      float distance = distances[i];
      int partition = batch[i];
      int at = i;
      while (at > 0
          && (distances[at - 1] > distance
              || (distances[at - 1] == distance && batch[at - 1] > partition))) {
        distances[at] = distances[at - 1];
        batch[at] = batch[at - 1];
        at--;
      }
      distances[at] = distance;
      batch[at] = partition;
    }
  }
}
