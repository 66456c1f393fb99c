package io.capsdb.formats;

/// JSON that cannot be read, or that says what it may not; the message names the place, the value
/// and what is allowed.
public final class JsonFormatException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public JsonFormatException(String message) {
    super(message);
  }

  /// @param path where in the document, for example `points[3].payload.price`; empty for the
  ///     document itself
  public JsonFormatException(String path, String message) {
    super(path.isEmpty() ? message : path + ": " + message);
  }
}
