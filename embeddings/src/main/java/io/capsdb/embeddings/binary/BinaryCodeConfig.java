package io.capsdb.embeddings.binary;

/// How codes are trained.
///
/// @param bits of a code, at least 1 and at most the number of values of a row
/// @param neighbours exact nearest rows of which an anchor gets one into its batch
/// @param anchors of a batch; it has twice as many rows
/// @param similarity temperature of the softmax over similarities of rows
/// @param agreement temperature of the softmax over agreements of codes
public record BinaryCodeConfig(
    int bits,
    int epochs,
    double learningRate,
    int neighbours,
    int anchors,
    double similarity,
    double agreement) {

  public BinaryCodeConfig {
    if (bits < 1 || bits > 65_536) {
      throw new IllegalArgumentException("bits must be from 1 to 65536, was " + bits);
    }
    if (epochs < 1 || anchors < 2 || neighbours < 1) {
      throw new IllegalArgumentException(
          "epochs, neighbours and anchors must be at least 1, 1 and 2, were "
              + epochs
              + ", "
              + neighbours
              + " and "
              + anchors);
    }
    if (!(learningRate > 0 && similarity > 0 && agreement > 0)) {
      throw new IllegalArgumentException("learning rate and temperatures must be above 0");
    }
  }

  /// The settings that were measured best on images.
  public static BinaryCodeConfig of(int bits) {
    return new BinaryCodeConfig(bits, 15, 6e-3, 20, 64, 0.05, 0.07);
  }
}
