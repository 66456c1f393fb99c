package io.capsdb.embeddings.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.capsdb.embeddings.training.AdamW;
import io.capsdb.embeddings.training.TrainingListener;
import io.capsdb.embeddings.training.TrainingLoop;
import io.capsdb.embeddings.training.TrainingSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkTest {
  static Stream<Network> networks() {
    return Stream.of(
        new Mlp(64, List.of(12, 6), 3),
        new ConvNet(1, 8, 3, 6, 3),
        new VisionTransformer(1, 8, 4, 8, 2, 2, 3),
        new TextTransformer(20, 64, 8, 2, 1, 3));
  }

  static Stream<Network> binarized() {
    return Stream.of(new BinarizedMlp(64, 8, 2, 3, 2));
  }

  /// Rows of three classes that differ by where they are bright, or by their tokens.
  private static final class Toy implements Inputs {
    private final boolean isText;
    private final int count;

    Toy(Network network, int count) {
      this.isText = network instanceof TextTransformer;
      this.count = count;
    }

    int[] labels() {
      return IntStream.range(0, count).map(i -> i % 3).toArray();
    }

    @Override
    public int rowCount() {
      return count;
    }

    @Override
    public void write(int row, float[] out, int at) {
      SplittableRandom random = new SplittableRandom(row);
      for (int i = 0; i < 64; i++) {
        boolean isOn = i / 22 == row % 3;
        if (isText) {
          int length = 5 + row % 9;
          out[at + i] = i < length ? 1 + 6 * (row % 3) + random.nextInt(6) : 0;
        } else {
          out[at + i] = (float) (random.nextGaussian() * 0.3 + (isOn ? 1 : 0));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradientIsThatOfTheLoss(Network network) {
    Toy toy = new Toy(network, 12);
    int[] rows = IntStream.range(0, 12).toArray();
    for (Loss loss : Loss.values()) {
      try (TorchObjective objective = new TorchObjective(network, loss, toy, toy.labels())) {
        float[] weights = network.layout().start(new SplittableRandom(1));
        float[] gradient = new float[weights.length];
        objective.gradient(weights, rows, gradient);
        // Along the gradient itself the loss changes by its square.
        double square = 0;
        for (float g : gradient) {
          square += (double) g * g;
        }
        assertThat(square).isPositive();
        double step = 1e-3 / Math.sqrt(square);
        double slope =
            (lossAt(objective, weights, gradient, step, rows)
                    - lossAt(objective, weights, gradient, -step, rows))
                / (2 * step);
        assertThat(slope / square).as("%s %s", network, loss).isCloseTo(1, within(0.05));
      }
    }
  }

  /// What the backward pass needs of the forward pass must not be freed between them.
  @ParameterizedTest
  @MethodSource({"networks", "binarized"})
  void gradientIsTheSameAfterACollectionOfGarbage(Network network) throws Exception {
    Toy toy = new Toy(network, 12);
    int[] rows = IntStream.range(0, 12).toArray();
    float[] inputs = new float[12 * 64];
    for (int row : rows) {
      toy.write(row, inputs, 64 * row);
    }
    float[] weights = network.layout().start(new SplittableRandom(1));
    for (Loss loss : Loss.values()) {
      float[] wanted = new float[weights.length];
      try (TorchObjective objective = new TorchObjective(network, loss, toy, toy.labels())) {
        objective.gradient(weights, rows, wanted);
      }
      try (NDManager manager = Torch.manager();
          GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray flat = manager.create(weights);
        flat.setRequiresGradient(true);
        NDArray value =
            loss.of(
                network,
                new Parameters(network.layout().views(flat)),
                manager.create(inputs, new Shape(12, 64)),
                toy.labels());
        overwriteFreedMemory();
        collector.backward(value);
        assertThat(flat.getGradient().toFloatArray()).as("%s %s", network, loss).isEqualTo(wanted);
      }
    }
  }

  /// Fills small pieces of memory that have become free with what is no number.
  private static void overwriteFreedMemory() throws InterruptedException {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      System.gc();
      Thread.sleep(5);
      for (int i = 0; i < 500; i++) {
        pieces.add(ByteBuffer.allocateDirect(4).putInt(0, -1));
      }
    }
    assertThat(pieces).hasSize(5_000);
  }

  private static double lossAt(
      TorchObjective objective, float[] weights, float[] direction, double step, int[] rows) {
    float[] moved = weights.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (step * direction[i]);
    }
    return objective.gradient(moved, rows, new float[moved.length]);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void learnsClassesAndGivesUnitVectors(Network network) throws Exception {
    Toy toy = new Toy(network, 60);
    try (TorchObjective objective =
        new TorchObjective(network, Loss.CROSS_ENTROPY, toy, toy.labels())) {
      TrainingSettings settings = TrainingSettings.of(25, 20, 0.01, 2);
      float[] weights =
          new TrainingLoop(objective, new AdamW(0), settings, null, TrainingListener.NONE)
              .run(network.layout().start(new SplittableRandom(3)))
              .weights();
      try (TorchRunner runner = new TorchRunner(network, weights)) {
        assertThat(runner.accuracy(toy, toy.labels())).isGreaterThan(0.95);
        float[] inputs = new float[2 * 64];
        toy.write(0, inputs, 0);
        toy.write(1, inputs, 64);
        float[][] embeddings = runner.embed(inputs);
        assertThat(embeddings).hasDimensions(2, network.embeddingDimension());
        for (float[] embedding : embeddings) {
          double square = 0;
          for (float value : embedding) {
            square += value * value;
          }
          assertThat(square).isCloseTo(1, within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void contrastiveLossDrawsClassesTogether(Network network) throws Exception {
    Toy toy = new Toy(network, 60);
    try (TorchObjective objective =
        new TorchObjective(network, Loss.SUPERVISED_CONTRASTIVE, toy, toy.labels())) {
      float[] start = network.layout().start(new SplittableRandom(3));
      TrainingSettings settings = TrainingSettings.of(40, 30, 0.01, 2);
      float[] weights =
          new TrainingLoop(objective, new AdamW(0), settings, null, TrainingListener.NONE)
              .run(start)
              .weights();
      assertThat(margin(network, toy, weights)).isGreaterThan(margin(network, toy, start) + 0.03);
    }
  }

  /// Mean cosine inside classes, less that between them.
  private static double margin(Network network, Toy toy, float[] weights) {
    float[] inputs = new float[60 * 64];
    for (int i = 0; i < 60; i++) {
      toy.write(i, inputs, 64 * i);
    }
    double inside = 0;
    double between = 0;
    int insideCount = 0;
    int betweenCount = 0;
    try (TorchRunner runner = new TorchRunner(network, weights)) {
      float[][] rows = runner.embed(inputs);
      for (int i = 0; i < 60; i++) {
        for (int j = 0; j < i; j++) {
          double dot = 0;
          for (int k = 0; k < rows[i].length; k++) {
            dot += rows[i][k] * rows[j][k];
          }
          if (i % 3 == j % 3) {
            inside += dot;
            insideCount++;
          } else {
            between += dot;
            betweenCount++;
          }
        }
      }
    }
    return inside / insideCount - between / betweenCount;
  }

  @Test
  void paddingCountsForNothing() {
    TextTransformer network = new TextTransformer(20, 6, 8, 2, 2, 3);
    TextTransformer longer = new TextTransformer(20, 12, 8, 2, 2, 3);
    float[] weights = network.layout().start(new SplittableRandom(5));
    // The longer one has six more places; all else is the same.
    float[] more = new float[longer.layout().size()];
    int places = 20 * 8 + 6 * 8;
    System.arraycopy(weights, 0, more, 0, places);
    System.arraycopy(weights, places, more, places + 6 * 8, weights.length - places);
    try (TorchRunner one = new TorchRunner(network, weights);
        TorchRunner other = new TorchRunner(longer, more)) {
      float[] padded = new float[12];
      float[] tokens = {3, 7, 2, 9, 0, 0};
      System.arraycopy(tokens, 0, padded, 0, 6);
      assertThat(other.embed(padded)[0])
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(one.embed(tokens)[0]);
    }
  }

  @Test
  void labelsThatDoNotFitAreRefused() {
    Mlp network = new Mlp(64, List.of(4), 3);
    Toy toy = new Toy(network, 2);
    assertThatThrownBy(() -> new TorchObjective(network, Loss.CROSS_ENTROPY, toy, new int[] {0, 3}))
        .hasMessage("sample 1 has label 3, must be from 0 to 2");
    assertThatThrownBy(() -> new TorchObjective(network, Loss.CROSS_ENTROPY, toy, new int[1]))
        .hasMessage("2 samples have 1 labels");
  }
}
