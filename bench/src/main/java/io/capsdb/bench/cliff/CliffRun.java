package io.capsdb.bench.cliff;

import io.capsdb.Collection;
import io.capsdb.SearchPlan;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.HitRows;
import io.capsdb.bench.data.Truth;
import io.capsdb.bench.segment.OneSegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Measures every plan at every point of the grid, on one thread.
///
/// Repetitions run over the whole grid, one after the other, so that what else the machine does
/// meets neighbouring points and plans alike. The median repetition counts.
final class CliffRun {
  private static final int REPETITIONS = 5;

  /// Plans that take so many times the fastest are timed once: they are no one's best.
  private static final double HOPELESS = 4;

  /// A shorter run of all queries is repeated.
  private static final double LEAST_MICROS = 8_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final DataSet set;
  private final Map<String, Truth> truths;
  private final Collection collection;

  /// Keeps the compiler from leaving out a search whose hits nobody reads.
  private long found;

  /// @param truths by workload, of at least as many hits as are asked for
  CliffRun(DataSet set, Map<String, Truth> truths, Collection collection) {
    this.set = set;
    this.truths = truths;
    this.collection = collection;
  }

  /// One plan at one point.
  private static final class Timed {
    private final Plan plan;
    private final SearchRequest[] requests;
    private final double[] micros = new double[REPETITIONS];
    private double recall;
    private double once;
    private boolean isHopeless;

    Timed(Plan plan, SearchRequest[] requests) {
      this.plan = plan;
      this.requests = requests;
    }

    double median() {
      if (isHopeless) {
        return once;
      }
      double[] sorted = micros.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length / 2];
    }
  }

  /// All plans at one point.
  private record Place(
      Correlation correlation, int share, List<Timed> plans, CliffPoint.Estimate estimate) {}

  /// All points for one number of hits: correlation by correlation, by falling share. The one
  /// without a filter comes first, and belongs to all of them.
  List<CliffPoint> points(int k) {
    List<Place> places = new ArrayList<>();
    places.add(place(Correlation.INDEPENDENT, 0, k));
    for (Correlation correlation : Correlation.values()) {
      for (int share = 1; share < CliffSet.SHARES.size(); share++) {
        places.add(place(correlation, share, k));
      }
    }
    for (int repetition = -1; repetition < REPETITIONS; repetition++) {
      for (Place place : places) {
        for (Timed timed : place.plans()) {
          // The one before the first warms up.
          if (!timed.isHopeless) {
            timed.micros[Math.max(0, repetition)] = micros(timed);
          }
        }
      }
    }
    return places.stream().map(place -> point(place, k)).toList();
  }

  private static CliffPoint point(Place place, int k) {
    Map<Plan, CliffPoint.Cost> costs = new EnumMap<>(Plan.class);
    for (Timed timed : place.plans()) {
      costs.put(timed.plan, new CliffPoint.Cost(timed.median(), timed.recall));
    }
    return new CliffPoint(place.correlation(), place.share(), k, place.estimate(), costs);
  }

  /// Asks all queries once with each plan, for recall and a first time.
  private Place place(Correlation correlation, int share, int k) {
    String workload = CliffSet.workload(correlation, share);
    Truth truth = Objects.requireNonNull(truths.get(workload)).first(k);
    List<Timed> plans = new ArrayList<>();
    List<SearchPlan> chosen = new ArrayList<>();
    for (Plan plan : Plan.values()) {
      SearchRequest[] requests = new SearchRequest[set.queries().length];
      Arrays.setAll(
          requests,
          query ->
              plan.of(
                  SearchRequest.nearest(set.queries()[query])
                      .filter(OneSegment.filter(set, set.ranges(workload), query))
                      .limit(k)
                      .withPayload(false)));
      Timed timed = new Timed(plan, requests);
      for (int query = 0; query < requests.length; query++) {
        SearchResult result = collection.search(requests[query]);
        timed.recall += truth.recall(set, query, HitRows.of(result.hits())) / requests.length;
        if (plan == Plan.AUTO) {
          chosen.add(result.plan());
        }
      }
      timed.once = micros(timed);
      plans.add(timed);
    }
    double fastest = plans.stream().mapToDouble(timed -> timed.once).min().orElseThrow();
    for (Timed timed : plans) {
      timed.isHopeless = timed.plan != Plan.AUTO && timed.once > HOPELESS * fastest;
    }
    return new Place(correlation, share, plans, estimate(chosen));
  }

  private static CliffPoint.Estimate estimate(List<SearchPlan> chosen) {
    double probed = 0;
    double list = 0;
    double probe = 0;
    for (SearchPlan plan : chosen) {
      SearchPlan.Rejected rejected = plan.rejected().getFirst();
      boolean isProbed = rejected.name().equals("list");
      probed += isProbed ? 1 : 0;
      list += isProbed ? rejected.nanos() : rejected.takenNanos();
      probe += isProbed ? rejected.takenNanos() : rejected.nanos();
    }
    int count = chosen.size();
    return new CliffPoint.Estimate(probed / count, list / 1e3 / count, probe / 1e3 / count);
  }

  /// Processor time of a query. The queries are asked once before: else the plan that comes first
  /// at a point would fetch the rows for those after it.
  private double micros(Timed timed) {
    ask(timed);
    int rounds =
        timed.once == 0 ? 1 : (int) (LEAST_MICROS / (timed.once * timed.requests.length)) + 1;
    long begin = threads.getCurrentThreadCpuTime();
    for (int round = 0; round < rounds; round++) {
      ask(timed);
    }
    return (threads.getCurrentThreadCpuTime() - begin) / 1e3 / rounds / timed.requests.length;
  }

  private void ask(Timed timed) {
    for (SearchRequest request : timed.requests) {
      found += collection.search(request).hits().size();
    }
  }

  /// Hits of all timed searches.
  long found() {
    return found;
  }
}
