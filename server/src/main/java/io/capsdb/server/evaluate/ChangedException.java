package io.capsdb.server.evaluate;

import io.capsdb.CapsDbException;

/// Points were written while their collection was measured: answers found before would be held
/// against searches of other points.
public final class ChangedException extends CapsDbException {
  private static final long serialVersionUID = 1L;

  ChangedException(String collection, long writes) {
    super(
        "collection '"
            + collection
            + "' was written to "
            + writes
            + " times while it was measured; nothing is reported: measure it while nobody writes");
  }
}
