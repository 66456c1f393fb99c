package io.capsdb.graph;

import io.capsdb.attribute.Selection;
import io.capsdb.index.RowSink;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Searches one graph; chooses how a filter is kept. Not for more than one thread.
final class GraphSearcher {
  /// So many matching rows for each of the width are scored in less time than a walk over them
  /// takes.
  private static final int LISTED_FOR_WIDTH = 20;

  /// Where a smaller share matches, a walk takes longer the fewer they are: it goes through rows
  /// that do not match to get from one match to the next.
  private static final double SPARSE_SHARE = 0.1;

  /// Where more rows match, a walk over all rows meets enough of them.
  private static final double INLINE_SHARE = 0.4;

  /// Rows that a walk meets for each of its width, about.
  private static final int MET_FOR_WIDTH = 10;

  /// The most that [FilterStrategy#POST] widens a walk: to this share of all rows.
  private static final int POST_SHARE = 4;

  private final GraphLayout layout;
  private final Walker walker;

  private GraphSearcher(GraphLayout layout, Space space) {
    this.layout = layout;
    int most = layout.levels().stream().mapToInt(level -> level.links().most()).max().orElse(1);
    this.walker = new Walker(space, most);
  }

  /// Searchers that are used again. Safe for use by many threads.
  static final class Pool {
    private final GraphLayout layout;
    private final Space space;
    private final ConcurrentLinkedQueue<GraphSearcher> idle = new ConcurrentLinkedQueue<>();

    Pool(GraphLayout layout, Space space) {
      this.layout = layout;
      this.space = space;
    }

    /// Offers the nearest rows that a walk found.
    ///
    /// @param wanted hits, at least 1
    /// @return false where all matching rows are to be scored instead; nothing was offered then
    boolean search(
        float[] query,
        Selection selection,
        FilterStrategy strategy,
        int wanted,
        int width,
        RowSink sink) {
      GraphSearcher known = idle.poll();
      GraphSearcher searcher = known == null ? new GraphSearcher(layout, space) : known;
      boolean isFound =
          searcher.search(
              new Space.Origin(query, new int[0]), selection, strategy, wanted, width, sink);
      idle.add(searcher);
      return isFound;
    }
  }

  private boolean search(
      Space.Origin query,
      Selection selection,
      FilterStrategy strategy,
      int wanted,
      int width,
      RowSink sink) {
    if (selection.isAll()) {
      return Offers.offer(
          walker, walker.walk(layout.lowest(), query, descend(query), width), wanted, sink);
    }
    long matches = selection.verifiedEstimate();
    double share = (double) matches / selection.size();
    if (matches <= wanted || (strategy == FilterStrategy.AUTO && isListed(matches, share, width))) {
      return false;
    }
    return switch (strategy) {
      case POST -> searchAfter(query, selection, wanted, width, sink);
      case INLINE -> searchInline(query, selection, share, wanted, width, sink);
      case ACORN -> searchOverMatches(query, selection, wanted, width, sink, true);
      case ACORN_1 -> searchOverMatches(query, selection, wanted, width, sink, false);
      case AUTO ->
          share >= INLINE_SHARE
              ? searchInline(query, selection, share, wanted, width, sink)
              : searchOverMatches(query, selection, wanted, width, sink, true);
    };
  }

  private static boolean isListed(long matches, double share, int width) {
    return matches <= LISTED_FOR_WIDTH * (double) width * Math.max(1, SPARSE_SHARE / share);
  }

  private boolean searchInline(
      Space.Origin query, Selection selection, double share, int wanted, int width, RowSink sink) {
    RowFilter filter =
        new RowFilter(selection, sink.counters(), MET_FOR_WIDTH * width / Math.max(1e-9, share));
    int from = descend(query);
    return Offers.offer(
        walker, walker.walkInline(layout.lowest(), query, from, width, filter), wanted, sink);
  }

  private boolean searchOverMatches(
      Space.Origin query,
      Selection selection,
      int wanted,
      int width,
      RowSink sink,
      boolean isExtended) {
    RowFilter filter =
        new RowFilter(
            selection,
            sink.counters(),
            (double) MET_FOR_WIDTH * width * layout.lowest().links().most());
    int from = descend(query);
    return Offers.offer(
        walker,
        walker.walkOverMatches(layout.lowest(), query, from, width, filter, isExtended),
        wanted,
        sink);
  }

  private boolean searchAfter(
      Space.Origin query, Selection selection, int wanted, int width, RowSink sink) {
    RowFilter filter = new RowFilter(selection, sink.counters(), width);
    int from = descend(query);
    int most = Math.max(width, layout.rowCount() / POST_SHARE);
    for (long wide = width; wide <= most; wide *= 2) {
      Beam all = walker.walk(layout.lowest(), query, from, (int) wide);
      int[] ordinals = new int[wanted];
      float[] distances = new float[wanted];
      int count = 0;
      for (int i = 0; i < all.size() && count < wanted; i++) {
        int ordinal = Keys.row(all.key(i));
        if (filter.admits(ordinal)) {
          ordinals[count] = ordinal;
          distances[count++] = Keys.distance(all.key(i));
        }
      }
      if (count == wanted) {
        Offers.offer(walker, ordinals, distances, count, sink);
        return true;
      }
    }
    Offers.count(walker, 0, sink);
    return false;
  }

  /// The row of the lowest level from which to walk.
  private int descend(Space.Origin query) {
    return walker.descend(layout, query);
  }
}
