package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.capsdb.vector.Kernels;

/// Runs a network with fixed weights. For one thread at a time.
public final class TorchRunner implements AutoCloseable {
  private static final int BATCH = 256;

  private final Network network;
  private final NDManager manager = Torch.manager();
  private final NDArray flat;

  /// @throws IllegalArgumentException if the network has another number of weights
  public TorchRunner(Network network, float[] weights) {
    int wanted = network.layout().size();
    if (weights.length != wanted) {
      manager.close();
      throw new IllegalArgumentException(
          "the network has " + wanted + " weights, " + weights.length + " were given");
    }
    this.network = network;
    this.flat = manager.create(weights);
  }

  /// Embeddings of length 1.
  ///
  /// @param inputs rows one after the other
  public float[][] embed(float[] inputs) {
    int rows = inputs.length / network.inputLength();
    int width = network.embeddingDimension();
    float[][] embeddings = new float[rows][width];
    try (NDManager step = manager.newSubManager()) {
      NDArray values = step.create(inputs, new Shape(rows, network.inputLength()));
      float[] all = Tensors.normalize(network.embed(parameters(step), values)).toFloatArray();
      for (int i = 0; i < rows; i++) {
        System.arraycopy(all, i * width, embeddings[i], 0, width);
      }
    }
    return embeddings;
  }

  /// Share of rows whose class is the one with the highest score.
  public double accuracy(Inputs inputs, int[] labels) {
    int right = 0;
    for (int from = 0; from < labels.length; from += BATCH) {
      int to = Math.min(labels.length, from + BATCH);
      right += right(inputs, labels, from, to);
    }
    return (double) right / labels.length;
  }

  /// Share of rows whose nearest other row, by their embeddings, is of the same class.
  public double neighbourAgreement(Inputs inputs, int[] labels) {
    float[][] embeddings = new float[labels.length][];
    for (int from = 0; from < labels.length; from += BATCH) {
      int to = Math.min(labels.length, from + BATCH);
      float[] values = new float[(to - from) * network.inputLength()];
      for (int row = from; row < to; row++) {
        inputs.write(row, values, (row - from) * network.inputLength());
      }
      System.arraycopy(embed(values), 0, embeddings, from, to - from);
    }
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      int nearest = -1;
      float most = Float.NEGATIVE_INFINITY;
      for (int j = 0; j < labels.length; j++) {
        float product = j == i ? most : Kernels.best().dot(embeddings[i], embeddings[j]);
        if (product > most) {
          most = product;
          nearest = j;
        }
      }
      right += nearest >= 0 && labels[nearest] == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  private int right(Inputs inputs, int[] labels, int from, int to) {
    int length = network.inputLength();
    float[] values = new float[(to - from) * length];
    for (int row = from; row < to; row++) {
      inputs.write(row, values, (row - from) * length);
    }
    int classes = network.classCount();
    int right = 0;
    try (NDManager step = manager.newSubManager()) {
      Parameters parameters = parameters(step);
      NDArray batch = step.create(values, new Shape(to - from, length));
      float[] scores =
          network.classify(parameters, network.embed(parameters, batch)).toFloatArray();
      for (int row = from; row < to; row++) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
          int at = (row - from) * classes;
          best = scores[at + c] > scores[at + best] ? c : best;
        }
        right += best == labels[row] ? 1 : 0;
      }
    }
    return right;
  }

  private Parameters parameters(NDManager step) {
    NDArray view = flat.duplicate();
    view.attach(step);
    return new Parameters(network.layout().views(view));
  }

  @Override
  public void close() {
    manager.close();
  }
}
