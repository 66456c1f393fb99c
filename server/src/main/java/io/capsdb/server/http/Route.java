package io.capsdb.server.http;

import java.io.IOException;
import java.util.List;

/// One operation of the API: which requests it takes, where it runs, what it does.
///
/// @param operation its name, as in `openapi.yaml`
/// @param method upper-case
/// @param path for example `/collections/{collection_name}/points`
record Route(
    String operation, String method, String path, Place place, boolean hasBody, Handler handler) {

  /// Where a handler runs.
  enum Place {
    /// On the event loop: answers at once, touches no collection.
    AT_ONCE,
    READER,
    WRITER
  }

  /// Answers a call.
  @FunctionalInterface
  interface Handler {
    /// @throws Problem when the caller is to be told why not
    Answer handle(Call call) throws IOException;
  }

  static Route atOnce(String operation, String path, Handler handler) {
    return new Route(operation, "GET", path, Place.AT_ONCE, false, handler);
  }

  static Route get(String operation, String path, Handler handler) {
    return new Route(operation, "GET", path, Place.READER, false, handler);
  }

  /// Reads, by a body.
  static Route ask(String operation, String path, Handler handler) {
    return new Route(operation, "POST", path, Place.READER, true, handler);
  }

  /// Writes, by a body.
  static Route write(String operation, String method, String path, Handler handler) {
    return new Route(operation, method, path, Place.WRITER, true, handler);
  }

  static Route delete(String operation, String path, Handler handler) {
    return new Route(operation, "DELETE", path, Place.WRITER, false, handler);
  }

  /// The path, step by step.
  List<String> steps() {
    return Router.steps(path);
  }
}
