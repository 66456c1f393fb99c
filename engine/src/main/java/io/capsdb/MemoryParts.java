package io.capsdb;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parts of an index that never sees a disk. Reading is safe for use by many threads once all
/// is written.
final class MemoryParts implements PartWriter, PartReader {
  private final Arena arena;
  private final Map<String, MemorySegment> parts = new HashMap<>();

  /// @param arena where the bytes are
  MemoryParts(Arena arena) {
    this.arena = arena;
  }

  @Override
  public void part(String name, CheckedWriter content) {
    part(name, MemorySegment.ofArray(content.toByteArray()));
  }

  @Override
  public void part(String name, MemorySegment bytes) {
    MemorySegment copy = arena.allocate(bytes.byteSize(), 64);
    copy.copyFrom(bytes);
    parts.put(name, copy);
  }

  @Override
  public boolean has(String name) {
    return parts.containsKey(name);
  }

  @Override
  public CheckedReader reader(String name) {
    return new CheckedReader(name, 0, segment(name));
  }

  @Override
  public MemorySegment segment(String name) {
    @Nullable MemorySegment part = parts.get(name);
    if (part == null) {
      throw new CorruptFileException(name, 0, "the part is missing");
    }
    return part;
  }
}
