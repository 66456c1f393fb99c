package io.capsdb.embeddings.data;

/// What an encoder turns into a vector.
public sealed interface Content {
  /// An image: bytes of one channel after the other, each row by row.
  @SuppressWarnings("ArrayRecordComponent") // made by the reader, owned by the receiver
  record Pixels(byte[] values) implements Content {}

  record Text(String text) implements Content {}
}
