package io.capsdb.embeddings.network;

/// The inputs of a network, by row number.
public interface Inputs {
  int rowCount();

  /// Writes the input of a row.
  ///
  /// @param at where in `out` it begins
  void write(int row, float[] out, int at);
}
