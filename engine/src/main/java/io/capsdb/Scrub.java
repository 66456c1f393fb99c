package io.capsdb;

import io.capsdb.io.CorruptFileException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/// Reads the sealed segments of a database again, slowly, so that damage is noticed before somebody
/// needs the bytes. A collection with a damaged file is red until a later look finds all well.
final class Scrub implements AutoCloseable {
  /// After each MiB: about 30 MiB/s, which leaves a disk to others.
  private static final long PAUSE_MILLIS = 30;

  private final Background background;
  private final Supplier<List<CollectionStore>> stores;
  private final BackgroundWorker worker;

  /// @param background whose worker looks
  /// @param pauseMillis between two looks at all files
  /// @param stores the collections that there are
  Scrub(Background background, long pauseMillis, Supplier<List<CollectionStore>> stores) {
    this.background = background;
    this.stores = stores;
    this.worker =
        background.worker(
            "capsdb-scrub",
            pauseMillis,
            new BackgroundWorker.Task() {
              private boolean isBegun;

              @Override
              public boolean step() {
                // What was just opened, was just looked at.
                if (isBegun) {
                  look();
                }
                isBegun = true;
                return false;
              }

              @Override
              public void succeed() {}

              @Override
              public void fail(Throwable cause) {
                System.getLogger(Scrub.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot look at all files", cause);
              }

              @Override
              public void rest() {}
            },
            false);
  }

  void start() {
    worker.start();
  }

  private void look() {
    for (CollectionStore store : stores.get()) {
      try (SegmentSet set = store.lease()) {
        for (SegmentView view : set.views()) {
          if (view.segment() instanceof SealedSegment sealed) {
            sealed.verify(_ -> background.pause(PAUSE_MILLIS));
          }
        }
        store.succeedWork(BackgroundWork.SCRUBBING);
      } catch (CorruptFileException e) {
        store.failWork(BackgroundWork.SCRUBBING, e);
      } catch (CancellationException e) {
        throw e; // it is an IllegalStateException, too
      } catch (IllegalStateException _) {
        // closed or dropped meanwhile
      }
    }
  }

  @Override
  public void close() {
    worker.stop();
  }
}
