package io.capsdb.embeddings.averaging;

import java.util.Arrays;

/// One worker of a sharded average, as a process of its own: `ShardWorker RANK SIZE PORT` prints
/// the weights.
final class ShardWorker {
  private ShardWorker() {}

  public static void main(String[] args) throws Exception {
    try (SocketCollective workers =
        SocketCollective.join(
            Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]))) {
      System.out.println(Arrays.toString(run(workers)));
    }
  }

  static float[] run(Collective workers) {
    CheckpointBank bank = SubspaceTest.bank(9, 4);
    return TrainableWeightAveraging.fit(
            new RowShare(objective(), workers),
            ShardedSubspace.of(SchmidtSubspace.of(bank), workers),
            config())
        .weights();
  }

  static Quadratic objective() {
    return new Quadratic(64, 60, 5);
  }

  static TwaConfig config() {
    return TwaConfig.schmidt(0.05, 10, 6);
  }
}
