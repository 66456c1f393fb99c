package io.capsdb.server.evaluate;

import io.capsdb.Collection;
import io.capsdb.ScrollPage;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Makes queries and filters from what a collection holds.
public final class Sampling {
  private static final int PAGE = 1_024;

  private Sampling() {}

  /// Stored points as queries, each as likely as the others; all of them where there are fewer.
  ///
  /// @throws IllegalArgumentException if the collection has no vector of that name
  public static List<Query> queries(
      Collection collection, String using, int count, RandomGenerator random, Reporter reporter) {
    if (!collection.config().vectors().containsKey(using)) {
      throw new IllegalArgumentException(
          "there is no vector named '"
              + using
              + "', the collection has "
              + collection.config().vectors().keySet());
    }
    List<Query> chosen = new ArrayList<>();
    long total = Math.max(1, collection.status().points());
    long seen = 0;
    long read = 0;
    Optional<PointId> from = Optional.empty();
    do {
      ScrollPage page = collection.scroll(Filter.ALL, from, PAGE);
      for (StoredPoint point : page.points()) {
        read++;
        float[] vector = point.vectors().get(using);
        if (vector == null) {
          continue;
        }
        seen++;
        Query query = new Query(vector, Optional.of(point.id()));
        if (chosen.size() < count) {
          chosen.add(query);
        } else {
          long place = random.nextLong(seen);
          if (place < count) {
            chosen.set((int) place, query);
          }
        }
      }
      reporter.at("choosing queries", "points", Math.min(read, total), total);
      from = page.next();
    } while (from.isPresent());
    return chosen;
  }

  /// Filters that about these shares of the points satisfy.
  ///
  /// @throws IllegalArgumentException if there is no field from which one can be made
  public static List<Workload> filters(
      Collection collection, List<Double> shares, int queryCount, Reporter reporter) {
    if (shares.isEmpty()) {
      return List.of();
    }
    FieldValues values = FieldValues.of(collection, reporter);
    List<Workload> workloads = new ArrayList<>();
    for (double share : shares) {
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException("a share must be above 0 and below 1, was " + share);
      }
      workloads.add(
          values
              .near(share, queryCount)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no field of the payloads has a value or a range that about "
                              + EvaluationTable.share(share)
                              + " of the points have")));
    }
    return workloads;
  }
}
