package io.capsdb;

/// The disk failed or is full, or background work cannot get on; the cause tells how. Reads go on.
/// A batch that was refused before it was logged is not kept; of one whose logging failed, opening
/// again decides.
public final class StorageException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
