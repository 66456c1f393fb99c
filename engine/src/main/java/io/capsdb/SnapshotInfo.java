package io.capsdb;

import java.util.Optional;

/// A snapshot of a collection.
///
/// @param name unique among the snapshots of its collection
/// @param bytes of its archive
/// @param checksum SHA-256 of its archive, 64 hexadecimal digits; empty where it is not known
public record SnapshotInfo(String name, long bytes, Optional<String> checksum) {}
