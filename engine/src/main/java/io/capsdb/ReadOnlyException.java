package io.capsdb;

/// A write to a database that was opened read-only, or that stopped writing after a failure.
public final class ReadOnlyException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public ReadOnlyException(String message) {
    super(message);
  }
}
