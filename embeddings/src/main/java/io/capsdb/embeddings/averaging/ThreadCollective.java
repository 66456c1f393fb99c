package io.capsdb.embeddings.averaging;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/// Workers that are threads of one process.
public final class ThreadCollective implements Collective {
  private final int rank;
  private final float[][] given;
  private final CyclicBarrier barrier;

  private ThreadCollective(int rank, float[][] given, CyclicBarrier barrier) {
    this.rank = rank;
    this.given = given;
    this.barrier = barrier;
  }

  /// The views of as many workers, one for each thread.
  public static List<ThreadCollective> ofSize(int size) {
    float[][] given = new float[size][];
    CyclicBarrier barrier = new CyclicBarrier(size);
    List<ThreadCollective> workers = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      workers.add(new ThreadCollective(rank, given, barrier));
    }
    return workers;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return given.length;
  }

  @Override
  public void sum(float[] values) {
    given[rank] = values.clone();
    await();
    java.util.Arrays.fill(values, 0);
    for (float[] part : given) {
      for (int i = 0; i < values.length; i++) {
        values[i] += part[i];
      }
    }
    await(); // nobody may give the next values before all have read these
  }

  private void await() {
    try {
      barrier.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a worker was interrupted", e);
    } catch (BrokenBarrierException e) {
      throw new IllegalStateException("another worker has stopped", e);
    }
  }

  /// Wakes the others if they wait for this worker: it will not come.
  @Override
  public void close() {
    barrier.reset();
  }
}
