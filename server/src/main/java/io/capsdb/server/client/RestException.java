package io.capsdb.server.client;

import java.io.IOException;

/// An answer that is no success.
public final class RestException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /// @param status of the HTTP answer
  /// @param message what the server said
  RestException(int status, String message) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }

  /// Whether the request itself was at fault, so that sending it again would fail again.
  public boolean isRequestAtFault() {
    return status == 400 || status == 413 || status == 422;
  }
}
