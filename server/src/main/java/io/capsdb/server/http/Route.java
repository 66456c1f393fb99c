package io.capsdb.server.http;

import java.io.IOException;
import java.util.List;

/// One operation of the API: which requests it takes, where it runs, what it does.
///
/// @param operation its name, as in `openapi.yaml`
/// @param method upper-case
/// @param path for example `/collections/{collection_name}/points`
record Route(
    String operation, String method, String path, Place place, Body body, Handler handler) {

  /// What comes with a request, and what of any length goes or comes.
  enum Body {
    NONE,
    /// Nothing comes, and a whole collection is copied.
    COPYING,
    /// JSON, held as a whole.
    WHOLE,
    /// The same, which can name what is fetched from another server.
    FETCHING,
    /// Nothing comes, and the answer is read while it is sent.
    ANSWERED,
    /// Lines of JSON, worked on while they come.
    LINES,
    /// A form with a file, worked on while it comes.
    FORM
  }

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
    return new Route(operation, "GET", path, Place.AT_ONCE, Body.NONE, handler);
  }

  static Route get(String operation, String path, Handler handler) {
    return new Route(operation, "GET", path, Place.READER, Body.NONE, handler);
  }

  /// Reads, by a body.
  static Route ask(String operation, String path, Handler handler) {
    return new Route(operation, "POST", path, Place.READER, Body.WHOLE, handler);
  }

  /// Writes, by a body.
  static Route write(String operation, String method, String path, Handler handler) {
    return new Route(operation, method, path, Place.WRITER, Body.WHOLE, handler);
  }

  static Route delete(String operation, String path, Handler handler) {
    return new Route(operation, "DELETE", path, Place.WRITER, Body.NONE, handler);
  }

  /// Whether something comes with a request.
  boolean hasBody() {
    return switch (body) {
      case NONE, COPYING, ANSWERED -> false;
      case WHOLE, FETCHING, LINES, FORM -> true;
    };
  }

  /// Whether the body is worked on while it comes.
  boolean isReceivedInPieces() {
    return body == Body.LINES || body == Body.FORM;
  }

  /// Whether a request takes as long as its client, another server, or the size of a collection has
  /// it take.
  boolean isOfAnyLength() {
    return isReceivedInPieces() || body == Body.ANSWERED || isOfSnapshot();
  }

  /// Whether a collection is made a snapshot, or a snapshot a collection.
  boolean isOfSnapshot() {
    return switch (body) {
      case COPYING, FETCHING, FORM -> true;
      case NONE, WHOLE, ANSWERED, LINES -> false;
    };
  }

  /// The path, step by step.
  List<String> steps() {
    return Router.steps(path);
  }
}
