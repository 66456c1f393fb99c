package io.capsdb;

/// A snapshot of a collection.
///
/// @param name unique among the snapshots of its collection
/// @param bytes of its archive
public record SnapshotInfo(String name, long bytes) {}
