package io.capsdb;

import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;

/// Scores the vectors of all matching points by a function of the caller's and keeps the best.
///
/// @param using name of the vector
/// @param limit most points
/// @param options what hits carry
/// @param cancellation of this read
record Ranker(
    String using,
    ToDoubleFunction<float[]> score,
    int limit,
    ReadOptions options,
    Cancellation cancellation) {
  private static final Comparator<Ranked> WORST_FIRST =
      Comparator.comparingDouble(Ranked::score)
          .thenComparing(Comparator.comparing(Ranked::id).reversed());

  private record Ranked(double score, PointId id, Found found) {}

  List<Hit> rank(SegmentSet set, RowMatcher matcher) {
    PriorityQueue<Ranked> best = new PriorityQueue<>(WORST_FIRST);
    for (SegmentView view : set.views()) {
      matcher.rows(view, cancellation).forEach((int row) -> offer(view, row, best));
    }
    List<Ranked> ranked = new ArrayList<>(best);
    ranked.sort(WORST_FIRST.reversed());
    List<StoredPoint> points =
        Found.points(ranked.stream().map(Ranked::found).toList(), options, cancellation);
    List<Hit> hits = new ArrayList<>(ranked.size());
    for (int i = 0; i < ranked.size(); i++) {
      StoredPoint point = points.get(i);
      hits.add(
          new Hit(
              point.id(),
              point.version(),
              (float) ranked.get(i).score(),
              point.payload(),
              point.vectors(),
              point.sparse()));
    }
    return hits;
  }

  private void offer(SegmentView view, int row, PriorityQueue<Ranked> best) {
    cancellation.passRow();
    view.segment()
        .vector(using, row)
        .ifPresent(
            vector -> {
              double own = score.applyAsDouble(vector);
              best.add(
                  new Ranked(
                      Double.isNaN(own) ? Double.NEGATIVE_INFINITY : own,
                      view.segment().id(row),
                      new Found(view, row)));
              if (best.size() > limit) {
                best.remove();
              }
            });
  }
}
