package io.capsdb.bench.soak;

import io.capsdb.Collection;
import io.capsdb.Point;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.segment.OneSegment;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The one that writes, batch after batch, as fast as it is let.
final class SoakWriter implements Runnable {
  /// One write in so many deletes what a narrow filter matches.
  private static final int FILTERED = 50;

  private final DataSet set;
  private final Collection collection;
  private final SoakModel model;
  private final SoakOptions options;
  private final ReentrantLock lock;
  private final Ranges narrow;
  private final SplittableRandom random = new SplittableRandom(7);
  private final AtomicLong written = new AtomicLong();
  private volatile boolean isStopped;

  /// @param lock held for each write and its note in the model
  /// @param narrow a workload that few rows match
  SoakWriter(
      DataSet set,
      Collection collection,
      SoakModel model,
      SoakOptions options,
      ReentrantLock lock,
      Ranges narrow) {
    this.set = set;
    this.collection = collection;
    this.model = model;
    this.options = options;
    this.lock = lock;
    this.narrow = narrow;
  }

  /// Points written or deleted so far.
  long written() {
    return written.get();
  }

  void stop() {
    isStopped = true;
  }

  @Override
  public void run() {
    long wanted = model.live();
    while (!isStopped) {
      lock.lock();
      try {
        write(wanted);
      } finally {
        lock.unlock();
      }
    }
  }

  private void write(long wanted) {
    if (options.mix() == SoakOptions.Mix.INSERT) {
      upsert(options.batch(), 0);
      return;
    }
    if (random.nextInt(FILTERED) == 0) {
      int query = random.nextInt(set.queries().length);
      collection.delete(OneSegment.filter(set, narrow, query));
      long before = model.live();
      model.removeMatching(narrow, query);
      written.addAndGet(before - model.live());
    } else if (random.nextInt(8) == 0) {
      changePayloads();
    } else if (model.live() > wanted && random.nextInt(3) > 0) {
      delete();
    } else {
      upsert(options.batch(), 0.4);
    }
  }

  /// @param overwritten share of ids that were given before
  void upsert(int count, double overwritten) {
    List<Point> batch = new ArrayList<>(count);
    int[] ids = new int[count];
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      boolean isOld = model.idCount() > 0 && random.nextDouble() < overwritten;
      ids[i] = isOld ? random.nextInt(model.idCount()) : model.addId();
      rows[i] = isOld ? random.nextInt(set.rowCount()) : ids[i] % set.rowCount();
      batch.add(model.point(ids[i], rows[i]));
    }
    collection.upsert(batch);
    for (int i = 0; i < count; i++) {
      model.put(ids[i], rows[i]);
    }
    written.addAndGet(count);
  }

  private void changePayloads() {
    int row = random.nextInt(set.rowCount());
    Payload payload = model.payload(row);
    List<PointId> ids = new ArrayList<>();
    for (int i = 0; i < options.batch(); i++) {
      int id = random.nextInt(model.idCount());
      if (model.isLive(id)) {
        ids.add(PointId.of(id));
        model.change(id, row);
      }
    }
    collection.changePayloads(ids, _ -> payload);
    written.addAndGet(ids.size());
  }

  private void delete() {
    List<PointId> ids = new ArrayList<>();
    for (int i = 0; i < options.batch(); i++) {
      int id = random.nextInt(model.idCount());
      ids.add(PointId.of(id));
      written.addAndGet(model.isLive(id) ? 1 : 0);
      model.remove(id);
    }
    collection.delete(ids);
  }
}
