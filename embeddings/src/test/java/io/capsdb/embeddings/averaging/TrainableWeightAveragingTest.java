package io.capsdb.embeddings.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TrainableWeightAveragingTest {
  private static final int[] BLOCKS = {20, 40};
  private static final int[] ALL = IntStream.range(0, 64).toArray();

  private static double loss(Quadratic objective, float[] weights) {
    return objective.gradient(weights, ALL, new float[weights.length]);
  }

  @Test
  void learnedAverageIsBetterThanTheMean() {
    Quadratic objective = new Quadratic(64, 60, 1);
    CheckpointBank bank = SubspaceTest.bank(6, 2);
    double before = loss(objective, bank.mean());
    TwaResult schmidt =
        TrainableWeightAveraging.fit(
            objective, SchmidtSubspace.of(bank), TwaConfig.schmidt(0.05, 40, 3));
    assertThat(loss(objective, schmidt.weights())).isLessThan(0.8 * before);
    TwaResult layers =
        TrainableWeightAveraging.fit(
            objective,
            CenteredLayerwiseSubspace.of(bank, BLOCKS, 32),
            TwaConfig.layerwise(0.1, 40, 3));
    assertThat(loss(objective, layers.weights())).isLessThan(0.9 * before);
  }

  @Test
  void rateThatDivergesIsHalvedUntilItDoesNot() {
    Quadratic objective = new Quadratic(64, 60, 1);
    CheckpointBank bank = SubspaceTest.bank(6, 2);
    TwaResult result =
        TrainableWeightAveraging.fit(
            objective, SchmidtSubspace.of(bank), TwaConfig.schmidt(3, 40, 3));
    assertThat(result.learningRate()).isLessThan(3);
    assertThat(loss(objective, result.weights())).isLessThan(loss(objective, bank.mean()));
  }

  @Test
  void equalSeedsGiveEqualWeights() {
    Quadratic objective = new Quadratic(64, 60, 1);
    SchmidtSubspace subspace = SchmidtSubspace.of(SubspaceTest.bank(6, 2));
    TwaConfig config = TwaConfig.schmidt(0.05, 5, 3);
    assertThat(TrainableWeightAveraging.fit(objective, subspace, config).weights())
        .containsExactly(TrainableWeightAveraging.fit(objective, subspace, config).weights());
  }

  @Test
  @Timeout(20)
  void workerThatComesLateLearnsThatAnotherHasStopped() {
    List<ThreadCollective> workers = ThreadCollective.ofSize(2);
    workers.get(0).close();
    assertThatThrownBy(() -> workers.get(1).sum(new float[] {1}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another worker has stopped");
  }

  @Test
  void fourWorkersReachWhatOneReaches() throws Exception {
    CheckpointBank bank = SubspaceTest.bank(9, 4);
    Quadratic objective = new Quadratic(64, 60, 5);
    TwaConfig schmidt = TwaConfig.schmidt(0.05, 10, 6);
    TwaConfig layerwise = TwaConfig.layerwise(0.03, 10, 6);
    float[] whole =
        TrainableWeightAveraging.fit(objective, SchmidtSubspace.of(bank), schmidt).weights();
    float[] layers =
        TrainableWeightAveraging.fit(
                objective, CenteredLayerwiseSubspace.of(bank, BLOCKS, 8), layerwise)
            .weights();
    for (TwaResult sharded :
        onThreads(
            4,
            workers ->
                TrainableWeightAveraging.fit(
                    new RowShare(objective, workers),
                    ShardedSubspace.of(SchmidtSubspace.of(bank), workers),
                    schmidt))) {
      assertThat(sharded.weights()).usingComparatorWithPrecision(1e-4f).containsExactly(whole);
    }
    for (TwaResult sharded :
        onThreads(
            4,
            workers ->
                TrainableWeightAveraging.fit(
                    new RowShare(objective, workers),
                    ShardedSubspace.of(CenteredLayerwiseSubspace.of(bank, BLOCKS, 8), workers),
                    layerwise))) {
      assertThat(sharded.weights()).usingComparatorWithPrecision(1e-4f).containsExactly(layers);
    }
  }

  private interface Work {
    TwaResult run(Collective workers);
  }

  private static List<TwaResult> onThreads(int count, Work work) throws Exception {
    List<Callable<TwaResult>> tasks = new ArrayList<>();
    for (ThreadCollective worker : ThreadCollective.ofSize(count)) {
      tasks.add(() -> work.run(worker));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<TwaResult> results = new ArrayList<>();
      for (Future<TwaResult> done : threads.invokeAll(tasks)) {
        results.add(done.get());
      }
      return results;
    }
  }
}
