package io.capsdb.embeddings.network;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.capsdb.embeddings.training.Objective;

/// The loss of a network on PyTorch. Gradients of all threads of a process are computed one after
/// the other: DJL collects for one at a time.
public final class TorchObjective implements Objective, AutoCloseable {
  private static final Object COLLECTING = new Object();

  private final Network network;
  private final Loss loss;
  private final Inputs inputs;
  private final int[] labels;
  private final ParameterLayout layout;
  private final NDManager manager = Torch.manager();

  /// @param labels class of each row, from 0 to the network's number of classes
  public TorchObjective(Network network, Loss loss, Inputs inputs, int[] labels) {
    if (labels.length != inputs.rowCount()) {
      throw new IllegalArgumentException(
          inputs.rowCount() + " samples have " + labels.length + " labels");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= network.classCount()) {
        throw new IllegalArgumentException(
            "sample "
                + i
                + " has label "
                + labels[i]
                + ", must be from 0 to "
                + (network.classCount() - 1));
      }
    }
    this.network = network;
    this.loss = loss;
    this.inputs = inputs;
    this.labels = labels.clone();
    this.layout = network.layout();
  }

  @Override
  public int dimension() {
    return layout.size();
  }

  @Override
  public int rowCount() {
    return labels.length;
  }

  @Override
  public double gradient(float[] weights, int[] rows, float[] gradient) {
    synchronized (COLLECTING) {
      try (NDManager step = manager.newSubManager();
          GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray flat = step.create(weights);
        flat.setRequiresGradient(true);
        Parameters parameters = new Parameters(layout.views(flat));
        int[] wanted = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
          wanted[i] = labels[rows[i]];
        }
        NDArray value = loss.of(network, parameters, batch(step, rows), wanted);
        collector.backward(value);
        float[] flatGradient = flat.getGradient().toFloatArray();
        System.arraycopy(flatGradient, 0, gradient, 0, gradient.length);
        return value.getFloat();
      }
    }
  }

  private NDArray batch(NDManager step, int[] rows) {
    int length = network.inputLength();
    float[] values = new float[rows.length * length];
    for (int i = 0; i < rows.length; i++) {
      inputs.write(rows[i], values, i * length);
    }
    return step.create(values, new Shape(rows.length, length));
  }

  @Override
  public void close() {
    manager.close();
  }
}
