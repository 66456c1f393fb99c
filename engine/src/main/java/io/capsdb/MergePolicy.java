package io.capsdb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Which segments are written again as one.
///
/// - While points are written: a run of segments of like size, as soon as there are
///   [DatabaseOptions#mergeCount] of them, so that a row is written again once for each level of
///   sizes.
/// - Once nothing is written any more: as many as pay, because a search in one segment costs a
///   fraction of one in several. A segment is written again only together with at least an eighth
///   of its rows, so that pauses make no row be written more than about nine times for each time
///   that its segment has doubled.
/// - Always: a segment that is largely dead, or has many changed payloads.
final class MergePolicy {
  private static final double MAX_DEAD_RATIO = 0.2;

  /// Each search tests the payloads that were changed, so they are folded in when they are more.
  private static final double MAX_CHANGED_RATIO = 0.05;

  /// Of the rows of the largest segment of a merge at rest, what the others have to have.
  private static final double LEAST_ADDED = 0.125;

  private final int mergeCount;

  /// @param mergeCount segments of like size that are merged; the largest number there is: none are
  MergePolicy(int mergeCount) {
    this.mergeCount = mergeCount;
  }

  /// The views to be written as one, in the order of the set, so that rows keep theirs; none where
  /// nothing is worth it.
  ///
  /// @param isAtRest whether nothing is being written
  List<SegmentView> next(List<SegmentView> views, boolean isAtRest) {
    List<SegmentView> rising =
        views.stream()
            .filter(view -> view.segment().isSealed())
            .sorted(Comparator.comparingInt(SegmentView::liveCount))
            .toList();
    List<SegmentView> run = ofLikeSize(rising);
    if (run.isEmpty() && isAtRest && mergeCount < Integer.MAX_VALUE) {
      run = atRest(rising);
    }
    if (run.isEmpty()) {
      run = rising.stream().filter(MergePolicy::isWorn).limit(1).toList();
    }
    return views.stream().filter(run::contains).toList();
  }

  private static boolean isWorn(SegmentView view) {
    return view.dead().getCardinality() > MAX_DEAD_RATIO * view.rowCount()
        || view.overlay().rows().getCardinality() > MAX_CHANGED_RATIO * view.rowCount();
  }

  private List<SegmentView> ofLikeSize(List<SegmentView> rising) {
    for (int first = 0; first + (long) mergeCount <= rising.size(); first++) {
      List<SegmentView> run = runOf(rising.subList(first, rising.size()));
      if (run.size() >= mergeCount) {
        return run;
      }
    }
    return List.of();
  }

  /// The first ones, as long as none is larger than all before it twice over.
  private static List<SegmentView> runOf(List<SegmentView> rising) {
    List<SegmentView> run = new ArrayList<>();
    long rows = 0;
    for (SegmentView view : rising) {
      if (!run.isEmpty() && view.liveCount() > 2 * rows) {
        break;
      }
      run.add(view);
      rows += view.liveCount();
    }
    return run;
  }

  /// The most of the smallest ones that add enough to the largest of them.
  private static List<SegmentView> atRest(List<SegmentView> rising) {
    long rows = 0;
    int most = 0;
    for (int i = 0; i < rising.size(); i++) {
      if (i > 0 && rows >= LEAST_ADDED * rising.get(i).liveCount()) {
        most = i + 1;
      }
      rows += rising.get(i).liveCount();
    }
    return rising.subList(0, most);
  }
}
