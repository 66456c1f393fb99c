package io.capsdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The background worker of one collection: seals frozen chunks, merges small segments, rewrites
/// those with many dead rows. One thread; it sleeps when there is nothing to do.
final class Compactor {
  /// From this many segments of like size on they are merged.
  private static final int MERGE_COUNT = 4;

  private static final double MAX_DEAD_RATIO = 0.2;

  /// Each search tests the payloads that were changed, so they are folded in when they are more.
  private static final double MAX_CHANGED_RATIO = 0.05;
  private static final long RETRY_MILLIS = 1_000;

  private final CollectionStore store;
  private final SegmentBuilder builder;
  private final Thread thread;
  private final Semaphore wakes = new Semaphore(0);
  private volatile boolean isStopped;
  private volatile boolean isBusy;
  private volatile String work = "";

  Compactor(CollectionStore store, SegmentBuilder builder) {
    this.store = store;
    this.builder = builder;
    this.thread =
        Thread.ofPlatform().name("capsdb-compactor-" + store.name()).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isBusy() {
    return isBusy;
  }

  /// What is being done, for people; empty when nothing is.
  String work() {
    return work;
  }

  void wake() {
    isBusy |= thread.isAlive();
    wakes.release();
  }

  /// Ends the thread; what it was building is dropped.
  void stop() {
    isStopped = true;
    wakes.release();
    thread.interrupt();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (true) {
      long pause = store.options().idleMillis();
      try {
        boolean isDone = step();
        store.succeedWork();
        isBusy = isDone;
        if (isDone) {
          continue;
        }
      } catch (CancellationException e) {
        isBusy = false;
      } catch (IOException | RuntimeException | Error e) {
        // Errors too, such as no memory for a build: a thread that died would leave writers
        // waiting.
        isBusy = false;
        if (!isStopped) {
          store.failWork(e);
        }
        pause = RETRY_MILLIS;
      }
      work = "";
      store.signal();
      if (!sleep(pause)) {
        return;
      }
    }
  }

  /// Waits for a wake-up or for the time to pass; false when the thread is to end.
  private boolean sleep(long millis) {
    try {
      if (wakes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        wakes.drainPermits();
      }
    } catch (InterruptedException e) {
      // Only `stop` interrupts, and it is looked for next.
    }
    return !isStopped;
  }

  /// Does one piece of work; tells whether there was one.
  private boolean step() throws IOException {
    if (isStopped) {
      return false;
    }
    Optional<CollectionStore.Frozen> frozen = store.nextFrozen();
    try (SegmentSet set = store.lease()) {
      if (frozen.isPresent()) {
        List<SegmentView> inputs =
            set.views().stream()
                .filter(view -> frozen.get().chunks().contains(view.segment()))
                .toList();
        rewrite("sealing", inputs, frozen);
        return true;
      }
      List<SegmentView> inputs = toMerge(set.views());
      if (!inputs.isEmpty() && !store.options().isReadOnly()) {
        rewrite("merging", inputs, Optional.empty());
        return true;
      }
    }
    return false;
  }

  private void rewrite(
      String what, List<SegmentView> inputs, Optional<CollectionStore.Frozen> frozen)
      throws IOException {
    long rows = inputs.stream().mapToLong(SegmentView::liveCount).sum();
    isBusy = true;
    Optional<SealedSegment> output = Optional.empty();
    if (rows > 0) {
      store.requireManifest();
      long number = store.takeNumber();
      builder.build(
          number,
          inputs,
          share ->
              work = String.format(Locale.ROOT, "%s %,d points: %.0f %%", what, rows, 100 * share));
      output = Optional.of(store.openBuilt(number));
    }
    store.install(inputs, output, frozen);
  }

  /// The segments to be written as one: a run of small ones of like size, or one that is largely
  /// dead or has many changed payloads.
  private static List<SegmentView> toMerge(List<SegmentView> views) {
    List<SegmentView> sealed =
        views.stream()
            .filter(view -> view.segment().isSealed())
            .sorted(Comparator.comparingInt(SegmentView::liveCount))
            .toList();
    for (int first = 0; first + MERGE_COUNT <= sealed.size(); first++) {
      List<SegmentView> run = runOf(sealed.subList(first, sealed.size()));
      if (run.size() >= MERGE_COUNT) {
        // In the order of the set, so that rows keep theirs.
        return views.stream().filter(run::contains).toList();
      }
    }
    for (SegmentView view : sealed) {
      if (view.dead().getCardinality() > MAX_DEAD_RATIO * view.rowCount()
          || view.overlay().rows().getCardinality() > MAX_CHANGED_RATIO * view.rowCount()) {
        return List.of(view);
      }
    }
    return List.of();
  }

  /// The first ones, as long as none is larger than all before it twice over.
  private static List<SegmentView> runOf(List<SegmentView> rising) {
    List<SegmentView> run = new ArrayList<>();
    long rows = 0;
    for (SegmentView view : rising) {
      if (!run.isEmpty() && view.liveCount() > 2 * rows) {
        break;
      }
      run.add(view);
      rows += view.liveCount();
    }
    return run;
  }
}
