package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/// Hands out parameters in the order of their layout, so that a network reads like its layers.
final class Parameters {
  private final NDList views;
  private int next;

  Parameters(NDList views) {
    this.views = views;
  }

  NDArray next() {
    return views.get(next++);
  }

  /// `x Wᵀ + b` for rows *x*, with the next two parameters.
  NDArray linear(NDArray x) {
    NDArray weight = next();
    NDArray bias = next();
    return x.matMul(weight.transpose()).add(bias);
  }

  /// Layer normalisation over the last side, with the next two parameters.
  NDArray norm(NDArray x) {
    NDArray gain = next();
    NDArray bias = next();
    int[] last = {x.getShape().dimension() - 1};
    NDArray centred = x.sub(x.mean(last, true));
    NDArray variance = centred.square().mean(last, true);
    return centred.div(variance.add(1e-5f).sqrt()).mul(gain).add(bias);
  }
}
