package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.Database;
import java.util.Map;

/// One request, as its handler sees it.
///
/// @param startNanos when its header had arrived, on `nanoClock`
@SuppressWarnings("ArrayRecordComponent") // the body is read once
record Call(
    Database database,
    HttpConfig config,
    Map<String, String> parameters,
    QueryString query,
    byte[] body,
    long startNanos) {

  /// A parameter of the path.
  String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no parameter " + name);
    }
    return value;
  }

  /// The collection that the path names.
  ///
  /// @throws io.capsdb.CollectionNotFoundException if there is none
  Collection collection() {
    return database.collection(parameter("collection_name"));
  }

  /// Seconds since the header had arrived.
  double seconds() {
    return (config.nanoClock().getAsLong() - startNanos) / 1e9;
  }
}
