package io.capsdb;

/// There is no collection of that name.
public final class CollectionNotFoundException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public CollectionNotFoundException(String message) {
    super(message);
  }
}
