package io.capsdb.embeddings.model;

import io.capsdb.embeddings.data.Content;
import java.util.List;

/// Turns images or texts into vectors of length 1. For one thread at a time.
public interface Encoder extends AutoCloseable {
  /// Values of a vector.
  int dimension();

  /// Names the model: vectors of different versions are not to be compared.
  String modelVersion();

  /// What it takes.
  ContentKind kind();

  /// A vector for each content, in their order.
  ///
  /// @throws IllegalArgumentException if a content is of another kind, or an image of another size
  float[][] embed(List<Content> contents);

  @Override
  void close();
}
