package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.storage.Manifest;
import io.capsdb.storage.WriteAheadLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The writing side of a collection: one writer at a time logs, applies and publishes; the
/// compactor seals what has been frozen and merges segments. Readers lease what is published.
final class CollectionStore implements AutoCloseable {
  /// Frozen groups that wait for the compactor before writers wait too.
  private static final int MAX_FROZEN = 2;

  private final String name;
  private final CollectionConfig config;
  private final DatabaseOptions options;
  private final Path folder;
  private final Compactor compactor;
  private final Map<PointId, Location> directory = new ConcurrentHashMap<>();

  private final ReentrantLock writer = new ReentrantLock();
  private final Condition isChanged = writer.newCondition();

  // Guarded by `writer`.
  private final Deque<Frozen> frozen = new ArrayDeque<>();
  private List<LiveChunk> live = new ArrayList<>();
  private @Nullable WriteAheadLog log;
  private long firstLog;
  private long nextSegment;
  private long lastWriteNanos;
  private boolean isClosed;
  private Optional<String> failure = Optional.empty();

  private volatile SegmentSet current = new SegmentSet(0, List.of());

  /// Where the newest row of an id is.
  record Location(Segment segment, int row) {}

  /// Chunks that take no more rows and wait to be sealed.
  ///
  /// @param nextLog the first log file without rows of these chunks
  record Frozen(List<LiveChunk> chunks, long nextLog) {}

  private CollectionStore(
      String name, CollectionConfig config, DatabaseOptions options, Path folder) {
    this.name = name;
    this.config = config;
    this.options = options;
    this.folder = folder;
    this.compactor =
        new Compactor(this, new SegmentBuilder(options.disk(), folder, config, options));
    this.lastWriteNanos = options.nanoClock().getAsLong();
  }

  /// Opens what is in the folder, which exists: segments of the manifest, then the log on top.
  static CollectionStore open(
      String name, CollectionConfig config, DatabaseOptions options, Path folder)
      throws IOException {
    CollectionStore store = new CollectionStore(name, config, options, folder);
    store.load();
    return store;
  }

  private void load() throws IOException {
    writer.lock();
    try {
      Disk disk = options.disk();
      Manifest manifest = Manifest.read(disk, manifestPath());
      nextSegment = manifest.nextSegment();
      firstLog = manifest.firstLog();
      List<SegmentView> views = new ArrayList<>();
      for (Manifest.SegmentEntry entry : manifest.segments()) {
        SealedSegment segment = SealedSegment.open(disk, folder, entry.number(), config);
        RoaringBitmap dead = DeadRows.read(entry.deadRows(), segment);
        views.add(SegmentView.of(segment, dead));
        for (int row = 0; row < segment.rowCount(); row++) {
          if (!dead.contains(row)) {
            directory.put(segment.id(row), new Location(segment, row));
          }
        }
      }
      current = new SegmentSet(manifest.sequence(), views);
      if (options.isReadOnly()) {
        WriteAheadLog.replayOnly(disk, folder, firstLog, this::replay);
      } else {
        deleteLeftOvers(manifest);
        if (options.isLogged()) {
          log = WriteAheadLog.open(disk, folder, firstLog, this::replay);
        }
      }
    } finally {
      writer.unlock();
    }
  }

  String name() {
    return name;
  }

  CollectionConfig config() {
    return config;
  }

  DatabaseOptions options() {
    return options;
  }

  Path folder() {
    return folder;
  }

  LongSupplier nanoClock() {
    return options.nanoClock();
  }

  Compactor compactor() {
    return compactor;
  }

  /// The newest location of an id; null when it is not there.
  @Nullable Location locate(PointId id) {
    return directory.get(id);
  }

  /// Leases the newest set; closing it gives the lease back.
  SegmentSet lease() {
    while (true) {
      SegmentSet set = current;
      if (set.lease()) {
        return set;
      }
      if (set == current) {
        throw new IllegalStateException("collection '" + name + "' is closed");
      }
    }
  }

  long upsert(List<LogRecord.Entry> entries) {
    writer.lock();
    try {
      awaitRoom();
      return write(new LogRecord.Upsert(current.sequence() + 1, entries));
    } finally {
      writer.unlock();
    }
  }

  long delete(List<PointId> ids) {
    writer.lock();
    try {
      requireWritable();
      return write(
          new LogRecord.Delete(
              current.sequence() + 1, ids.stream().filter(directory::containsKey).toList()));
    } finally {
      writer.unlock();
    }
  }

  long deleteMatching(RowMatcher matcher) {
    writer.lock();
    try {
      requireWritable();
      List<PointId> ids = new ArrayList<>();
      for (SegmentView view : current.views()) {
        matcher.rows(view).forEach((int row) -> ids.add(view.segment().id(row)));
      }
      return write(new LogRecord.Delete(current.sequence() + 1, ids));
    } finally {
      writer.unlock();
    }
  }

  private long write(LogRecord record) {
    if (log != null) {
      try {
        log.append(record);
      } catch (IOException e) {
        fail("the log could not be written: " + e.getMessage());
        throw new StorageException(
            "collection '"
                + name
                + "' could not write its log; it takes no more writes until it"
                + " is opened again",
            e);
      }
    }
    apply(record);
    if (isLiveFull()) {
      freeze();
    }
    return record.sequence();
  }

  private void replay(LogRecord record) {
    apply(record);
  }

  /// Makes a record visible, as a whole.
  private void apply(LogRecord record) {
    Map<Segment, RoaringBitmap> killed = new HashMap<>();
    Map<PointId, Location> placed = new HashMap<>();
    switch (record) {
      case LogRecord.Upsert(long sequence, List<LogRecord.Entry> entries) -> {
        for (LogRecord.Entry entry : entries) {
          kill(entry.id(), killed);
          LiveChunk chunk = chunkWithRoom();
          placed.put(entry.id(), new Location(chunk, chunk.append(entry, sequence)));
        }
        publish(sequence, killed);
        directory.putAll(placed);
      }
      case LogRecord.Delete(long sequence, List<PointId> ids) -> {
        ids.forEach(id -> kill(id, killed));
        publish(sequence, killed);
        ids.forEach(directory::remove);
      }
    }
    lastWriteNanos = options.nanoClock().getAsLong();
  }

  private void kill(PointId id, Map<Segment, RoaringBitmap> killed) {
    Location old = directory.get(id);
    if (old != null) {
      killed.computeIfAbsent(old.segment(), _ -> new RoaringBitmap()).add(old.row());
    }
  }

  private LiveChunk chunkWithRoom() {
    if (live.isEmpty() || live.getLast().isFull()) {
      live.add(new LiveChunk(nextSegment++, config));
    }
    return live.getLast();
  }

  /// Publishes the set with the rows written since and without the killed ones.
  private void publish(long sequence, Map<Segment, RoaringBitmap> killed) {
    List<SegmentView> views = new ArrayList<>();
    for (SegmentView view : current.views()) {
      SegmentView next = view;
      RoaringBitmap more = killed.get(view.segment());
      if (more != null) {
        next = next.withDead(RoaringBitmap.or(view.dead(), more));
      }
      if (view.segment().rowCount() > view.rowCount()) {
        next = next.withRows(view.segment().rowCount());
      }
      views.add(next);
    }
    for (LiveChunk chunk : live) {
      if (current.views().stream().noneMatch(view -> view.segment() == chunk)) {
        RoaringBitmap dead = killed.getOrDefault(chunk, new RoaringBitmap());
        views.add(SegmentView.of(chunk, dead));
      }
    }
    replace(new SegmentSet(sequence, views));
  }

  private void replace(SegmentSet next) {
    SegmentSet old = current;
    current = next;
    old.close();
  }

  private boolean isLiveFull() {
    long rows = live.stream().mapToLong(LiveChunk::rowCount).sum();
    return rows >= options.sealRows() || rows * LiveChunk.rowBytes(config) >= options.sealBytes();
  }

  /// Hands the live chunks to the compactor and goes on with new ones.
  private void freeze() {
    if (live.isEmpty()) {
      return;
    }
    try {
      long nextLog = log == null ? 0 : log.roll();
      frozen.add(new Frozen(List.copyOf(live), nextLog));
      live = new ArrayList<>();
      isChanged.signalAll();
      compactor.wake();
    } catch (IOException e) {
      // The chunks stay live and in the log; the next write tries again.
      fail("a new log file could not be begun: " + e.getMessage());
    }
  }

  /// What the compactor should do next: seal when rows wait, also after a pause in writing.
  Optional<Frozen> nextFrozen() {
    writer.lock();
    try {
      long idleNanos = options.nanoClock().getAsLong() - lastWriteNanos;
      if (frozen.isEmpty()
          && !options.isReadOnly()
          && hasUnsealed()
          && idleNanos >= TimeUnit.MILLISECONDS.toNanos(options.idleMillis())) {
        freeze();
      }
      return Optional.ofNullable(frozen.peek());
    } finally {
      writer.unlock();
    }
  }

  private boolean hasUnsealed() {
    return live.stream().mapToLong(LiveChunk::rowCount).sum() >= options.minIndexRows();
  }

  /// A number for a new segment.
  long takeNumber() {
    writer.lock();
    try {
      return nextSegment++;
    } finally {
      writer.unlock();
    }
  }

  /// Puts a new segment in the place of others. Rows that died since the inputs were read are dead
  /// in it too.
  ///
  /// @param inputs the views that were read, in the order of the new rows
  /// @param output holds their live rows; empty when there were none
  /// @param sealed the frozen chunks that the inputs are; empty for a merge
  void install(List<SegmentView> inputs, Optional<SealedSegment> output, Optional<Frozen> sealed)
      throws IOException {
    writer.lock();
    try {
      if (isClosed) {
        output.ifPresent(SealedSegment::drop);
        output.ifPresent(SealedSegment::dispose);
        return;
      }
      List<SegmentView> views = new ArrayList<>();
      Optional<SegmentView> made = output.map(segment -> carryOver(inputs, segment));
      boolean isPlaced = false;
      for (SegmentView view : current.views()) {
        boolean isInput = inputs.stream().anyMatch(input -> input.segment() == view.segment());
        if (!isInput) {
          views.add(view);
        } else if (!isPlaced) {
          made.ifPresent(views::add);
          isPlaced = true;
        }
      }
      long logFrom = sealed.map(Frozen::nextLog).orElse(firstLog);
      writeManifest(views, logFrom);
      firstLog = logFrom;
      made.ifPresent(this::relocate);
      replace(new SegmentSet(current.sequence(), views));
      for (SegmentView input : inputs) {
        if (input.segment() instanceof SealedSegment old) {
          old.drop();
        }
      }
      if (sealed.isPresent()) {
        frozen.remove(sealed.get());
        if (log != null) {
          log.dropBefore(firstLog);
        }
      }
      failure = Optional.empty();
      isChanged.signalAll();
    } finally {
      writer.unlock();
    }
  }

  private SegmentView carryOver(List<SegmentView> inputs, SealedSegment output) {
    RoaringBitmap dead = new RoaringBitmap();
    int row = 0;
    for (SegmentView input : inputs) {
      SegmentView now =
          current.views().stream()
              .filter(view -> view.segment() == input.segment())
              .findFirst()
              .orElseThrow();
      for (int old = 0; old < input.rowCount(); old++) {
        if (input.isLive(old)) {
          if (!now.isLive(old)) {
            dead.add(row);
          }
          row++;
        }
      }
    }
    return SegmentView.of(output, dead);
  }

  private void relocate(SegmentView view) {
    for (int row = 0; row < view.rowCount(); row++) {
      if (view.isLive(row)) {
        directory.put(view.segment().id(row), new Location(view.segment(), row));
      }
    }
  }

  private void writeManifest(List<SegmentView> views, long logFrom) throws IOException {
    List<Manifest.SegmentEntry> entries = new ArrayList<>();
    for (SegmentView view : views) {
      if (view.segment().isSealed()) {
        entries.add(
            new Manifest.SegmentEntry(view.segment().number(), DeadRows.write(view.dead())));
      }
    }
    new Manifest(current.sequence(), nextSegment, logFrom, entries)
        .write(options.disk(), manifestPath());
  }

  CollectionStatus status() {
    writer.lock();
    try {
      long indexed = 0;
      int segments = 0;
      for (SegmentView view : current.views()) {
        if (view.segment().isSealed()) {
          indexed += view.liveCount();
          segments++;
        }
      }
      CollectionStatus.State state =
          failure.isPresent()
              ? CollectionStatus.State.RED
              : isBusy() ? CollectionStatus.State.YELLOW : CollectionStatus.State.GREEN;
      return new CollectionStatus(
          state,
          current.liveCount(),
          indexed,
          segments + (live.isEmpty() && frozen.isEmpty() ? 0 : 1),
          current.sequence(),
          failure.orElseGet(compactor::work));
    } finally {
      writer.unlock();
    }
  }

  private boolean isBusy() {
    return !options.isReadOnly() && (!frozen.isEmpty() || compactor.isBusy() || hasUnsealed());
  }

  void seal() {
    writer.lock();
    try {
      requireWritable();
      freeze();
      compactor.wake();
      while (!isClosed && failure.isEmpty() && (!frozen.isEmpty() || compactor.isBusy())) {
        isChanged.awaitUninterruptibly();
      }
      failure.ifPresent(
          why -> {
            throw new CapsDbException("collection '" + name + "' could not be sealed: " + why);
          });
    } finally {
      writer.unlock();
    }
  }

  CollectionStatus awaitIdle(Duration timeout) {
    writer.lock();
    try {
      long left = timeout.toNanos();
      while (isBusy() && failure.isEmpty() && !isClosed && left > 0) {
        try {
          left = isChanged.awaitNanos(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      return status();
    } finally {
      writer.unlock();
    }
  }

  /// Tells those who wait that the compactor began or ended something.
  void signal() {
    writer.lock();
    try {
      isChanged.signalAll();
    } finally {
      writer.unlock();
    }
  }

  /// Notes that background work failed; the next success takes it back.
  void fail(String why) {
    writer.lock();
    try {
      failure = Optional.of(why);
      isChanged.signalAll();
    } finally {
      writer.unlock();
    }
    System.getLogger(CollectionStore.class.getName())
        .log(System.Logger.Level.ERROR, "collection ''{0}'': {1}", name, why);
  }

  private void awaitRoom() {
    requireWritable();
    while (frozen.size() >= MAX_FROZEN && failure.isEmpty()) {
      isChanged.awaitUninterruptibly();
      requireWritable();
    }
  }

  private void requireWritable() {
    if (isClosed) {
      throw new IllegalStateException("collection '" + name + "' is closed");
    }
    if (options.isReadOnly()) {
      throw new ReadOnlyException("collection '" + name + "' was opened read-only");
    }
  }

  /// Deletes files that no manifest names: of a build or a merge that a crash cut short.
  private void deleteLeftOvers(Manifest manifest) throws IOException {
    List<String> named =
        manifest.segments().stream()
            .map(entry -> String.valueOf(SealedSegment.path(folder, entry.number()).getFileName()))
            .toList();
    for (String file : options.disk().list(folder)) {
      if (file.endsWith(".tmp") || (file.startsWith("segment-") && !named.contains(file))) {
        options.disk().delete(folder.resolve(file));
      }
    }
  }

  private Path manifestPath() {
    return folder.resolve("manifest");
  }

  /// Stops writing; readers that hold a lease end in peace.
  @Override
  public void close() {
    compactor.stop();
    writer.lock();
    try {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (log != null) {
        try {
          log.close();
        } catch (IOException e) {
          System.getLogger(CollectionStore.class.getName())
              .log(System.Logger.Level.WARNING, "cannot close the log of " + name, e);
        }
      }
      isChanged.signalAll();
      current.close();
    } finally {
      writer.unlock();
    }
  }
}
