package io.capsdb;

/// More is asked for at one time than can be done: writes that the background does not keep up
/// with, a second snapshot while one is being made. Nothing is done of it; trying again after some
/// seconds helps.
public final class OverloadedException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public OverloadedException(String message) {
    super(message);
  }
}
