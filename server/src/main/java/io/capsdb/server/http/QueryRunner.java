package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.FieldOrder;
import io.capsdb.Hit;
import io.capsdb.OrderedPoint;
import io.capsdb.PlanChoice;
import io.capsdb.PointNotFoundException;
import io.capsdb.ReadOptions;
import io.capsdb.SearchPlan;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.SparseRequest;
import io.capsdb.StoredPoint;
import io.capsdb.VectorConfig;
import io.capsdb.filter.Filter;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import io.capsdb.server.http.QueryBody.Input;
import io.capsdb.server.http.QueryBody.Pair;
import io.capsdb.server.http.QueryBody.Spec;
import io.capsdb.vector.SparseVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Runs a query with what it prefetches.
///
/// @param collections finds a collection that vectors are taken from
/// @param isCancelled asked now and then: whether nobody waits for the hits any more
record QueryRunner(
    Collection collection,
    Function<String, Collection> collections,
    RandomGenerator random,
    SearchOptions defaults,
    BooleanSupplier isCancelled) {
  /// Points of an answer that are not scored have this score.
  private static final float UNSCORED = 1;

  /// What a query found.
  ///
  /// @param order the values by which hits were ordered, one for each; empty for other orders
  /// @param plan of a plain search
  /// @param isCut whether a limit of time or rows ended it, or something that it is made of
  record Found(List<Hit> hits, List<Number> order, Optional<SearchPlan> plan, boolean isCut) {
    static Found of(List<Hit> hits) {
      return new Found(hits, List.of(), Optional.empty(), false);
    }

    Found cut(boolean isMore) {
      return isMore ? new Found(hits, order, plan, true) : this;
    }

    Found from(int offset) {
      int begin = Math.min(offset, hits.size());
      return new Found(
          hits.subList(begin, hits.size()),
          order.isEmpty() ? order : order.subList(begin, order.size()),
          plan,
          isCut);
    }
  }

  /// The hits of a query, without those that its offset leaves out.
  Found run(QueryBody body) {
    return run(body, Filter.ALL, true);
  }

  /// @param inherited what the hits of the query around this one must satisfy
  /// @param isOutermost whether payloads and vectors are wanted, as the body says
  private Found run(QueryBody body, Filter inherited, boolean isOutermost) {
    Filter filter = and(inherited, body.filter());
    if (body.prefetch().isEmpty()) {
      return plain(body, filter, isOutermost);
    }
    List<List<Hit>> lists = new ArrayList<>();
    boolean isCut = false;
    for (QueryBody prefetch : body.prefetch()) {
      Found found = run(prefetch, filter, false);
      isCut |= found.isCut();
      lists.add(found.hits());
    }
    return combined(body, lists, filter, isOutermost).cut(isCut);
  }

  /// What a query makes of what it has prefetched.
  private Found combined(
      QueryBody body, List<List<Hit>> lists, Filter filter, boolean isOutermost) {
    Spec spec = body.spec().orElseThrow();
    int wanted = body.limit() + body.offset();
    if (spec.isFusion()) {
      List<Hit> fused =
          spec instanceof Spec.RankFusion(int k, List<Double> weights)
              ? Fusion.byRank(lists, k, weights, wanted)
              : Fusion.byScore(lists, wanted);
      Found found = Found.of(above(fused, body.scoreThreshold())).from(body.offset());
      return isOutermost ? filled(found, body) : found;
    }
    Set<PointId> candidates = new HashSet<>();
    lists.forEach(list -> list.forEach(hit -> candidates.add(hit.id())));
    if (candidates.isEmpty()) {
      return Found.of(List.of());
    }
    if (spec instanceof Spec.Computed(Formula formula)) {
      boolean isAnswered = isOutermost && body.vectors().isWanted();
      List<StoredPoint> points =
          collection.get(
              List.copyOf(candidates),
              new ReadOptions(true, isAnswered || formula.readsVectors(), isCancelled));
      List<Hit> ranked = formula.rank(lists, points, wanted);
      return Found.of(above(ranked, body.scoreThreshold())).from(body.offset());
    }
    return plain(body, and(filter, new Filter.HasId(IdSet.of(candidates))), isOutermost);
  }

  private Found plain(QueryBody body, Filter filter, boolean isOutermost) {
    // One that is not there is told, also where nothing is looked up in it.
    Collection _ =
        body.lookup().map(each -> collections.apply(each.collection())).orElse(collection);
    if (body.spec().isEmpty()) {
      List<StoredPoint> points =
          collection
              .scroll(
                  filter,
                  Optional.empty(),
                  body.limit() + body.offset(),
                  reading(body, isOutermost))
              .points();
      return Found.of(unscored(points)).from(body.offset());
    }
    return switch (body.spec().get()) {
      case Spec.Nearest(Input input) when collection.config().sparse().containsKey(body.using()) ->
          sparse(body, input, filter, isOutermost);
      case Spec.Nearest(Input input) -> nearest(body, target(input, body), filter, isOutermost);
      case Spec.Diverse diverse -> diverse(body, diverse, filter, isOutermost);
      case Spec.Recommend recommend -> recommend(body, recommend, filter, isOutermost);
      case Spec.Discover(Optional<Input> target, List<Pair> context) -> {
        Examples examples = new Examples(body);
        Scorer scorer =
            Scorer.discover(
                metric(body),
                target.map(examples::vector),
                context.stream()
                    .map(
                        pair ->
                            new Scorer.Pair(
                                examples.vector(pair.positive()), examples.vector(pair.negative())))
                    .toList());
        yield ranked(body, scorer, and(filter, examples.others()), isOutermost);
      }
      case Spec.Feedback feedback -> {
        Examples examples = new Examples(body);
        Scorer scorer =
            Scorer.feedback(
                metric(body),
                examples.vector(feedback.target()),
                feedback.rated().stream().map(each -> examples.vector(each.example())).toList(),
                feedback.rated().stream().mapToDouble(QueryBody.Rated::score).toArray(),
                feedback.strength());
        yield ranked(body, scorer, and(filter, examples.others()), isOutermost);
      }
      case Spec.Ordered(FieldOrder order) -> ordered(body, order, filter, isOutermost);
      case Spec.Sampled() ->
          Found.of(
                  unscored(
                      collection.sample(
                          filter,
                          body.limit() + body.offset(),
                          random,
                          reading(body, isOutermost))))
              .from(body.offset());
      case Spec.RankFusion _, Spec.ScoreFusion _, Spec.Computed _ ->
          throw new IllegalStateException("it has something prefetched");
    };
  }

  /// Only the outermost query answers payloads and vectors.
  private ReadOptions reading(QueryBody body, boolean isOutermost) {
    return new ReadOptions(
        isOutermost && body.payload().isWanted(),
        isOutermost && body.vectors().isWanted(),
        isCancelled);
  }

  private Found ordered(QueryBody body, FieldOrder order, Filter filter, boolean isOutermost) {
    List<OrderedPoint> points =
        collection.scroll(filter, order, body.limit() + body.offset(), reading(body, isOutermost));
    return new Found(
            unscored(points.stream().map(OrderedPoint::point).toList()),
            points.stream().map(OrderedPoint::value).toList(),
            Optional.empty(),
            false)
        .from(body.offset());
  }

  private static List<Hit> unscored(List<StoredPoint> points) {
    return points.stream()
        .map(
            point ->
                new Hit(
                    point.id(),
                    point.version(),
                    UNSCORED,
                    point.payload(),
                    point.vectors(),
                    point.sparse()))
        .toList();
  }

  /// The same, cancelled by something else.
  QueryRunner with(BooleanSupplier cancelled) {
    return new QueryRunner(collection, collections, random, defaults, cancelled);
  }

  /// The same without limits of time or rows where a query does not set them itself.
  QueryRunner withoutLimits() {
    return new QueryRunner(collection, collections, random, defaults.withoutLimits(), isCancelled);
  }

  io.capsdb.vector.Metric metric(QueryBody body) {
    return config(body).metric();
  }

  private VectorConfig config(QueryBody body) {
    VectorConfig config = collection.config().vectors().get(body.using());
    if (config == null) {
      throw new IllegalArgumentException(
          "there is no vector named '"
              + body.using()
              + "', the collection has "
              + collection.config().vectors().keySet());
    }
    return config;
  }

  private SearchRequest.Target target(Input input, QueryBody body) {
    return switch (input) {
      case Input.Dense(float[] values) -> new SearchRequest.Target.Vector(values);
      case Input.Sparse _ -> throw notSparse(body);
      case Input.Stored(PointId id) ->
          body.lookup().isEmpty()
              ? new SearchRequest.Target.Stored(id)
              : new SearchRequest.Target.Vector(new Examples(body).vector(input));
    };
  }

  private IllegalArgumentException notSparse(QueryBody body) {
    return new IllegalArgumentException(
        "there is no sparse vector named '"
            + body.using()
            + "', the collection has "
            + collection.config().sparse().keySet());
  }

  private Found sparse(QueryBody body, Input input, Filter filter, boolean isOutermost) {
    Filter others = filter;
    SparseVector query;
    switch (input) {
      case Input.Sparse(SparseVector vector) -> query = vector;
      case Input.Dense _ ->
          throw new IllegalArgumentException(
              "vector '" + body.using() + "' is sparse: a query has indices and values");
      case Input.Stored(PointId id) -> {
        Collection source =
            body.lookup().map(each -> collections.apply(each.collection())).orElse(collection);
        String name = body.lookup().map(QueryBody.Lookup::vector).orElse(body.using());
        StoredPoint point =
            source
                .get(id)
                .orElseThrow(() -> new PointNotFoundException("there is no point with id " + id));
        SparseVector stored = point.sparse().get(name);
        if (stored == null) {
          throw new IllegalArgumentException(
              "point " + id + " has no sparse vector named '" + name + "'");
        }
        query = stored;
        if (body.lookup().isEmpty()) {
          others = and(filter, new Filter.Not(new Filter.HasId(IdSet.of(Set.of(id)))));
        }
      }
    }
    return Found.of(
        collection.search(
            new SparseRequest(
                query,
                body.using(),
                others,
                body.limit(),
                body.offset(),
                body.scoreThreshold(),
                isOutermost && body.payload().isWanted(),
                isOutermost && body.vectors().isWanted()),
            isCancelled));
  }

  private Found nearest(
      QueryBody body, SearchRequest.Target target, Filter filter, boolean isOutermost) {
    SearchOptions options = body.options().orElse(defaults);
    SearchResult result =
        collection.search(
            new SearchRequest(
                target,
                body.using(),
                filter,
                body.limit(),
                body.offset(),
                body.scoreThreshold(),
                options.isExact(),
                isOutermost && body.payload().isWanted(),
                isOutermost && body.vectors().isWanted(),
                options.effort(),
                options.recallTarget().orElse(SearchRequest.DEFAULT_RECALL),
                options.plan().orElse(PlanChoice.AUTO),
                options.limits(),
                options.rerank()),
            isCancelled);
    return new Found(result.hits(), List.of(), Optional.of(result.plan()), result.plan().isCut());
  }

  /// Chosen among the nearest, which are as many as there shall be hits at least.
  private Found diverse(QueryBody body, Spec.Diverse diverse, Filter filter, boolean isOutermost) {
    Examples examples = new Examples(body);
    float[] query = examples.vector(diverse.input());
    int wanted = body.limit() + body.offset();
    QueryBody nearest =
        body.with(
            Math.max(wanted, diverse.candidates()),
            new PayloadSelector.Nothing(),
            new VectorSelector(Set.of(body.using())));
    Found all =
        nearest(
            nearest, new SearchRequest.Target.Vector(query), and(filter, examples.others()), true);
    List<Hit> chosen =
        new Diversity(metric(body), diverse.diversity())
            .choose(query, all.hits(), body.using(), wanted, isCancelled);
    Found found = Found.of(chosen).from(body.offset()).cut(all.isCut());
    return isOutermost ? filled(found, body) : found;
  }

  private Found recommend(
      QueryBody body, Spec.Recommend recommend, Filter filter, boolean isOutermost) {
    Examples examples = new Examples(body);
    boolean isAveraged = recommend.strategy() == QueryBody.Strategy.AVERAGE_VECTOR;
    Function<Input, float[]> read = isAveraged ? examples::given : examples::vector;
    List<float[]> positive = recommend.positive().stream().map(read).toList();
    List<float[]> negative = recommend.negative().stream().map(read).toList();
    Filter others = and(filter, examples.others());
    return switch (recommend.strategy()) {
      case AVERAGE_VECTOR ->
          nearest(
              body,
              new SearchRequest.Target.Vector(Scorer.average(positive, negative)),
              others,
              isOutermost);
      case BEST_SCORE ->
          ranked(body, Scorer.best(metric(body), positive, negative), others, isOutermost);
      case SUM_SCORES ->
          ranked(body, Scorer.sum(metric(body), positive, negative), others, isOutermost);
    };
  }

  private Found ranked(QueryBody body, Scorer scorer, Filter filter, boolean isOutermost) {
    List<Hit> hits =
        collection.rank(
            filter,
            body.using(),
            scorer::score,
            body.limit() + body.offset(),
            reading(body, isOutermost));
    return Found.of(above(hits, body.scoreThreshold())).from(body.offset());
  }

  private static List<Hit> above(List<Hit> hits, OptionalDouble threshold) {
    return threshold.isEmpty()
        ? hits
        : hits.stream().filter(hit -> hit.score() >= threshold.getAsDouble()).toList();
  }

  /// Hits that have their payloads, with their vectors too where the body wants these.
  List<Hit> withVectors(List<Hit> hits, QueryBody body) {
    return body.vectors().isWanted() ? filled(Found.of(hits), body).hits() : hits;
  }

  /// The hits with payloads and vectors as the body wants them; those of points that were deleted
  /// meanwhile are left out.
  private Found filled(Found found, QueryBody body) {
    if (!body.payload().isWanted() && !body.vectors().isWanted()) {
      return found;
    }
    Map<PointId, StoredPoint> points = new HashMap<>();
    collection
        .get(found.hits().stream().map(Hit::id).toList(), reading(body, true))
        .forEach(point -> points.put(point.id(), point));
    List<Hit> hits = new ArrayList<>();
    for (Hit hit : found.hits()) {
      StoredPoint point = points.get(hit.id());
      if (point != null) {
        hits.add(
            new Hit(
                hit.id(),
                point.version(),
                hit.score(),
                point.payload(),
                point.vectors(),
                point.sparse()));
      }
    }
    return Found.of(hits).cut(found.isCut());
  }

  static Filter and(Filter left, Filter right) {
    if (left.equals(Filter.ALL)) {
      return right;
    }
    if (right.equals(Filter.ALL)) {
      return left;
    }
    // Side by side, not one inside the other: filters are bounded in their depth.
    List<Filter> parts = new ArrayList<>(parts(left));
    parts.addAll(parts(right));
    return new Filter.And(parts);
  }

  private static List<Filter> parts(Filter filter) {
    return filter instanceof Filter.And(List<Filter> parts) ? parts : List.of(filter);
  }

  /// Finds the vectors of examples, and remembers their ids: they are no hits themselves.
  private final class Examples {
    private final QueryBody body;
    private final Collection source;
    private final String vector;
    private final Set<PointId> ids = new HashSet<>();

    Examples(QueryBody body) {
      this.body = body;
      this.source =
          body.lookup().map(each -> collections.apply(each.collection())).orElse(collection);
      this.vector = body.lookup().map(QueryBody.Lookup::vector).orElse(body.using());
    }

    /// As the metric compares them.
    float[] vector(Input input) {
      return config(body).prepare(given(input));
    }

    /// As it was given: averages are taken before anything is brought to length 1.
    float[] given(Input input) {
      float[] values =
          switch (input) {
            case Input.Dense(float[] given) -> given;
            case Input.Sparse _ -> throw notSparse(body);
            case Input.Stored(PointId id) -> stored(id);
          };
      int dimension = VectorReader.dimension(collection.config(), body.using());
      if (values.length != dimension) {
        throw new IllegalArgumentException(
            "query vector has dimension " + values.length + ", expected dimension " + dimension);
      }
      config(body).prepare(values); // refuses what no search takes
      return values;
    }

    private float[] stored(PointId id) {
      StoredPoint point =
          source
              .get(id)
              .orElseThrow(() -> new PointNotFoundException("there is no point with id " + id));
      float[] values = point.vectors().get(vector);
      if (values == null) {
        throw new IllegalArgumentException("point " + id + " has no vector named '" + vector + "'");
      }
      if (body.lookup().isEmpty()) {
        ids.add(id);
      }
      return values;
    }

    /// True of the points that are no examples.
    Filter others() {
      return ids.isEmpty() ? Filter.ALL : new Filter.Not(new Filter.HasId(IdSet.of(ids)));
    }
  }
}
