package io.capsdb;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The background of one collection: one worker indexes full chunks, one seals frozen ones, and one
/// merges segments, as [MergePolicy] tells. So writers never wait for a merge, which can take long.
/// All work on all processors, in threads that give way to searches and writers. A fourth one
/// forces the log where that is done at intervals.
final class Compactor {
  private final CollectionStore store;
  private final SegmentBuilder builder;
  private final MergePolicy policy;
  private final BackgroundWorker indexing;
  private final BackgroundWorker sealing;
  private final BackgroundWorker merging;
  private final Optional<BackgroundWorker> forcing;

  Compactor(CollectionStore store, SegmentBuilder builder) {
    this.store = store;
    this.builder = builder;
    this.policy = new MergePolicy(store.options().mergeCount());
    this.indexing = worker(BackgroundWork.INDEXING, this::index);
    this.sealing = worker(BackgroundWork.SEALING, this::seal);
    this.merging = worker(BackgroundWork.MERGING, this::merge);
    this.forcing =
        store.config().logIntervalMillis() > 0 && !store.options().isReadOnly()
            ? Optional.of(forcing(store))
            : Optional.empty();
  }

  /// Brings the log to the disk, again and again.
  private static BackgroundWorker forcing(CollectionStore store) {
    return store
        .options()
        .background()
        .worker(
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
            },
            false);
  }

  /// One piece of work; tells whether there was one.
  private interface Step {
    boolean run() throws IOException;
  }

  private BackgroundWorker worker(BackgroundWork kind, Step step) {
    return store
        .options()
        .background()
        .worker(
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
            },
            true);
  }

  void start() {
    indexing.start();
    sealing.start();
    merging.start();
    forcing.ifPresent(BackgroundWorker::start);
  }

  /// Whether segments are being made; chunks may be indexed at the same time.
  boolean isBusy() {
    return sealing.isBusy() || merging.isBusy();
  }

  /// What is being done: one piece of work of a kind at the most.
  List<RunningWork> work() {
    return Stream.of(sealing, merging)
        .flatMap(worker -> worker.work(store.nanoClock()).stream())
        .toList();
  }

  void wake() {
    // The merger first: what waits for both must not see a gap between them.
    merging.wake();
    sealing.wake();
  }

  void wakeIndexing() {
    indexing.wake();
  }

  /// Ends the threads; what they were building is dropped.
  void stop() {
    indexing.stop();
    sealing.stop();
    merging.stop();
    forcing.ifPresent(BackgroundWorker::stop);
  }

  private boolean index() {
    Optional<CollectionStore.Unindexed> next = store.nextUnindexed();
    if (next.isEmpty()) {
      return false;
    }
    try (CollectionStore.Unindexed unindexed = next.get()) {
      store.install(unindexed.chunk(), store.chunkIndexer().index(unindexed.chunk()));
    }
    return true;
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
      List<SegmentView> inputs = policy.next(set.views(), store.isAtRest());
      if (inputs.isEmpty() || !store.space().isEnoughFor(inputs)) {
        return false; // without room it is looked for again after the next pause
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
      long begin = store.nanoClock().getAsLong();
      builder.build(
          number,
          inputs,
          all,
          share -> {
            long now = store.nanoClock().getAsLong();
            worker.describe(RunningWork.of(kind, rows, share, now - begin), now);
          });
      output = Optional.of(store.openBuilt(number));
    }
    store.install(inputs, output, frozen);
  }
}
