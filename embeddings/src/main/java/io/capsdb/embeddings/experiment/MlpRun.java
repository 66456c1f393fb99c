package io.capsdb.embeddings.experiment;

import io.capsdb.embeddings.averaging.CheckpointBank;
import io.capsdb.embeddings.averaging.TrainableWeightAveraging;
import io.capsdb.embeddings.averaging.TwaConfig;
import io.capsdb.embeddings.averaging.TwaResult;
import io.capsdb.embeddings.averaging.WeightSubspace;
import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.embeddings.data.PixelScale;
import io.capsdb.embeddings.network.Inputs;
import io.capsdb.embeddings.network.Loss;
import io.capsdb.embeddings.network.Mlp;
import io.capsdb.embeddings.network.TorchObjective;
import io.capsdb.embeddings.network.TorchRunner;
import io.capsdb.embeddings.training.MomentumSgd;
import io.capsdb.embeddings.training.TrainingListener;
import io.capsdb.embeddings.training.TrainingLoop;
import io.capsdb.embeddings.training.TrainingSettings;
import io.capsdb.embeddings.training.TrainingState;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// The network and the runs that weight averaging is measured on: 784-128-64-10 with ReLU, plain
/// gradient descent at a constant rate.
final class MlpRun implements AutoCloseable {
  private static final double[] SOUP_RATES = {0.01, 0.02, 0.03, 0.05, 0.08};
  private static final double[] SOUP_NOISE = {0.5, 0.7, 0.9};

  private final Mlp network;
  private final LabelledSet train;
  private final LabelledSet test;
  private final PixelScale scale;
  private final TorchObjective objective;
  private final int seed;

  MlpRun(LabelledSet train, LabelledSet test, int seed) {
    this.network = new Mlp(FashionData.PIXELS, List.of(128, 64), train.classes().size());
    this.train = train;
    this.test = test;
    this.scale = PixelScale.of(train.contents());
    this.seed = seed;
    this.objective = new TorchObjective(network, Loss.CROSS_ENTROPY, inputs(train), train.labels());
  }

  private Inputs inputs(LabelledSet set) {
    return scale.inputs(set.contents(), network.inputLength());
  }

  int seed() {
    return seed;
  }

  int[] blockSizes() {
    return network.layout().blockSizes();
  }

  /// Weights as PyTorch begins them: 2.4 times as narrow as [#start].
  float[] narrowStart() {
    return network.layout().start(new SplittableRandom(seed));
  }

  /// Weights that are normal, as wide as the layers before them need to keep the size of values
  /// (He et al., 2015); biases 0.
  float[] start() {
    SplittableRandom random = new SplittableRandom(seed);
    float[] weights = new float[network.layout().size()];
    int at = 0;
    int inputs = FashionData.PIXELS;
    for (int outputs : List.of(128, 64, train.classes().size())) {
      double deviation = Math.sqrt(2.0 / inputs);
      for (int i = 0; i < inputs * outputs; i++) {
        weights[at++] = (float) (deviation * random.nextGaussian());
      }
      at += outputs;
      inputs = outputs;
    }
    return weights;
  }

  CheckpointBank base() throws IOException {
    return base(start());
  }

  /// The head stage: five epochs, a checkpoint at the start and at every quarter of an epoch.
  CheckpointBank base(float[] start) throws IOException {
    CheckpointBank bank = new CheckpointBank();
    TrainingSettings settings = TrainingSettings.of(5, 64, 0.1, seed).withCheckpointsPerEpoch(4);
    train(
        objective,
        settings,
        start,
        new TrainingListener() {
          @Override
          public void checkpoint(TrainingState state) {
            bank.add(state.weights());
          }
        });
    return bank;
  }

  private static float[] train(
      TorchObjective on, TrainingSettings settings, float[] start, TrainingListener listener)
      throws IOException {
    return new TrainingLoop(on, new MomentumSgd(0.9, 5e-4), settings, null, listener)
        .run(start)
        .weights();
  }

  TwaResult average(WeightSubspace subspace, TwaConfig config) {
    return TrainableWeightAveraging.fit(objective, subspace, config);
  }

  /// Eight members from one start of two epochs: five good ones, and three that were fine-tuned on
  /// labels half or more of which are random.
  CheckpointBank soup(int soupSeed) throws IOException {
    float[] start =
        train(
            objective, TrainingSettings.of(2, 64, 0.05, soupSeed), start(), TrainingListener.NONE);
    CheckpointBank members = new CheckpointBank();
    for (double rate : SOUP_RATES) {
      TrainingSettings settings = TrainingSettings.of(3, 64, rate, soupSeed + members.size());
      members.add(train(objective, settings, start, TrainingListener.NONE));
    }
    SplittableRandom random = new SplittableRandom(soupSeed);
    for (double noise : SOUP_NOISE) {
      int[] labels = train.labels().clone();
      for (int i = 0; i < labels.length; i++) {
        labels[i] = random.nextDouble() < noise ? random.nextInt(network.classCount()) : labels[i];
      }
      try (TorchObjective noisy =
          new TorchObjective(network, Loss.CROSS_ENTROPY, inputs(train), labels)) {
        TrainingSettings settings = TrainingSettings.of(3, 64, 0.05, soupSeed + members.size());
        members.add(train(noisy, settings, start, TrainingListener.NONE));
      }
    }
    return members;
  }

  /// On the test set, in %.
  double accuracy(float[] weights) {
    return scoreOn(test).applyAsDouble(weights);
  }

  /// Share of samples that weights classify right, in %.
  ToDoubleFunction<float[]> scoreOn(LabelledSet set) {
    Inputs inputs = inputs(set);
    return weights -> {
      try (TorchRunner runner = new TorchRunner(network, weights)) {
        return 100 * runner.accuracy(inputs, set.labels());
      }
    };
  }

  @Override
  public void close() {
    objective.close();
  }
}
