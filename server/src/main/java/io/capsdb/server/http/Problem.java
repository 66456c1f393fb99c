package io.capsdb.server.http;

import java.util.OptionalInt;

/// Why a request is not answered as asked: a status and a text for the caller, which never names
/// inner things.
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// A text may repeat what the caller sent, but not megabytes of it.
  private static final int MAX_TEXT = 1_000;

  private final int status;
  private final transient OptionalInt retrySeconds;

  private Problem(int status, String text, OptionalInt retrySeconds) {
    super(shown(text), null, false, false);
    this.status = status;
    this.retrySeconds = retrySeconds;
  }

  private static String shown(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    // Half of a character would make the answer no JSON for some.
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return text.substring(0, end) + "…";
  }

  Problem(int status, String text) {
    this(status, text, OptionalInt.empty());
  }

  /// A JSON body, query or path that does not say what it must.
  ///
  /// @param where `JSON body`, `query parameters` or `path parameters`
  static Problem format(String where, String text) {
    return new Problem(400, "Format error in " + where + ": " + text);
  }

  /// A value that is too small, too large or too long.
  static Problem validation(String where, String text) {
    return new Problem(422, "Validation error in " + where + ": [" + text + "]");
  }

  /// Nobody knows who asks.
  static Problem unknownCaller() {
    return new Problem(401, "Must provide an API key or an Authorization bearer token");
  }

  /// It is known who asks, and that they may not.
  static Problem notAllowed() {
    return new Problem(403, "Forbidden: this key is for reading only");
  }

  static Problem tooMuch(String text) {
    return new Problem(429, text, OptionalInt.of(1));
  }

  static Problem tooMuch(String text, int seconds) {
    return new Problem(429, text, OptionalInt.of(seconds));
  }

  static Problem closing() {
    return new Problem(503, "the server is stopping", OptionalInt.of(1));
  }

  static Problem outOfDescriptors() {
    return new Problem(503, "the server is out of file descriptors", OptionalInt.of(1));
  }

  static Problem tooManyConnections() {
    return new Problem(503, "the server has too many connections", OptionalInt.of(1));
  }

  int status() {
    return status;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  /// When to try again, if that helps.
  OptionalInt retrySeconds() {
    return retrySeconds;
  }
}
