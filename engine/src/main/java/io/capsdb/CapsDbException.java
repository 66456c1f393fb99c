package io.capsdb;

/// The root of what CapsDB throws on its own account. A wrong value of the caller is an
/// `IllegalArgumentException`.
public class CapsDbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CapsDbException(String message) {
    super(message);
  }

  public CapsDbException(String message, Throwable cause) {
    super(message, cause);
  }
}
