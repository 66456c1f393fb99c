package io.capsdb.bench.rest;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// How much of its processors the machine has left: the share of the time in which threads that
/// only compute, one for each processor, really ran. Where others take part of it, times say more
/// about them than about us.
record SpareTime(LongSupplier nanoClock) {
  private static final long NANOS = 1_000_000_000;

  double share() throws InterruptedException {
    int count = Runtime.getRuntime().availableProcessors();
    double[] shares = new double[count];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      threads.add(Thread.ofPlatform().start(() -> shares[number] = compute()));
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      threads.get(i).join();
      sum += shares[i];
    }
    return sum / count;
  }

  private double compute() {
    ThreadMXBean own = ManagementFactory.getThreadMXBean();
    long begin = nanoClock.getAsLong();
    long used = own.getCurrentThreadCpuTime();
    while (nanoClock.getAsLong() - begin < NANOS) {
      Thread.onSpinWait();
    }
    return (double) (own.getCurrentThreadCpuTime() - used) / (nanoClock.getAsLong() - begin);
  }
}
