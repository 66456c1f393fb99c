package io.capsdb;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// A background and a clock that one thread has in its hands: workers take a turn when it says so,
/// and time passes when it says so. With equal seeds all happens in the same order.
final class SteppedBackground implements Background, LongSupplier {
  /// Turns without work after which whoever waits would wait for ever.
  private static final int MOST_IDLE_TURNS = 1_000;

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final RandomGenerator random;
  private final List<Stepped> running = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private long nanos;

  SteppedBackground(RandomGenerator random) {
    this.random = random;
  }

  /// The time.
  @Override
  public long getAsLong() {
    return nanos;
  }

  void pass(long millis) {
    nanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /// What each turn was, in order.
  List<String> history() {
    return List.copyOf(history);
  }

  /// Lets some worker take a turn; tells whether it found work.
  boolean step() {
    if (running.isEmpty()) {
      return false;
    }
    Stepped worker = running.get(random.nextInt(running.size()));
    BackgroundWorker.Turn turn = worker.turn();
    history.add(worker.name + " " + turn);
    return turn == BackgroundWorker.Turn.DONE;
  }

  @Override
  public BackgroundWorker worker(
      String name, long pauseMillis, BackgroundWorker.Task task, boolean isHeavy) {
    return new Stepped(name, task);
  }

  private final class Stepped extends BackgroundWorker {
    private final String name;

    Stepped(String name, Task task) {
      super(task);
      this.name = name;
    }

    @Override
    void start() {
      running.add(this);
    }

    @Override
    void stop() {
      markStopped();
      running.remove(this);
    }

    @Override
    boolean isRunning() {
      return running.contains(this);
    }
  }

  /// What is waited for can only be done here.
  @Override
  public void await(Condition change) {
    boolean wasBusy = isBusy();
    for (int i = 0; i < MOST_IDLE_TURNS; i++) {
      if (step() || wasBusy != isBusy()) {
        return;
      }
      nanos += TICK_NANOS;
    }
    throw new AssertionError(
        "waits for ever; the last turns: " + history.reversed().subList(0, 20));
  }

  @Override
  public long awaitNanos(Condition change, long left) {
    step();
    nanos += TICK_NANOS;
    return left - TICK_NANOS;
  }

  @Override
  public void pause(long millis) {
    pass(millis);
  }

  private boolean isBusy() {
    return running.stream().anyMatch(BackgroundWorker::isBusy);
  }
}
