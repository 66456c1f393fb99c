package io.capsdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The background of one collection: one thread seals frozen chunks; another merges small segments,
/// and rewrites those with many dead rows or changed payloads. So writers never wait for a merge,
/// which can take long. A third one forces the log where that is done at intervals.
final class Compactor {
  private static final double MAX_DEAD_RATIO = 0.2;

  /// Each search tests the payloads that were changed, so they are folded in when they are more.
  private static final double MAX_CHANGED_RATIO = 0.05;

  private final CollectionStore store;
  private final SegmentBuilder builder;
  private final BackgroundWorker sealing;
  private final BackgroundWorker merging;
  private final Optional<BackgroundWorker> forcing;

  Compactor(CollectionStore store, SegmentBuilder builder) {
    this.store = store;
    this.builder = builder;
    this.sealing = worker(BackgroundWork.SEALING, this::seal);
    this.merging = worker(BackgroundWork.MERGING, this::merge);
    this.forcing =
        store.config().logIntervalMillis() > 0 && !store.options().isReadOnly()
            ? Optional.of(forcing(store))
            : Optional.empty();
  }

  /// Brings the log to the disk, again and again.
  private static BackgroundWorker forcing(CollectionStore store) {
    return new BackgroundWorker(
        "capsdb-forcing-" + store.name(),
        store.config().logIntervalMillis(),
        new BackgroundWorker.Task() {
          private boolean isBegun;

          @Override
          public boolean step() {
            if (isBegun) {
              store.forceLog();
            }
            isBegun = true;
            return false;
          }

          @Override
          public void succeed() {}

          @Override
          public void fail(Throwable cause) {
            System.getLogger(Compactor.class.getName())
                .log(System.Logger.Level.ERROR, "cannot force the log", cause);
          }

          @Override
          public void rest() {}
        });
  }

  /// One piece of work; tells whether there was one.
  private interface Step {
    boolean run() throws IOException;
  }

  private BackgroundWorker worker(BackgroundWork kind, Step step) {
    return new BackgroundWorker(
        "capsdb-" + kind.text() + "-" + store.name(),
        store.options().idleMillis(),
        new BackgroundWorker.Task() {
          @Override
          public boolean step() throws IOException {
            return step.run();
          }

          @Override
          public void succeed() {
            store.succeedWork(kind);
          }

          @Override
          public void fail(Throwable cause) {
            store.failWork(kind, cause);
          }

          @Override
          public void rest() {
            store.signal();
          }
        });
  }

  void start() {
    sealing.start();
    merging.start();
    forcing.ifPresent(BackgroundWorker::start);
  }

  boolean isBusy() {
    return sealing.isBusy() || merging.isBusy();
  }

  /// What is being done, for people; empty when nothing is.
  String work() {
    String seal = sealing.work();
    String merge = merging.work();
    return seal.isEmpty() || merge.isEmpty() ? seal + merge : seal + "; " + merge;
  }

  void wake() {
    // The merger first: what waits for both must not see a gap between them.
    merging.wake();
    sealing.wake();
  }

  /// Ends the threads; what they were building is dropped.
  void stop() {
    sealing.stop();
    merging.stop();
    forcing.ifPresent(BackgroundWorker::stop);
  }

  private boolean seal() throws IOException {
    Optional<CollectionStore.Frozen> frozen = store.nextFrozen();
    if (frozen.isEmpty()) {
      return false;
    }
    try (SegmentSet set = store.lease()) {
      List<SegmentView> inputs =
          set.views().stream()
              .filter(view -> frozen.get().chunks().contains(view.segment()))
              .toList();
      rewrite(sealing, BackgroundWork.SEALING, inputs, set.views(), frozen);
    }
    merging.wake();
    return true;
  }

  private boolean merge() throws IOException {
    if (store.options().isReadOnly()) {
      return false;
    }
    try (SegmentSet set = store.lease()) {
      List<SegmentView> inputs = toMerge(set.views(), store.options().mergeCount());
      if (inputs.isEmpty()) {
        return false;
      }
      rewrite(merging, BackgroundWork.MERGING, inputs, set.views(), Optional.empty());
      return true;
    }
  }

  private void rewrite(
      BackgroundWorker worker,
      BackgroundWork kind,
      List<SegmentView> inputs,
      List<SegmentView> all,
      Optional<CollectionStore.Frozen> frozen)
      throws IOException {
    long rows = inputs.stream().mapToLong(SegmentView::liveCount).sum();
    Optional<SealedSegment> output = Optional.empty();
    if (rows > 0) {
      store.requireManifest();
      long number = store.takeNumber();
      builder.build(
          number,
          inputs,
          all,
          share ->
              worker.describe(
                  String.format(
                      Locale.ROOT, "%s %,d points: %.0f %%", kind.text(), rows, 100 * share)));
      output = Optional.of(store.openBuilt(number));
    }
    store.install(inputs, output, frozen);
  }

  /// The segments to be written as one: a run of small ones of like size, or one that is largely
  /// dead or has many changed payloads.
  private static List<SegmentView> toMerge(List<SegmentView> views, int mergeCount) {
    List<SegmentView> sealed =
        views.stream()
            .filter(view -> view.segment().isSealed())
            .sorted(Comparator.comparingInt(SegmentView::liveCount))
            .toList();
    for (int first = 0; first + (long) mergeCount <= sealed.size(); first++) {
      List<SegmentView> run = runOf(sealed.subList(first, sealed.size()));
      if (run.size() >= mergeCount) {
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
