package io.capsdb.embeddings.model;

import java.util.List;
import java.util.Map;

/// A trained model: what a model file holds.
///
/// @param weights flat, in the order of the network's layout
/// @param classes that it was trained to tell apart, in the order of their numbers
/// @param provenance where it comes from: data, settings, seed, scores
@SuppressWarnings("ArrayRecordComponent") // read only
public record Model(
    ModelSpec spec, float[] weights, List<String> classes, Map<String, String> provenance) {
  /// Entries of the provenance that tell of the weights alone.
  private static final List<String> OF_WEIGHTS = List.of("steps", "validation");

  public Model {
    classes = List.copyOf(classes);
    provenance = Map.copyOf(provenance);
    if (weights.length != spec.weightCount()) {
      throw new IllegalArgumentException(
          "the model has " + spec.weightCount() + " weights, " + weights.length + " were given");
    }
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException("weight " + i + " is " + weights[i]);
      }
    }
  }

  /// The model ready for use.
  public Encoder encoder() {
    return switch (spec) {
      case ModelSpec.Images images -> new NetworkEncoder(this, images);
      case ModelSpec.Tokens tokens -> new NetworkEncoder(this, tokens);
      case ModelSpec.Ngrams ngrams -> new NgramEncoder(this, ngrams);
    };
  }

  /// The same with other weights, and a word more on where they come from. What was said of the
  /// weights before, their steps and their score, is not said of these.
  public Model withWeights(float[] others, Map<String, String> more) {
    java.util.TreeMap<String, String> all = new java.util.TreeMap<>(provenance);
    all.keySet().removeAll(OF_WEIGHTS);
    all.putAll(more);
    return new Model(spec, others, classes, all);
  }
}
