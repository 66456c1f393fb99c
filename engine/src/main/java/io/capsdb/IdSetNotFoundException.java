package io.capsdb;

/// A filter names a set of ids that the collection does not keep.
public final class IdSetNotFoundException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public IdSetNotFoundException(String message) {
    super(message);
  }
}
