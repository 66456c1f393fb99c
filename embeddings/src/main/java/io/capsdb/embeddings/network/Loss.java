package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/// What a network is trained for.
public enum Loss {
  /// Cross-entropy of the classes.
  CROSS_ENTROPY {
    @Override
    NDArray of(Network network, Parameters parameters, NDArray inputs, int[] labels) {
      NDArray scores = network.classify(parameters, network.embed(parameters, inputs));
      NDArray wanted = Tensors.oneHot(inputs.getManager(), labels, network.classCount());
      return Tensors.times(scores.logSoftmax(-1).mul(wanted).sum(), -1.0 / labels.length);
    }
  },
  /// Supervised contrastive loss (Khosla et al., 2020), temperature 0.1: rows of a class are drawn
  /// together, all others apart. The layer of classes is not used, and gets no gradient.
  SUPERVISED_CONTRASTIVE {
    @Override
    NDArray of(Network network, Parameters parameters, NDArray inputs, int[] labels) {
      NDArray embeddings = Tensors.normalize(network.embed(parameters, inputs));
      int n = labels.length;
      float[] self = new float[n * n];
      float[] share = new float[n * n];
      int rows = 0;
      for (int i = 0; i < n; i++) {
        self[i * n + i] = NOT_SELF;
        int same = 0;
        for (int j = 0; j < n; j++) {
          same += j != i && labels[j] == labels[i] ? 1 : 0;
        }
        for (int j = 0; j < n && same > 0; j++) {
          share[i * n + j] = j != i && labels[j] == labels[i] ? 1f / same : 0;
        }
        rows += same > 0 ? 1 : 0;
      }
      NDManager manager = inputs.getManager();
      NDArray similar =
          Tensors.times(embeddings.matMul(embeddings.transpose()), 1 / TEMPERATURE)
              .add(manager.create(self, new Shape(n, n)));
      NDArray sum = similar.logSoftmax(-1).mul(manager.create(share, new Shape(n, n))).sum();
      return Tensors.times(sum, -1.0 / Math.max(1, rows));
    }
  };

  private static final double TEMPERATURE = 0.1;
  private static final float NOT_SELF = -1e9f;

  /// The mean over the rows, a single number.
  ///
  /// @param labels class of each row
  abstract NDArray of(Network network, Parameters parameters, NDArray inputs, int[] labels);
}
