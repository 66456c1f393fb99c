package io.capsdb.graph;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Runs numbered tasks on all processors, each with a tool that only one task at a time has.
///
/// @param <T> the tool
final class Workers<T> {
  /// A task.
  @FunctionalInterface
  interface Task<T> {
    void run(T tool, int number);
  }

  private final ConcurrentLinkedQueue<T> tools = new ConcurrentLinkedQueue<>();
  private final Supplier<T> maker;

  Workers(Supplier<T> maker) {
    this.maker = maker;
  }

  /// Returns when all of `0 .. count - 1` are done.
  void run(int count, Task<T> task) {
    IntConsumer one =
        number -> {
          T known = tools.poll();
          T tool = known == null ? maker.get() : known;
          task.run(tool, number);
          tools.add(tool);
        };
    if (count < 4) {
      IntStream.range(0, count).forEach(one);
    } else {
      IntStream.range(0, count).parallel().forEach(one);
    }
  }
}
