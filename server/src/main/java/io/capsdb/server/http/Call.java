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

  /// The name of a collection in the path.
  ///
  /// @throws Problem 400 if no collection can have it
  String collectionName() {
    String name = parameter("collection_name");
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}")) {
      throw Problem.format(
          "path parameters",
          "collection_name: it must have 1 to 255 letters, digits, '_', '-' and '.', and not begin"
              + " with '.'");
    }
    return name;
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
