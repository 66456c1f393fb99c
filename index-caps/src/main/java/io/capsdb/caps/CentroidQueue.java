package io.capsdb.caps;

import io.capsdb.vector.Kernels;
import java.util.NoSuchElementException;

/// The partitions of an index, nearest centroid to a query first; of equally near ones the lower
/// number.
///
/// Centroids are brought into order as far as the walk goes only: a heap, not a sort. Not for more
/// than one thread.
final class CentroidQueue {
  private final float[] distances;
  private final int[] heap;
  private int left;

  /// @param query in the space of the partitions
  CentroidQueue(CapsIndex index, float[] query) {
    int count = index.layout().partitionCount();
    this.distances = new float[count];
    this.heap = new int[count];
    this.left = count;
    Kernels.best()
        .distances(
            index.layout().space().spaceMetric(), query, index.centroids(), 0, count, distances);
    for (int i = 0; i < count; i++) {
      // Distances of huge values overflow or are no numbers; infinity would say that nothing is
      // left.
      distances[i] = distances[i] <= Float.MAX_VALUE ? distances[i] : Float.MAX_VALUE;
      heap[i] = i;
    }
    for (int i = count / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  /// Partitions that are left.
  int size() {
    return left;
  }

  /// Removes all that are left.
  void clear() {
    left = 0;
  }

  boolean isEmpty() {
    return left == 0;
  }

  /// The nearest partition that is left.
  ///
  /// @throws NoSuchElementException if there is none
  int first() {
    if (left == 0) {
      throw new NoSuchElementException("no partition is left");
    }
    return heap[0];
  }

  /// Distance of the query to the centroid of a partition, in the space of the partitions.
  float distance(int partition) {
    return distances[partition];
  }

  /// Distances of the query to all centroids, in the space of the partitions; not to be changed.
  float[] distances() {
    return distances;
  }

  void removeFirst() {
    heap[0] = heap[--left];
    sink(0);
  }

  private void sink(int from) {
    int parent = from;
    int moving = heap[parent];
    while (true) {
      int child = 2 * parent + 1;
      if (child >= left) {
        break;
      }
      if (child + 1 < left && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], moving)) {
        break;
      }
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = moving;
  }

  private boolean isBefore(int a, int b) {
    return distances[a] < distances[b] || (distances[a] == distances[b] && a < b);
  }
}
