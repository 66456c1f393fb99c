package io.capsdb.embeddings.network;

/// Bounds of the sizes of networks: a file may not ask for more than a machine has.
final class Sizes {
  private static final int MOST = 1 << 20;

  private Sizes() {}

  static void require(String name, int value, int least) {
    if (value < least || value > MOST) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + MOST + ", was " + value);
    }
  }
}
