package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.CollectionNames;
import io.capsdb.Database;
import io.capsdb.ReadOptions;
import java.io.InputStream;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// One request, as its handler sees it.
///
/// @param body all of it; empty where it is read from `stream`
/// @param stream a body that is worked on while it comes
/// @param capsHeaders the headers that begin with `x-caps-`, in lower case
/// @param isGone whether the client has hung up
/// @param startNanos when its header had arrived, on `nanoClock`
@SuppressWarnings("ArrayRecordComponent") // the body is read once
record Call(
    Database database,
    HttpConfig config,
    Map<String, String> parameters,
    QueryString query,
    byte[] body,
    InputStream stream,
    Map<String, String> capsHeaders,
    long startNanos,
    BooleanSupplier isGone,
    Metrics metrics,
    ShadowChecks checks) {
  private static final String HEADER = "x-caps-";
  private static final String OPTION = "caps_";

  /// The options of a search that came beside the body: headers `x-caps-…` before `caps_…` of the
  /// query string.
  ///
  /// @throws Problem 422 if one of them is not known
  SearchOptions options() {
    SearchOptions options = SearchOptions.NONE;
    for (Map.Entry<String, String> header : capsHeaders.entrySet()) {
      String name = header.getKey().substring(HEADER.length()).replace('-', '_');
      options = options.orElse(SearchOptions.of(name, header.getValue()));
    }
    for (Map.Entry<String, String> option : query.values().entrySet()) {
      if (option.getKey().startsWith(OPTION)) {
        String name = option.getKey().substring(OPTION.length());
        options = options.orElse(SearchOptions.of(name, option.getValue()));
      }
    }
    return options;
  }

  /// Whether nobody waits for the answer any more: the client is gone, or its own time is over.
  boolean isCancelled() {
    return isGone.getAsBoolean()
        || (query.timeoutSeconds().isPresent() && seconds() > query.timeoutSeconds().getAsInt());
  }

  /// Reads as much of points as is answered, as long as somebody waits.
  ReadOptions reading(PayloadSelector payload, VectorSelector vectors) {
    return new ReadOptions(payload.isWanted(), vectors.isWanted(), this::isCancelled);
  }

  /// Counts a search by its plan, and has some of them checked.
  QueryRunner.Found measured(QueryRunner runner, QueryBody body) {
    StrictMode.of(runner.collection()).check(body, runner.defaults());
    QueryRunner.Found found = runner.run(body);
    found.plan().ifPresent(metrics::search);
    checks.offer(runner, body, found);
    return found;
  }

  /// A parameter of the path.
  String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no parameter " + name);
    }
    return value;
  }

  /// The name of a collection in the path.
  ///
  /// @throws Problem 400 if no collection can have it
  String collectionName() {
    if (!hasCollectionName()) {
      throw Problem.format(
          "path parameters",
          "collection_name: it must have 1 to 255 letters and digits of any script, '_', '-' and '.',"
              + " must not begin with '.' or a mark, and must be in Unicode's normal form NFC");
    }
    return parameter("collection_name");
  }

  /// Whether a collection can have the name in the path.
  boolean hasCollectionName() {
    return CollectionNames.isAllowed(parameter("collection_name"));
  }

  /// The collection that the path names.
  ///
  /// @throws io.capsdb.CollectionNotFoundException if there is none
  Collection collection() {
    return database.collection(collectionName());
  }

  /// Seconds since the header had arrived.
  double seconds() {
    return (config.nanoClock().getAsLong() - startNanos) / 1e9;
  }
}
