package io.capsdb;

/// There is no such snapshot.
public final class SnapshotNotFoundException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public SnapshotNotFoundException(String message) {
    super(message);
  }
}
