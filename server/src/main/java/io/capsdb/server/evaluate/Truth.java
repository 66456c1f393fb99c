package io.capsdb.server.evaluate;

import io.capsdb.Collection;
import io.capsdb.ScrollPage;
import io.capsdb.StoredPoint;
import io.capsdb.VectorConfig;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.index.Hits;
import io.capsdb.index.TopK;
import io.capsdb.point.PointId;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/// The right answers, found without any index: all points are read once, block by block; each block
/// is scored for all queries on all processors, and payloads are tested as documents.
final class Truth {
  /// Points of a block: its vectors stay in the cache while all queries see them.
  private static final int BLOCK = 1_024;

  /// Scores that differ by less than this share are of points at the same distance.
  private static final double TIE = 1e-6;

  private final Collection collection;
  private final String using;
  private final Metric metric;
  private final List<Query> queries;
  private final float[][] prepared;
  private final List<Workload> workloads;
  private final List<Filter> filters;
  private final int[][] filterOf;
  private final FilterEvaluator[] evaluators;
  private final long[] matches;
  private final TopK[][] nearest;
  private final List<PointId> ids = new ArrayList<>();

  /// The right answer to one query.
  ///
  /// @param ids of the k nearest matching points, nearest first
  /// @param scores of them
  /// @param matches points that match; the query's own is one of them, though it is no hit
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Answer(Set<PointId> ids, float[] scores, long matches) {
    /// Hits that a search can have.
    int possible() {
      return scores.length;
    }

    /// Whether a point with this score is as near as the last of them, but for rounding.
    boolean isTie(float score) {
      if (scores.length == 0) {
        return false;
      }
      double last = scores[scores.length - 1];
      return Math.abs(score - last) <= TIE * Math.max(1e-30, Math.abs(last));
    }
  }

  private Truth(
      Collection collection, String using, List<Query> queries, List<Workload> workloads, int k) {
    VectorConfig config = collection.config().vectors().get(using);
    if (config == null) {
      throw new IllegalArgumentException(
          "there is no vector named '"
              + using
              + "', the collection has "
              + collection.config().vectors().keySet());
    }
    this.collection = collection;
    this.using = using;
    this.metric = config.metric();
    this.queries = queries;
    this.workloads = workloads;
    this.prepared = new float[queries.size()][];
    for (int i = 0; i < prepared.length; i++) {
      float[] vector = queries.get(i).vector();
      if (vector.length != config.dimension()) {
        throw new IllegalArgumentException(
            "query "
                + i
                + " has dimension "
                + vector.length
                + ", the collection needs dimension "
                + config.dimension());
      }
      prepared[i] = metric.prepare(vector);
    }
    Map<Filter, Integer> numbers = new LinkedHashMap<>();
    this.filterOf = new int[workloads.size()][queries.size()];
    this.nearest = new TopK[workloads.size()][queries.size()];
    for (int w = 0; w < workloads.size(); w++) {
      for (int q = 0; q < queries.size(); q++) {
        Filter filter = workloads.get(w).filters().get(q);
        filterOf[w][q] = numbers.computeIfAbsent(filter, _ -> numbers.size());
        nearest[w][q] = new TopK(k);
      }
    }
    this.filters = List.copyOf(numbers.keySet());
    this.evaluators = filters.stream().map(FilterEvaluator::of).toArray(FilterEvaluator[]::new);
    this.matches = new long[filters.size()];
  }

  /// @param using name of the vector that is searched
  /// @return by workload, then by query
  /// @throws CancellationException if the thread is interrupted
  static List<List<Answer>> of(
      Collection collection,
      String using,
      List<Query> queries,
      List<Workload> workloads,
      int k,
      Reporter reporter) {
    return new Truth(collection, using, queries, workloads, k).find(reporter);
  }

  private List<List<Answer>> find(Reporter reporter) {
    long total = Math.max(1, collection.status().points());
    long done = 0;
    try (Arena arena = Arena.ofShared()) {
      int dimension = prepared.length == 0 ? 1 : prepared[0].length;
      MemorySegment block = arena.allocate(4L * BLOCK * dimension, 64);
      Optional<PointId> from = Optional.empty();
      do {
        if (Thread.interrupted()) {
          throw new CancellationException("the evaluation was interrupted");
        }
        ScrollPage page = collection.scroll(Filter.ALL, from, BLOCK);
        List<StoredPoint> points =
            page.points().stream().filter(point -> point.vectors().containsKey(using)).toList();
        score(points, new VectorMatrix(block, points.size(), dimension));
        done += page.points().size();
        reporter.at("exact answers", "points", Math.min(done, total), total);
        from = page.next();
      } while (from.isPresent());
    }
    List<List<Answer>> answers = new ArrayList<>();
    for (int w = 0; w < workloads.size(); w++) {
      List<Answer> own = new ArrayList<>();
      for (int q = 0; q < queries.size(); q++) {
        own.add(answer(w, q));
      }
      answers.add(own);
    }
    return answers;
  }

  private void score(List<StoredPoint> points, VectorMatrix block) {
    int base = ids.size();
    for (int i = 0; i < points.size(); i++) {
      ids.add(points.get(i).id());
      float[] vector = Objects.requireNonNull(points.get(i).vectors().get(using));
      MemorySegment.copy(
          vector, 0, block.segment(), Floats.LITTLE_ENDIAN, block.offset(i), vector.length);
    }
    BitSet[] matching = new BitSet[evaluators.length];
    IntStream.range(0, evaluators.length)
        .parallel()
        .forEach(
            f -> {
              BitSet own = new BitSet(points.size());
              for (int i = 0; i < points.size(); i++) {
                own.set(i, evaluators[f].matches(points.get(i)));
              }
              matching[f] = own;
              matches[f] += own.cardinality();
            });
    IntStream.range(0, prepared.length)
        .parallel()
        .forEach(
            q -> {
              float[] distances = new float[points.size()];
              Kernels.best().distances(metric, prepared[q], block, 0, distances.length, distances);
              Optional<PointId> own = queries.get(q).stored();
              for (int w = 0; w < nearest.length; w++) {
                BitSet allowed = matching[filterOf[w][q]];
                TopK top = nearest[w][q];
                for (int i = allowed.nextSetBit(0); i >= 0; i = allowed.nextSetBit(i + 1)) {
                  if (distances[i] <= top.radius()
                      && (own.isEmpty() || !own.get().equals(points.get(i).id()))) {
                    top.offer(distances[i], base + i);
                  }
                }
              }
            });
  }

  private Answer answer(int workload, int query) {
    Hits hits = nearest[workload][query].drain();
    Set<PointId> found = new HashSet<>();
    float[] scores = new float[hits.size()];
    for (int i = 0; i < scores.length; i++) {
      found.add(ids.get((int) hits.keys()[i]));
      scores[i] = metric.toScore(hits.distances()[i]);
    }
    return new Answer(found, scores, matches[filterOf[workload][query]]);
  }
}
