package io.capsdb;

import io.capsdb.point.PointId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The order of the ids of live rows.
final class IdOrder {
  private IdOrder() {}

  /// The live rows of views, counted through in their order, in the order of their ids.
  ///
  /// Sealed segments know theirs: a sort that looks for ascending runs only has to merge them.
  static int[] of(List<SegmentView> views) {
    int count = views.stream().mapToInt(SegmentView::liveCount).sum();
    PointId[] ids = new PointId[count];
    Integer[] rows = new Integer[count];
    int first = 0;
    for (SegmentView view : views) {
      int[] newRow = new int[view.rowCount()];
      int next = first;
      for (int row = 0; row < view.rowCount(); row++) {
        newRow[row] = view.isLive(row) ? next++ : -1;
      }
      int at = first;
      for (int place = 0; place < view.rowCount(); place++) {
        int row =
            view.segment() instanceof SealedSegment sealed ? sealed.sortedIds().row(place) : place;
        if (newRow[row] >= 0) {
          ids[newRow[row]] = view.segment().id(row);
          rows[at++] = newRow[row];
        }
      }
      first = next;
    }
    Arrays.sort(rows, Comparator.comparing((Integer row) -> ids[row]));
    int[] sorted = new int[count];
    Arrays.setAll(sorted, i -> rows[i]);
    return sorted;
  }
}
