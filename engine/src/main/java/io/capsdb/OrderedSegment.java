package io.capsdb;

import io.capsdb.vector.SparseVector;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A segment that takes no more rows and has one index part for each vector name, each with its own
/// order of rows.
abstract sealed class OrderedSegment extends Segment permits IndexedChunk, SealedSegment {
  private final Map<String, IndexPart> parts;
  private final Map<String, SparsePart> sparse;
  private final Optional<RowAttributes> attributes;

  /// @param parts by vector name, for the names that some row has
  /// @param sparse in the same way
  OrderedSegment(
      long number,
      Map<String, IndexPart> parts,
      Map<String, SparsePart> sparse,
      Optional<RowAttributes> attributes) {
    super(number);
    this.parts = Map.copyOf(parts);
    this.sparse = Map.copyOf(sparse);
    this.attributes = attributes;
  }

  @Override
  final boolean hasVector(String name, int row) {
    IndexPart part = parts.get(name);
    if (part != null) {
      return part.ordinal(row) >= 0;
    }
    SparsePart own = sparse.get(name);
    return own != null && own.has(row);
  }

  @Override
  final Optional<SparseVector> sparse(String name, int row) {
    SparsePart own = sparse.get(name);
    return own == null ? Optional.empty() : own.vector(row);
  }

  @Override
  final Map<String, SparseVector> sparse(int row) {
    if (sparse.isEmpty()) {
      return Map.of();
    }
    Map<String, SparseVector> all = new HashMap<>();
    sparse.forEach((name, part) -> part.vector(row).ifPresent(own -> all.put(name, own)));
    return all;
  }

  @Override
  final Optional<SparsePart> sparsePart(String name) {
    return Optional.ofNullable(sparse.get(name));
  }

  @Override
  final Optional<float[]> vector(String name, int row) {
    IndexPart part = parts.get(name);
    if (part == null || part.ordinal(row) < 0) {
      return Optional.empty();
    }
    return Optional.of(part.index().vectors().row(part.ordinal(row)));
  }

  @Override
  final Map<String, float[]> vectors(int row) {
    Map<String, float[]> all = new HashMap<>();
    for (String name : parts.keySet()) {
      vector(name, row).ifPresent(vector -> all.put(name, vector));
    }
    return all;
  }

  @Override
  final Optional<IndexPart> part(String name, int visibleRows) {
    return Optional.ofNullable(parts.get(name));
  }

  @Override
  final Set<String> orderedParts() {
    return parts.keySet();
  }

  @Override
  final Optional<RowAttributes> attributes() {
    return attributes;
  }
}
