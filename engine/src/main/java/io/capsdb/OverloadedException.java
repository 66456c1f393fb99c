package io.capsdb;

/// More is written than the background can keep up with. Nothing of the batch is stored; trying
/// again after some seconds helps.
public final class OverloadedException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public OverloadedException(String message) {
    super(message);
  }
}
