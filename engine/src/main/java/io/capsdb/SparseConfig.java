package io.capsdb;

/// The sparse vectors of one name in a collection. Their score is the sum of the products of values
/// of the same index.
///
/// @param hasIdf whether each index counts by how rare it is among all points that have such a
///     vector: `ln(1 + (N - n + 0.5) / (n + 0.5))` for an index that n of N have
public record SparseConfig(boolean hasIdf) {}
