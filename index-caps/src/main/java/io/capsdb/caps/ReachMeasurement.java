package io.capsdb.caps;

import io.capsdb.index.Hits;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Measures the [Reach] of partitions: evenly spread rows are asked for their nearest rows.
///
/// The nearest few are looked for in the partitions around the query, farther and farther out as
/// long as some are found; the many are taken from an even sample of the rows. At the default
/// recall so few hits are lost that those of a few queries decide how far a search goes, and those
/// of one query are lost together. So more queries ask for the nearest, which are cheap to find.
final class ReachMeasurement {
  private static final int NEAR_QUERIES = 512;

  /// So many of these, at most, are asked for the many, too.
  private static final int QUERIES = 128;

  /// One row of so many is asked where that is fewer: small parts do not live long.
  private static final int ROWS_FOR_QUERY = 64;

  private static final int ROWS_FOR_NEAR_QUERY = 256;

  private static final int LEAST_QUERIES = 32;
  private static final int TASKS = 4;

  /// Rows that stay in the cache while all queries are compared with them.
  private static final int BLOCK = 128;

  /// Of the nearest rows of a rank no more are looked at, evenly spread.
  private static final int LOOKED_AT = 128;

  /// A rank is measured where it is no more than this part of the rows.
  private static final int LEAST_PART = 4;

  private static final double DEFAULT_LOST = 0.002;

  /// One row of so many is looked at for the ranks that are taken from a sample: the last of these
  /// that leaves [#SAMPLE] rows. No number that periods of the rows are likely to have.
  private static final int[] STRIDES = {1, 3, 7, 13};

  private static final int SAMPLE = 1_300;

  /// A rank of which the sample has fewer rows is looked for around the query.
  private static final int LEAST_SAMPLED = 32;

  private static final Hits NOT_ASKED = new Hits(new float[0], new long[0]);

  private final Kernels kernels = Kernels.best();
  private final PartitionSpace space;
  private final Metric metric;
  private final VectorMatrix rows;
  private final Partitioner.Partitions partitions;
  private final int[] sizes;
  private final int[] ranks;
  private final int stride;

  /// What one query tells, for each rank that it was asked for.
  ///
  /// @param widths squared radius by squared distance of the nearest centroid
  /// @param excesses of the partitions of the rows that were looked at
  /// @param distances squared distance to each centroid, less the nearest one's
  /// @param radii squared
  @SuppressWarnings("ArrayRecordComponent") // made and read here
  private record Asked(float[] widths, float[][] excesses, float[] distances, float[] radii) {}

  /// @param rows in the space, in input order
  ReachMeasurement(PartitionSpace space, VectorMatrix rows, Partitioner.Partitions partitions) {
    this.space = space;
    this.metric = space.spaceMetric();
    this.rows = rows;
    this.partitions = partitions;
    this.sizes = partitions.sizes();
    this.ranks =
        Arrays.stream(Reach.RANKS).filter(rank -> rank <= rows.rowCount() / LEAST_PART).toArray();
    this.stride =
        Arrays.stream(STRIDES)
            .filter(each -> each == 1 || rows.rowCount() / each >= SAMPLE)
            .max()
            .orElseThrow();
  }

  Reach measure() {
    if (ranks.length == 0 || partitions.centroids().length < 2) {
      return Reach.UNKNOWN;
    }
    List<Asked> asked = ask();
    float[] widths = new float[ranks.length];
    float[] excesses = new float[ranks.length * Reach.LOST.length];
    for (int rank = 0; rank < ranks.length; rank++) {
      int own = rank;
      float[] ofAll = sorted(asked(asked, rank).map(each -> new float[] {each.widths()[own]}));
      widths[rank] = Math.max(ofAll[ofAll.length / 2], rank == 0 ? 0 : widths[rank - 1]);
      float[] sorted = sorted(asked(asked, rank).map(each -> each.excesses()[own]));
      for (int i = 0; i < Reach.LOST.length; i++) {
        int kept = (int) Math.ceil((1 - Reach.LOST[i]) * sorted.length);
        excesses[rank * Reach.LOST.length + i] = sorted[Math.clamp(kept - 1, 0, sorted.length - 1)];
      }
    }
    Reach reach = new Reach(widths, excesses, new float[0]);
    float[] visited = new float[ranks.length];
    for (int rank = 0; rank < ranks.length; rank++) {
      int own = rank;
      visited[rank] =
          (float)
              asked(asked, rank)
                  .mapToDouble(
                      each -> {
                        float excess = reach.excess(DEFAULT_LOST, each.widths()[own]);
                        return rowsWithin(each.distances(), excess * each.radii()[own]);
                      })
                  .average()
                  .orElseThrow();
    }
    return new Reach(widths, excesses, visited);
  }

  private List<Asked> ask() {
    boolean isNear = isNear(ranks[0]);
    int many = Math.clamp(rows.rowCount() / ROWS_FOR_QUERY, LEAST_QUERIES, QUERIES);
    int step =
        isNear
            ? Math.clamp(rows.rowCount() / ROWS_FOR_NEAR_QUERY / many, 1, NEAR_QUERIES / QUERIES)
            : 1;
    int count = Math.min(many * step, rows.rowCount());
    int[] queries =
        IntStream.range(0, count).map(i -> (int) ((long) i * rows.rowCount() / count)).toArray();
    // As a query a row has not what completes it.
    float[][] vectors =
        IntStream.of(queries)
            .mapToObj(row -> space.query(Arrays.copyOf(rows.row(row), space.dimension())))
            .toArray(float[][]::new);
    float[][] toCentroids =
        Arrays.stream(vectors).parallel().map(this::toCentroids).toArray(float[][]::new);
    int[] askedMany = IntStream.range(0, count).filter(i -> i % step == 0).toArray();
    List<Hits> near = isNear ? near(queries, vectors, toCentroids) : List.of();
    List<Hits> far =
        IntStream.range(0, TASKS)
            .parallel()
            .mapToObj(task -> nearest(queries, vectors, partOf(task, askedMany)))
            .flatMap(List::stream)
            .toList();
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                asked(
                    toCentroids[i],
                    isNear ? near.get(i) : NOT_ASKED,
                    i % step == 0 ? far.get(i / step) : NOT_ASKED))
        .toList();
  }

  /// Those that were asked for a rank.
  private static Stream<Asked> asked(List<Asked> all, int rank) {
    return all.stream().filter(each -> each.excesses()[rank].length > 0);
  }

  private static float[] sorted(Stream<float[]> parts) {
    List<float[]> all = parts.toList();
    float[] joined = new float[all.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : all) {
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    Arrays.sort(joined);
    return joined;
  }

  private double rowsWithin(float[] distances, float limit) {
    long within = 0;
    for (int partition = 0; partition < distances.length; partition++) {
      within += distances[partition] <= limit ? sizes[partition] : 0;
    }
    return within;
  }

  private static int[] partOf(int task, int[] all) {
    return Arrays.copyOfRange(all, task * all.length / TASKS, (task + 1) * all.length / TASKS);
  }

  private float[] toCentroids(float[] query) {
    float[][] centroids = partitions.centroids();
    float[] distances = new float[centroids.length];
    for (int i = 0; i < centroids.length; i++) {
      distances[i] = kernels.distance(metric, query, centroids[i]);
    }
    return distances;
  }

  /// Whether the nearest rows of a rank are looked for around the query.
  private boolean isNear(int rank) {
    return stride > 1 && rank < LEAST_SAMPLED * stride;
  }

  private List<Hits> near(int[] queries, float[][] vectors, float[][] toCentroids) {
    int[][] members =
        PartitionBalance.members(partitions.partitionOf(), partitions.centroids().length);
    int most = Arrays.stream(ranks).filter(this::isNear).max().orElseThrow();
    NearRows near = new NearRows(metric, rows, members, most);
    for (int i = 0; i < queries.length; i++) {
      near.add(queries[i], vectors[i], toCentroids[i]);
    }
    return near.find();
  }

  /// The nearest rows of an even sample to some of the queries.
  private List<Hits> nearest(int[] queries, float[][] vectors, int[] some) {
    NearestMany[] nearest = new NearestMany[some.length];
    for (int i = 0; i < some.length; i++) {
      nearest[i] = new NearestMany(Math.max(1, ranks[ranks.length - 1] / stride));
    }
    int count = (rows.rowCount() + stride - 1) / stride;
    float[] distances = new float[BLOCK];
    int[] block = new int[BLOCK];
    for (int from = 0; from < count; from += BLOCK) {
      int length = Math.min(BLOCK, count - from);
      for (int j = 0; j < length; j++) {
        block[j] = (from + j) * stride;
      }
      for (int i = 0; i < some.length; i++) {
        if (stride == 1) {
          kernels.distances(metric, vectors[some[i]], rows, from, length, distances);
        } else {
          kernels.distances(metric, vectors[some[i]], rows, block, length, distances);
        }
        for (int j = 0; j < length; j++) {
          if (block[j] != queries[some[i]]) {
            nearest[i].offer(distances[j], block[j]);
          }
        }
      }
    }
    return Arrays.stream(nearest).map(NearestMany::drain).toList();
  }

  /// @param near for ranks that are looked for around the query
  /// @param far for those above, of which one in `stride` is there; empty where it was not asked
  private Asked asked(float[] toCentroids, Hits near, Hits far) {
    float least = toCentroids[KMeans.smallest(toCentroids, toCentroids.length)];
    float[] distances = new float[toCentroids.length];
    for (int i = 0; i < distances.length; i++) {
      distances[i] = toCentroids[i] - least;
    }
    float[] widths = new float[ranks.length];
    float[] radii = new float[ranks.length];
    float[][] excesses = new float[ranks.length][];
    for (int rank = 0; rank < ranks.length; rank++) {
      boolean isNear = isNear(ranks[rank]);
      Hits hits = isNear ? near : far;
      if (hits.size() == 0) {
        excesses[rank] = new float[0];
        continue;
      }
      int count = Math.min(isNear ? ranks[rank] : ranks[rank] / stride, hits.size());
      radii[rank] = Math.max(hits.distances()[count - 1], Float.MIN_NORMAL);
      widths[rank] = Math.min(radii[rank] / Math.max(least, Float.MIN_NORMAL), Float.MAX_VALUE);
      int looked = Math.min(count, LOOKED_AT);
      excesses[rank] = new float[looked];
      for (int i = 0; i < looked; i++) {
        int row = (int) hits.keys()[(int) ((long) i * count / looked)];
        excesses[rank][i] = distances[partitions.partitionOf()[row]] / radii[rank];
      }
    }
    return new Asked(widths, excesses, distances, radii);
  }
}
