package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.filter.Filter;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.point.FieldPath;
import io.capsdb.server.http.QueryBody.Spec;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// What a collection refuses to do by its `strict_mode_config`, where that is enabled: requests
/// that could take much, each with a 400 that names the limit.
///
/// @param limits as they were set; none where it is off
/// @param declared paths of the declared fields
record StrictMode(Map<?, ?> limits, Set<String> declared) {
  static final String CONFIG = "strict_mode_config";

  private static final StrictMode OFF = new StrictMode(Map.of(), Set.of());
  private static final List<String> WHOLE =
      List.of(
          "max_query_limit",
          "max_timeout",
          "search_max_hnsw_ef",
          "upsert_max_batchsize",
          "search_max_batchsize",
          "read_rate_limit",
          "write_rate_limit",
          "filter_max_conditions",
          "condition_max_size",
          "max_points_count",
          "max_payload_index_count");
  private static final List<String> FLAGS =
      List.of("unindexed_filtering_retrieve", "unindexed_filtering_update", "search_allow_exact");

  /// Limits that are kept while strict mode is off, and cannot be kept to.
  private static final List<String> NOT_SERVED =
      List.of(
          "max_collection_vector_size_bytes",
          "max_collection_payload_size_bytes",
          "multivector_config",
          "sparse_config",
          "max_resident_memory_percent");

  private static final long MOST = (1L << 32) - 1;

  static StrictMode of(Collection collection) {
    if (!collection.settings().notes().contains(CONFIG)) {
      return OFF; // as nearly always: nothing is read
    }
    return of(CollectionNotes.of(collection), collection.settings().fields().keySet());
  }

  private static StrictMode of(CollectionNotes notes, Set<String> declared) {
    Map<?, ?> limits = notes.object(CONFIG);
    return Boolean.TRUE.equals(limits.get("enabled")) ? new StrictMode(limits, declared) : OFF;
  }

  /// Checks what is set.
  static void check(Fields config) {
    List<String> all = new java.util.ArrayList<>(List.of("enabled", "search_max_oversampling"));
    all.addAll(WHOLE);
    all.addAll(FLAGS);
    all.addAll(NOT_SERVED);
    config.allowOnly(all.toArray(String[]::new));
    config.flag("enabled");
    WHOLE.forEach(key -> config.whole(key, key.equals("search_max_hnsw_ef") ? 0 : 1, MOST));
    FLAGS.forEach(config::flag);
    config.number("search_max_oversampling", 1, Double.MAX_VALUE);
    config.whole("max_collection_vector_size_bytes", 1, Long.MAX_VALUE);
    config.whole("max_collection_payload_size_bytes", 1, Long.MAX_VALUE);
    config.whole("max_resident_memory_percent", 1, 100);
    config.object("multivector_config");
    config.object("sparse_config");
  }

  /// @throws JsonFormatException if it is enabled with a limit that is not kept to
  static void requireServed(CollectionNotes notes) {
    StrictMode mode = of(notes, Set.of());
    for (String key : NOT_SERVED) {
      if (mode.limits.get(key) != null) {
        throw new JsonFormatException(
            CONFIG + "." + key, "it is not served by this version, while enabled is true");
      }
    }
  }

  OptionalLong whole(String key) {
    return limits.get(key) instanceof Long limit ? OptionalLong.of(limit) : OptionalLong.empty();
  }

  private boolean isForbidden(String key) {
    return Boolean.FALSE.equals(limits.get(key));
  }

  private void requireAtMost(String key, String what, long value) {
    OptionalLong limit = whole(key);
    if (limit.isPresent() && value > limit.getAsLong()) {
      throw new Problem(
          400,
          "Bad request: "
              + what
              + ": value "
              + value
              + " invalid, strict mode allows at most "
              + limit.getAsLong()
              + " ("
              + key
              + ")");
    }
  }

  void checkTimeout(long seconds) {
    requireAtMost("max_timeout", "timeout", seconds);
  }

  void checkLimit(long limit) {
    requireAtMost("max_query_limit", "limit", limit);
  }

  void checkSearches(int count) {
    requireAtMost("search_max_batchsize", "number of searches", count);
  }

  /// @param count points that are stored at once
  void checkUpsert(Collection collection, int count) {
    requireAtMost("upsert_max_batchsize", "number of points", count);
    checkPoints(collection, count);
  }

  /// Points that take the place of others count as more, too.
  void checkPoints(Collection collection, int more) {
    if (whole("max_points_count").isPresent()) {
      requireAtMost(
          "max_points_count", "points of the collection", collection.status().points() + more);
    }
  }

  void checkDeclaration(String path) {
    if (!declared.contains(path)) {
      requireAtMost("max_payload_index_count", "declared fields", declared.size() + 1L);
    }
  }

  /// With all that is prefetched.
  ///
  /// @param defaults options where the query says nothing
  void check(QueryBody body, SearchOptions defaults) {
    if (limits.isEmpty()) {
      return;
    }
    checkLimit(body.limit());
    checkRead(body.filter());
    SearchOptions options = body.options().orElse(defaults);
    if (options.width().isPresent()) {
      requireAtMost("search_max_hnsw_ef", "hnsw_ef", options.width().getAsLong());
    }
    requireOversampling(options);
    boolean isNearest = body.spec().map(spec -> spec instanceof Spec.Nearest).orElse(false);
    if (isNearest && options.isExact() && isForbidden("search_allow_exact")) {
      throw new Problem(
          400, "Bad request: exact: strict mode allows no exact search (search_allow_exact)");
    }
    body.prefetch().forEach(each -> check(each, defaults));
  }

  private void requireOversampling(SearchOptions options) {
    if (limits.get("search_max_oversampling") instanceof Number limit
        && options.oversampling().orElse(0) > limit.doubleValue()) {
      throw new Problem(
          400,
          "Bad request: oversampling: value "
              + options.oversampling().getAsDouble()
              + " invalid, strict mode allows at most "
              + limit
              + " (search_max_oversampling)");
    }
  }

  void checkRead(Filter filter) {
    check(filter, "unindexed_filtering_retrieve");
  }

  void checkUpdate(Filter filter) {
    check(filter, "unindexed_filtering_update");
  }

  private void check(Filter filter, String key) {
    if (limits.isEmpty()) {
      return;
    }
    requireAtMost("filter_max_conditions", "conditions of the filter", conditions(filter, ""));
    if (isForbidden(key)) {
      requireIndexed(filter, "", key);
    }
  }

  /// Counts conditions, and checks how many values each has.
  private long conditions(Filter filter, String inside) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> all(parts, inside);
      case Filter.Or(List<Filter> parts) -> all(parts, inside);
      case Filter.AtLeast(_, List<Filter> parts) -> all(parts, inside);
      case Filter.Not(Filter part) -> conditions(part, inside);
      case Filter.Nested(String field, Filter part) -> conditions(part, inside + field + "[].");
      case Filter.In in -> one(inside + in.field(), in.values().size());
      case Filter.Except except -> one(inside + except.field(), except.values().size());
      case Filter.HasId has -> one("has_id", has.ids().count());
      case Filter.Leaf _, Filter.PointTest _ -> 1;
    };
  }

  private long all(List<Filter> parts, String inside) {
    long count = 0;
    for (Filter part : parts) {
      count += conditions(part, inside);
    }
    return count;
  }

  private long one(String what, long values) {
    requireAtMost("condition_max_size", "values of the condition on '" + what + "'", values);
    return 1;
  }

  private void requireIndexed(Filter filter, String inside, String key) {
    switch (filter) {
      case Filter.And(List<Filter> parts) ->
          parts.forEach(part -> requireIndexed(part, inside, key));
      case Filter.Or(List<Filter> parts) ->
          parts.forEach(part -> requireIndexed(part, inside, key));
      case Filter.AtLeast(_, List<Filter> parts) ->
          parts.forEach(part -> requireIndexed(part, inside, key));
      case Filter.Not(Filter part) -> requireIndexed(part, inside, key);
      case Filter.Nested(String field, Filter part) ->
          requireIndexed(part, inside + field + "[].", key);
      case Filter.Leaf leaf -> {
        String path = FieldPath.parse(inside + leaf.field()).canonical();
        if (!declared.contains(path)) {
          throw new Problem(
              400,
              "Bad request: Index required but not found for \""
                  + path
                  + "\": strict mode allows filters on declared fields only ("
                  + key
                  + ")");
        }
      }
      case Filter.PointTest _ -> {}
    }
  }
}
