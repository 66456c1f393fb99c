package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// What several losses need.
final class Tensors {
  private Tensors() {}

  /// A 1 at the class of each row, 0 elsewhere.
  static NDArray oneHot(NDManager manager, int[] labels, int classCount) {
    float[] values = new float[labels.length * classCount];
    for (int i = 0; i < labels.length; i++) {
      values[i * classCount + labels[i]] = 1;
    }
    return manager.create(values, new Shape(labels.length, classCount));
  }

  /// Values times a number, where a gradient flows through them.
  ///
  /// DJL's own product with a number frees the number at once, though the backward pass reads it:
  /// once its memory was collected, gradients would be anything. Here it ends with the manager.
  static NDArray times(NDArray values, double factor) {
    return values.mul(values.getManager().create((float) factor));
  }

  /// Rows brought to length 1; a row of zeros stays one.
  static NDArray normalize(NDArray rows) {
    NDArray square = rows.square().sum(new int[] {1}, true);
    return rows.div(square.add(1e-12f).sqrt());
  }
}
