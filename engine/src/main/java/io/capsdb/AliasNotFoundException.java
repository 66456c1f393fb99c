package io.capsdb;

/// There is no alias of that name.
public final class AliasNotFoundException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public AliasNotFoundException(String message) {
    super(message);
  }
}
