package io.capsdb.embeddings.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import io.capsdb.embeddings.binary.RectifiedStraightThroughEstimator;
import io.capsdb.embeddings.training.AdamW;
import io.capsdb.embeddings.training.TrainingListener;
import io.capsdb.embeddings.training.TrainingLoop;
import io.capsdb.embeddings.training.TrainingSettings;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BinarizedLayersTest {
  private static final float[] POINTS = {
    -2, -1.51f, -1.49f, -0.5f, -0.05f, 0, 0.05f, 0.5f, 1.49f, 1.51f
  };

  @Test
  void valueIsTheSignAndGradientThatOfTheEstimator() {
    RectifiedStraightThroughEstimator estimator = new RectifiedStraightThroughEstimator();
    for (double o : new double[] {1, 2, 3}) {
      try (NDManager manager = Torch.manager();
          GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray z = manager.create(POINTS);
        z.setRequiresGradient(true);
        NDArray signs = BinarizedLayers.sign(z, o);
        collector.backward(signs.sum());
        float[] values = signs.toFloatArray();
        float[] gradient = z.getGradient().toFloatArray();
        for (int i = 0; i < POINTS.length; i++) {
          assertThat(values[i]).isEqualTo(POINTS[i] >= 0 ? 1f : -1f);
          assertThat((double) gradient[i])
              .isCloseTo(estimator.backwardScale(POINTS[i], o), within(1e-4));
        }
      }
    }
  }

  @Test
  void binarisedNetworkLearnsClasses() throws Exception {
    Inputs inputs =
        new Inputs() {
          @Override
          public int rowCount() {
            return 90;
          }

          @Override
          public void write(int row, float[] out, int at) {
            SplittableRandom random = new SplittableRandom(row);
            for (int i = 0; i < 16; i++) {
              out[at + i] = (float) (random.nextGaussian() * 0.4 + (i / 6 == row % 3 ? 1 : 0));
            }
          }
        };
    int[] labels = IntStream.range(0, 90).map(i -> i % 3).toArray();
    BinarizedMlp network = new BinarizedMlp(16, 24, 2, 3, 1);
    float[] weights = network.layout().start(new SplittableRandom(1));
    AdamW optimizer = new AdamW(0);
    RectifiedStraightThroughEstimator estimator = new RectifiedStraightThroughEstimator();
    int epochs = 15;
    for (int epoch = 0; epoch < epochs; epoch++) {
      BinarizedMlp steeper = network.withSteepness(estimator.steepness(epoch, epochs));
      try (TorchObjective objective =
          new TorchObjective(steeper, Loss.CROSS_ENTROPY, inputs, labels)) {
        weights =
            new TrainingLoop(
                    objective,
                    optimizer,
                    TrainingSettings.of(1, 30, 0.01, epoch),
                    null,
                    TrainingListener.NONE)
                .run(weights)
                .weights();
      }
    }
    try (TorchRunner runner = new TorchRunner(network, weights)) {
      assertThat(runner.accuracy(inputs, labels)).isGreaterThan(0.9);
    }
  }
}
