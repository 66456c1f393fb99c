package io.capsdb.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Takes the named parts of which an index consists. Each name comes once. Not for more than one
/// thread.
public interface PartWriter {
  /// Adds a part that is read front to back by a [CheckedReader].
  void part(String name, CheckedWriter content) throws IOException;

  /// Adds a part that is mapped and used in place.
  void part(String name, MemorySegment bytes) throws IOException;
}
