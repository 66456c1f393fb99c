package io.capsdb;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.roaringbitmap.RoaringBitmap;

/// Scores sparse vectors exactly. Posting lists are added up in the order of their indices, and a
/// single vector is in the same order, so that a score does not depend on where its row lies.
final class SparseSearcher {
  /// A matching row costs about so many rows of a posting list where it is scored by itself.
  private static final int ROW_COST = 16;

  private static final Comparator<Ranked> WORST_FIRST =
      Comparator.comparingDouble(Ranked::score)
          .thenComparing(Comparator.comparing(Ranked::id).reversed());

  private final SegmentSet set;
  private final RowMatcher matcher;
  private final SparseConfig config;
  private final SparseRequest request;
  private final BooleanSupplier isCancelled;
  private final Cancellation cancellation;
  private final PriorityQueue<Ranked> best = new PriorityQueue<>(WORST_FIRST);
  private final int wanted;

  private record Ranked(float score, PointId id, Found found) {}

  SparseSearcher(
      SegmentSet set,
      RowMatcher matcher,
      SparseConfig config,
      SparseRequest request,
      BooleanSupplier isCancelled) {
    this.set = set;
    this.matcher = matcher;
    this.config = config;
    this.request = request;
    this.isCancelled = isCancelled;
    this.cancellation = new Cancellation(isCancelled);
    this.wanted = request.limit() + request.offset();
  }

  List<Hit> search() {
    int[] indices = request.query().indices();
    double[] weights = weights();
    for (SegmentView view : set.views()) {
      requireWanted();
      RoaringBitmap rows = matcher.rows(view, cancellation);
      Optional<SparsePart> part = view.segment().sparsePart(request.using());
      if (part.isPresent() && isListed(part.get(), rows)) {
        addLists(view, part.get(), rows, weights);
      } else if (part.isPresent() || view.segment() instanceof LiveChunk) {
        rows.forEach(
            (int row) -> {
              cancellation.passRow();
              view.segment()
                  .sparse(request.using(), row)
                  .ifPresent(vector -> offer(view, row, vector.dot(indices, weights)));
            });
      }
    }
    List<Ranked> ranked = new ArrayList<>(best);
    ranked.sort(WORST_FIRST.reversed());
    return ranked.stream().skip(request.offset()).map(this::hit).toList();
  }

  private void requireWanted() {
    if (isCancelled.getAsBoolean()) {
      throw new CancellationException("the search was cancelled");
    }
  }

  /// Whether the lists cost less than the matching rows one by one.
  private boolean isListed(SparsePart part, RoaringBitmap rows) {
    long lengths = 0;
    for (int index : request.query().indices()) {
      lengths += part.length(index);
    }
    return lengths <= ROW_COST * rows.getLongCardinality();
  }

  private void addLists(SegmentView view, SparsePart part, RoaringBitmap rows, double[] weights) {
    double[] scores = new double[view.rowCount()];
    BitSet touched = new BitSet(view.rowCount());
    int[] indices = request.query().indices();
    for (int i = 0; i < indices.length; i++) {
      requireWanted();
      part.add(indices[i], weights[i], scores, touched);
    }
    rows.forEach(
        (int row) -> {
          if (touched.get(row)) {
            offer(view, row, scores[row]);
          }
        });
  }

  /// @param exact NaN where query and row have no index in common
  private void offer(SegmentView view, int row, double exact) {
    float score = (float) exact + 0f; // of -0 and 0, which are equal, makes one
    if (Double.isNaN(exact)
        || (request.scoreThreshold().isPresent()
            && score < request.scoreThreshold().getAsDouble())) {
      return;
    }
    Ranked worst = best.peek();
    if (best.size() == wanted && worst != null && score < worst.score()) {
      return;
    }
    best.add(new Ranked(score, view.segment().id(row), new Found(view, row)));
    if (best.size() > wanted) {
      best.remove();
    }
  }

  private Hit hit(Ranked ranked) {
    SegmentView view = ranked.found().view();
    int row = ranked.found().row();
    return new Hit(
        ranked.id(),
        view.version(row),
        ranked.score(),
        request.hasPayload() ? view.payload(row) : Payload.empty(),
        request.hasVectors() ? view.segment().vectors(row) : Map.of(),
        request.hasVectors() ? view.segment().sparse(row) : Map.of());
  }

  /// What each index of the query counts.
  private double[] weights() {
    SparseVector query = request.query();
    double[] weights = new double[query.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = query.values()[i];
    }
    if (!config.hasIdf()) {
      return weights;
    }
    long all = 0;
    long[] having = new long[weights.length];
    for (SegmentView view : set.views()) {
      requireWanted();
      all += count(view, having);
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= Math.log1p((all - having[i] + 0.5) / (having[i] + 0.5));
    }
    return weights;
  }

  /// The live rows of a view that have such a vector; adds those that have each index of the query.
  private long count(SegmentView view, long[] having) {
    int[] indices = request.query().indices();
    Optional<SparsePart> part = view.segment().sparsePart(request.using());
    if (part.isPresent()) {
      for (int i = 0; i < indices.length; i++) {
        having[i] += part.get().liveLength(indices[i], view.dead());
      }
      return part.get().liveCount(view.dead());
    }
    long count = 0;
    for (int row = 0; view.segment() instanceof LiveChunk && row < view.rowCount(); row++) {
      Optional<SparseVector> vector = view.segment().sparse(request.using(), row);
      if (vector.isPresent() && view.isLive(row)) {
        count++;
        for (int i = 0; i < indices.length; i++) {
          having[i] += vector.get().has(indices[i]) ? 1 : 0;
        }
      }
    }
    return count;
  }
}
