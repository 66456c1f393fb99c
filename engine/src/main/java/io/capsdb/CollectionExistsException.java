package io.capsdb;

/// There is a collection of that name already.
public final class CollectionExistsException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public CollectionExistsException(String message) {
    super(message);
  }
}
