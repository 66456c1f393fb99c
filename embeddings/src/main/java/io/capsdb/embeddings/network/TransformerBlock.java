package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.jspecify.annotations.Nullable;

/// One layer of a transformer, with normalisation before attention and before its two linear
/// layers (Xiong et al., 2020), from primitives.
final class TransformerBlock {
  private TransformerBlock() {}

  static void addTo(ParameterLayout layout, String name, int width) {
    layout.norm(name + ".norm1", width);
    layout.linear(name + ".queries-keys-values", width, 3 * width);
    layout.linear(name + ".attended", width, width);
    layout.norm(name + ".norm2", width);
    layout.linear(name + ".wide", width, 2 * width);
    layout.linear(name + ".narrow", 2 * width, width);
  }

  /// @param x rows x length x width
  /// @param mask rows x 1 x 1 x length: 0 where a token counts, very negative where none is; null
  ///     where all count
  static NDArray forward(Parameters parameters, NDArray x, int heads, @Nullable NDArray mask) {
    long length = x.getShape().get(1);
    long width = x.getShape().get(2);
    long each = width / heads;
    NDArray all =
        parameters
            .linear(parameters.norm(x))
            .reshape(-1, length, 3, heads, each)
            .transpose(2, 0, 3, 1, 4);
    NDArray queries = all.get(0);
    NDArray keys = all.get(1);
    NDArray values = all.get(2);
    NDArray scores =
        Tensors.times(queries.matMul(keys.transpose(0, 1, 3, 2)), 1 / Math.sqrt((double) each));
    if (mask != null) {
      scores = scores.add(mask);
    }
    NDArray attended =
        scores.softmax(-1).matMul(values).transpose(0, 2, 1, 3).reshape(-1, length, width);
    NDArray y = x.add(parameters.linear(attended));
    NDArray wide = Activation.gelu(parameters.linear(parameters.norm(y)));
    return y.add(parameters.linear(wide));
  }
}
