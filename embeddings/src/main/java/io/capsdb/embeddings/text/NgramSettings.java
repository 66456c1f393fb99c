package io.capsdb.embeddings.text;

/// How averaged n-grams are trained.
///
/// @param temperature of the softmax over the texts of a batch
/// @param classShare weight of the loss that draws texts of a class together; 0 where there are no
///     classes
public record NgramSettings(
    int epochs,
    int batchRows,
    double learningRate,
    double temperature,
    double classShare,
    long seed) {
  public NgramSettings {
    if (epochs < 1 || batchRows < 2) {
      throw new IllegalArgumentException(
          "epochs and batchRows must be at least 1 and 2, were " + epochs + " and " + batchRows);
    }
    if (!(learningRate > 0 && temperature > 0 && classShare >= 0)) {
      throw new IllegalArgumentException(
          "learning rate and temperature must be above 0, classShare at least 0");
    }
  }

  public static NgramSettings of(int epochs, long seed) {
    return new NgramSettings(epochs, 256, 0.05, 0.05, 0.2, seed);
  }
}
