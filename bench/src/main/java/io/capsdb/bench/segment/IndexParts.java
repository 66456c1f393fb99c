package io.capsdb.bench.segment;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The parts of one index, kept in native memory.
public final class IndexParts implements PartWriter, PartReader {
  private final Map<String, MemorySegment> parts = new TreeMap<>();

  /// Bytes of all parts.
  public long bytes() {
    return parts.values().stream().mapToLong(MemorySegment::byteSize).sum();
  }

  @Override
  public void part(String name, CheckedWriter content) {
    part(name, MemorySegment.ofArray(content.toByteArray()));
  }

  @Override
  public void part(String name, MemorySegment bytes) {
    parts.put(
        name,
        Arena.ofAuto()
            .allocate(Math.max(64, bytes.byteSize()), 64)
            .copyFrom(bytes)
            .asSlice(0, bytes.byteSize()));
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
    return Optional.ofNullable(parts.get(name))
        .orElseThrow(() -> new CorruptFileException(name, 0, "the part is missing"));
  }
}
