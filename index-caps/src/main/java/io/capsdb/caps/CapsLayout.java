package io.capsdb.caps;

import io.capsdb.attribute.SlotFacts.Fact;
import java.util.Arrays;
import java.util.List;

/// The structure of a CAPS index: where each partition and each of its slots begins, and what is
/// true of a slot.
///
/// @param space in which the centroids stand
/// @param centroids flat, partition by partition
/// @param partitionStart first ordinal of each partition, then the number of ordinals
/// @param listStart where each partition's decision list begins in `list`, then the length of
///     `list`
/// @param list numbers of facts
/// @param slotStart first ordinal of each slot; partition `p` has one slot more than facts, so its
///     slots begin at `listStart[p] + p`; then the number of ordinals
/// @param facts the values that decision lists name
/// @param reach how far a search has to reach
/// @param tenants where they lie
@SuppressWarnings("ArrayRecordComponent") // built once, read by the index of the same package only
record CapsLayout(
    PartitionSpace space,
    float[] centroids,
    int[] partitionStart,
    int[] listStart,
    int[] list,
    int[] slotStart,
    List<Fact> facts,
    Reach reach,
    Tenants tenants) {

  /// Without tenants.
  CapsLayout(
      PartitionSpace space,
      float[] centroids,
      int[] partitionStart,
      int[] listStart,
      int[] list,
      int[] slotStart,
      List<Fact> facts,
      Reach reach) {
    this(space, centroids, partitionStart, listStart, list, slotStart, facts, reach, Tenants.NONE);
  }

  int partitionCount() {
    return partitionStart.length - 1;
  }

  /// A copy of each centroid.
  float[][] centroidRows() {
    float[][] rows = new float[partitionCount()][];
    for (int p = 0; p < rows.length; p++) {
      rows[p] = Arrays.copyOfRange(centroids, p * space.width(), (p + 1) * space.width());
    }
    return rows;
  }

  int rowCount(int partition) {
    return partitionStart[partition + 1] - partitionStart[partition];
  }

  int rowCount() {
    return partitionStart[partitionCount()];
  }
}
