package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;

/// A network as a function of its parameters: inputs become embeddings, embeddings become scores of
/// classes. Immutable; the weights are handed in with each call.
public sealed interface Network
    permits Mlp, ConvNet, VisionTransformer, TextTransformer, BinarizedMlp {
  ParameterLayout layout();

  /// Values of an input: pixels, or tokens.
  int inputLength();

  int embeddingDimension();

  int classCount();

  /// Embeddings, before they are brought to length 1.
  ///
  /// @param inputs rows x input length
  NDArray embed(Parameters parameters, NDArray inputs);

  /// Scores of classes, from embeddings; uses the parameters that [#embed] left.
  NDArray classify(Parameters parameters, NDArray embeddings);
}
