package io.capsdb.io;

import java.lang.foreign.MemorySegment;

/// Gives the named parts that a [PartWriter] took. Safe for use by many threads.
public interface PartReader {
  boolean has(String name);

  /// A reader over a part.
  ///
  /// @throws CorruptFileException if the part is missing or damaged
  CheckedReader reader(String name);

  /// The bytes of a part in native memory, from a multiple of 64 on; they stay as long as the
  /// vectors of the index do.
  ///
  /// @throws CorruptFileException if the part is missing or damaged
  MemorySegment segment(String name);
}
