package io.capsdb;

import java.io.IOException;

/// The disk failed or is full; the cause tells how. Nothing of the refused batch is kept.
public final class StorageException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  public StorageException(String message, IOException cause) {
    super(message, cause);
  }
}
