package io.capsdb;

/// A search names a point that the collection does not hold.
public final class PointNotFoundException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public PointNotFoundException(String message) {
    super(message);
  }
}
