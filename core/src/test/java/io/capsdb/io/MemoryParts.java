package io.capsdb.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The parts of an index in memory.
public final class MemoryParts implements PartWriter, PartReader {
  private final Map<String, byte[]> parts = new TreeMap<>();

  @Override
  public void part(String name, CheckedWriter content) {
    add(name, content.toByteArray());
  }

  @Override
  public void part(String name, MemorySegment bytes) {
    add(name, bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  private void add(String name, byte[] bytes) {
    if (parts.putIfAbsent(name, bytes) != null) {
      throw new IllegalArgumentException("part '" + name + "' is there already");
    }
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
    byte[] bytes = bytes(name);
    return Arena.ofAuto()
        .allocate(Math.max(1, bytes.length), 64)
        .copyFrom(MemorySegment.ofArray(bytes))
        .asSlice(0, bytes.length)
        .asReadOnly();
  }

  /// Names of the parts, sorted.
  public List<String> names() {
    return List.copyOf(parts.keySet());
  }

  /// The bytes of a part.
  public byte[] bytes(String name) {
    return Optional.ofNullable(parts.get(name))
        .orElseThrow(() -> new CorruptFileException(name, 0, "the part is missing"));
  }

  /// The same parts, one of them with other bytes.
  public MemoryParts with(String name, byte[] bytes) {
    MemoryParts changed = new MemoryParts();
    changed.parts.putAll(parts);
    changed.parts.put(name, bytes);
    return changed;
  }
}
