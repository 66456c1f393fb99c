package io.capsdb.server.command;

/// The command cannot be run as it was given; the message names option, value and bound.
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
