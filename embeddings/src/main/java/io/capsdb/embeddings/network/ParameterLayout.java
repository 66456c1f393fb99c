package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The parameters of a network and their places in its flat weights.
///
/// The order never changes between flattening and use: it is that in which they were added.
public final class ParameterLayout {
  /// How a parameter begins.
  enum Start {
    ZEROS,
    ONES,
    /// Evenly within `1 / sqrt(fan-in)`, as PyTorch begins its linear and convolutional layers.
    BY_FAN_IN,
    /// Normal with a deviation of 0.02, as transformers begin their embeddings.
    SMALL_NORMAL
  }

  private record Parameter(String name, Shape shape, int fanIn, Start start) {
    int size() {
      return Math.toIntExact(shape.size());
    }
  }

  private final List<Parameter> parameters = new ArrayList<>();
  private int size;

  ParameterLayout() {}

  /// Adds a parameter.
  ///
  /// @param fanIn inputs that one of its outputs sums up
  ParameterLayout add(String name, Start start, int fanIn, long... shape) {
    Parameter parameter = new Parameter(name, new Shape(shape), fanIn, start);
    parameters.add(parameter);
    size = Math.addExact(size, parameter.size());
    return this;
  }

  /// Weight `outputs x inputs` and bias of a linear layer.
  ParameterLayout linear(String name, int inputs, int outputs) {
    add(name + ".weight", Start.BY_FAN_IN, inputs, outputs, inputs);
    return add(name + ".bias", Start.BY_FAN_IN, inputs, outputs);
  }

  /// Gain and bias of a layer normalisation.
  ParameterLayout norm(String name, int width) {
    add(name + ".gain", Start.ONES, 1, width);
    return add(name + ".bias", Start.ZEROS, 1, width);
  }

  /// Number of all weights.
  public int size() {
    return size;
  }

  /// Weights of each parameter, in order: the blocks of layer-wise averaging.
  public int[] blockSizes() {
    return parameters.stream().mapToInt(Parameter::size).toArray();
  }

  public List<String> names() {
    return parameters.stream().map(Parameter::name).toList();
  }

  /// New weights.
  public float[] start(RandomGenerator random) {
    float[] weights = new float[size];
    int at = 0;
    for (Parameter parameter : parameters) {
      int end = at + parameter.size();
      double bound = 1 / Math.sqrt(parameter.fanIn());
      switch (parameter.start()) {
        case ZEROS -> Arrays.fill(weights, at, end, 0);
        case ONES -> Arrays.fill(weights, at, end, 1);
        case BY_FAN_IN -> {
          for (int i = at; i < end; i++) {
            weights[i] = (float) random.nextDouble(-bound, bound);
          }
        }
        case SMALL_NORMAL -> {
          for (int i = at; i < end; i++) {
            weights[i] = (float) (0.02 * random.nextGaussian());
          }
        }
      }
      at = end;
    }
    return weights;
  }

  /// The parameters as views of the flat weights, in order. A gradient of the views flows back into
  /// one array for all of them.
  NDList views(NDArray flat) {
    if (parameters.size() == 1) {
      return new NDList(flat.reshape(parameters.getFirst().shape()));
    }
    long[] cuts = new long[parameters.size() - 1];
    long at = 0;
    for (int i = 0; i < cuts.length; i++) {
      at += parameters.get(i).size();
      cuts[i] = at;
    }
    NDList parts = flat.split(cuts, 0);
    NDList views = new NDList(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      views.add(parts.get(i).reshape(parameters.get(i).shape()));
    }
    return views;
  }
}
