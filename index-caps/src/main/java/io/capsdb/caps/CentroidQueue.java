package io.capsdb.caps;

import io.capsdb.caps.code.Candidates;
import io.capsdb.caps.code.CodedQuery;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The partitions of an index that can hold a match, nearest centroid to a query first; of equally
/// near ones the lower number. The others are passed over.
///
/// Centroids are brought into order as far as the walk goes only, batch by batch. Where they have
/// codes, batches are made of estimates, and only the centroids of a batch are read; then a
/// partition can come a little late. Not for more than one thread.
final class CentroidQueue {
  /// Fewest partitions of the first batch; a batch has up to twice as many. So many over all
  /// indexes of a search, because reading centroids of each costs as much as scanning partitions.
  private static final int FIRST_BATCH = 32;

  /// Where there are many indexes.
  private static final int LEAST_BATCH = 6;

  private static final int MOST_BATCH = 128;

  private final CapsIndex index;
  private final float[] query;
  private final IntPredicate mayMatch;
  private final Candidates waiting = Candidates.borrow();
  private @Nullable Candidates passed; // most searches pass none over
  private boolean isSifted;
  private int least;
  private int[] batch = new int[0];
  private float[] distances = new float[0];
  private int next;
  private int end;

  /// @param query in the space of the partitions
  /// @param code of the query; empty where estimates will not do
  /// @param mayMatch of a partition
  CentroidQueue(CapsIndex index, float[] query, Optional<CodedQuery> code, IntPredicate mayMatch) {
    this(index, query, code, mayMatch, 1);
  }

  /// @param indexCount indexes in which the search looks
  CentroidQueue(
      CapsIndex index,
      float[] query,
      Optional<CodedQuery> code,
      IntPredicate mayMatch,
      int indexCount) {
    this.least = Math.max(LEAST_BATCH, FIRST_BATCH / indexCount);
    this.index = index;
    this.query = query;
    this.mayMatch = mayMatch;
    if (code.isPresent() && index.hasCodedCentroids()) {
      code.get().estimateCentroids(waiting);
    } else {
      waiting.addAll(index.centroidDistances(query));
    }
    fill();
  }

  /// Over some partitions only.
  CentroidQueue(CapsIndex index, float[] query, Tenants.Region region, IntPredicate mayMatch) {
    this.least = FIRST_BATCH;
    this.index = index;
    this.query = query;
    this.mayMatch = mayMatch;
    this.isSifted = true;
    float[] toAll = index.centroidDistances(query, region);
    waiting.reserve(toAll.length);
    for (int i = 0; i < toAll.length; i++) {
      int partition = region.first() + i;
      if (mayMatch.test(partition)) {
        waiting.add(partition, toAll[i]);
      } else {
        Candidates others = passed();
        others.reserve(1);
        others.add(partition, toAll[i]);
      }
    }
    fill();
  }

  /// Partitions that are left; some of them may turn out to be passed over.
  int size() {
    return end - next + waiting.count();
  }

  /// About how many partitions nearer than a distance were passed over.
  ///
  /// @param distance in the space of the partitions
  int passedWithin(float distance) {
    return passed == null ? 0 : passed.countBelow(distance);
  }

  /// Removes all that are left.
  void clear() {
    next = end;
    waiting.clear();
  }

  /// Ends its use.
  void close() {
    clear();
    waiting.giveBack();
    if (passed != null) {
      passed.giveBack();
    }
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
    while (end == 0 && waiting.count() > 0) {
      fillBatch();
    }
    sort();
  }

  private void fillBatch() {
    int most = 2 * least;
    if (distances.length < most) {
      batch = new int[Candidates.room(most)];
      distances = new float[most];
    }
    int taken = waiting.takeBest(least, most, batch);
    index.centroidDistances(query, batch, taken, distances);
    least = Math.min(most, MOST_BATCH / 2);
    if (isSifted) {
      end = taken;
      return;
    }
    for (int i = 0; i < taken; i++) {
      if (mayMatch.test(batch[i])) {
        batch[end] = batch[i];
        distances[end++] = distances[i];
      } else {
        Candidates others = passed();
        others.reserve(1);
        others.add(batch[i], distances[i]);
      }
    }
    if (end < taken - end) {
      // Matches are far from the query: looking for them is cheaper than reading centroids.
      waiting.sift(mayMatch, passed());
      isSifted = true;
    }
  }

  private Candidates passed() {
    Candidates known = passed;
    if (known == null) {
      known = Candidates.borrow();
      passed = known;
    }
    return known;
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
