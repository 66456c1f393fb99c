package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.storage.Manifest;
import io.capsdb.storage.SettingsFile;
import io.capsdb.storage.WriteAheadLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The writing side of a collection: one writer at a time logs, applies and publishes; the
/// compactor seals what has been frozen and merges segments. Readers lease what is published.
final class CollectionStore implements AutoCloseable {
  /// Frozen groups that wait for the compactor before writers wait too. They bound what is held in
  /// memory, so there are never more of them.
  private static final int MAX_FROZEN = 2;

  /// Chunks that one write indexes, of more that wait: a batch does not fill as many.
  private static final int MOST_INDEXED = 4;

  /// Name of the file of settings; there is none until something was set.
  static final String SETTINGS = "settings";

  /// Without a log all is sealed before a snapshot, so often until no new points came meanwhile.
  private static final int MOST_SEALS = 8;

  /// Writing pauses for long after so many pauses that have the newest points sealed.
  private static final int REST_PAUSES = 10;

  /// Writers wait so long for room before they are refused; less than a client waits.
  private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final String name;
  private final CollectionConfig config;
  private final DatabaseOptions options;
  private final Path folder;
  private final long identity;
  private final DiskSpace space;
  private final Compactor compactor;
  private final SegmentFiles files;
  private final IdDirectory directory;
  private final FilterLog filterLog = new FilterLog();
  private final LiveRows live;
  private final ChunkIndexer chunkIndexer;
  private final SearchWatch searches;
  private final Failures failures;

  private final ReentrantLock writer = new ReentrantLock();
  private final Condition isChanged = writer.newCondition();

  /// What is being written by the thread that has the lock; null for none.
  private @Nullable LocatedChanges located;

  private final GroupCommit commits = new GroupCommit(writer, isChanged, this::apply);

  // Guarded by `writer`.
  private final Deque<Frozen> frozen = new ArrayDeque<>();
  private @Nullable WriteAheadLog log;
  private long firstLog;
  private long nextSegment;
  private long lastWriteNanos;
  private boolean isLeftAlone; // on request, and nothing was written since

  /// The chunk that the background is indexing.
  private Optional<LiveChunk> underWay = Optional.empty();

  /// Why the log could not go on in a new file the last time; it goes on in the old one.
  private Optional<IOException> rollFailure = Optional.empty();

  /// Written under the lock; readers look at it without.
  private volatile boolean isClosed;

  private volatile CollectionSettings settings = CollectionSettings.NONE;
  private final IdSets idSets;
  private volatile SegmentSet current = new SegmentSet(0, List.of());

  /// Chunks that take no more rows and wait to be sealed. While others wait before them, chunks
  /// give way to their indexed form.
  ///
  /// @param nextLog the first log file without rows of these chunks
  record Frozen(List<Segment> chunks, long nextLog) {}

  /// A full chunk that is to be indexed. It stays there, sealed meanwhile or not, until this is
  /// closed.
  record Unindexed(LiveChunk chunk, SegmentSet leased) implements AutoCloseable {
    @Override
    public void close() {
      leased.close();
    }
  }

  private CollectionStore(
      String name, CollectionConfig config, DatabaseOptions options, Path folder, long identity) {
    this.name = name;
    this.config = config;
    this.options = options;
    this.folder = folder;
    this.identity = identity;
    this.idSets = new IdSets(options.disk(), folder);
    this.files = new SegmentFiles(options.disk(), folder, config, identity);
    this.space = new DiskSpace(name, config, Reserve.of(options), folder);
    this.directory = new IdDirectory(new SealedKeys(options, folder));
    this.live = new LiveRows(config, options);
    this.chunkIndexer = new ChunkIndexer(config, options);
    this.searches = new SearchWatch(options.nanoClock());
    this.failures = new Failures(name);
    this.compactor =
        new Compactor(
            this,
            new SegmentBuilder(
                options.disk(), folder, config, options, filterLog::filters, () -> settings));
    this.lastWriteNanos = options.nanoClock().getAsLong();
  }

  /// Opens what is in the folder, which exists: segments of the manifest, then the log on top.
  ///
  /// @param identity that the files have in them
  static CollectionStore open(
      String name, CollectionConfig config, DatabaseOptions options, Path folder, long identity)
      throws IOException {
    CollectionStore store = new CollectionStore(name, config, options, folder, identity);
    store.load();
    return store;
  }

  private void load() throws IOException {
    writer.lock();
    try {
      settings =
          SettingsFile.read(options.disk(), folder.resolve(SETTINGS), identity)
              .map(CollectionSettings::of)
              .orElse(CollectionSettings.NONE);
      idSets.load();
      Manifest manifest = files.readManifest();
      nextSegment = manifest.nextSegment();
      firstLog = manifest.firstLog();
      current = new SegmentSet(manifest.sequence(), files.open(manifest));
      directory.sealed().begin(current.views());
      current.views().stream()
          .max(Comparator.comparingLong(view -> view.segment().number()))
          .ifPresent(view -> view.segment().observed().forEach(filterLog::add));
      if (options.isReadOnly()) {
        WriteAheadLog.replayOnly(options.disk(), folder, identity, firstLog, this::apply);
      } else {
        // Also without logging: an earlier opening may have logged, and sealing ends its log.
        log = WriteAheadLog.open(options.disk(), folder, identity, firstLog, this::apply);
        // Only now: where the manifest is lost, the log does not fit, and segments are still
        // needed.
        files.deleteLeftOvers(manifest);
      }
      directory.settle(current);
    } catch (IOException | RuntimeException e) {
      current.close();
      throw e;
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

  DiskSpace space() {
    return space;
  }

  Compactor compactor() {
    return compactor;
  }

  IdDirectory directory() {
    return directory;
  }

  FilterLog filterLog() {
    return filterLog;
  }

  ChunkIndexer chunkIndexer() {
    return chunkIndexer;
  }

  SearchWatch searches() {
    return searches;
  }

  CollectionSettings settings() {
    return settings;
  }

  /// Changes the settings for good; answers the number of the last write.
  long changeSettings(UnaryOperator<CollectionSettings> change) {
    writer.lock();
    try {
      requireWritable();
      CollectionSettings next = change.apply(settings);
      next.toFile().write(options.disk(), folder.resolve(SETTINGS), identity);
      settings = next;
      return current.sequence();
    } catch (IOException e) {
      throw new StorageException(
          "cannot write the settings of collection '" + name + "': " + e.getMessage(), e);
    } finally {
      writer.unlock();
    }
  }

  IdSets idSets() {
    return idSets;
  }

  /// Changes the id sets for good.
  void changeIdSets(IdSets.Change change) {
    writer.lock();
    try {
      requireWritable();
      change.apply(idSets);
    } catch (IOException e) {
      throw new StorageException(
          "cannot write an id set of collection '" + name + "': " + e.getMessage(), e);
    } finally {
      writer.unlock();
    }
  }

  boolean isNewest(SegmentSet set) {
    return current == set;
  }

  /// Leases the newest set; closing it gives the lease back.
  SegmentSet lease() {
    while (true) {
      SegmentSet set = current;
      // A set lives on as long as somebody leases it, and readers that overlap would do so for
      // ever.
      if (!isClosed && set.lease()) {
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
      space.require(entries);
      return write(new LogRecord.Upsert(nextSequence(), entries));
    } finally {
      writer.unlock();
    }
  }

  /// Stores what a change makes of the points that are there, before any other write.
  ///
  /// @param matchers makes the matcher of a filter
  long change(
      Function<Filter, RowMatcher> matchers, Function<PointChanges, List<LogRecord.Entry>> change) {
    writer.lock();
    try {
      awaitRoom();
      settle();
      List<LogRecord.Entry> entries = change.apply(new PointChanges(current, directory, matchers));
      space.require(entries);
      return write(new LogRecord.Upsert(nextSequence(), entries));
    } finally {
      writer.unlock();
    }
  }

  long delete(List<PointId> ids) {
    writer.lock();
    try {
      requireWritable();
      settle();
      return write(new LogRecord.Delete(nextSequence(), directory.present(current, ids)));
    } finally {
      writer.unlock();
    }
  }

  long deleteMatching(RowMatcher matcher) {
    writer.lock();
    try {
      requireWritable();
      settle();
      List<PointId> ids = new ArrayList<>();
      for (SegmentView view : current.views()) {
        matcher.rows(view).forEach((int row) -> ids.add(view.segment().id(row)));
      }
      return write(new LogRecord.Delete(nextSequence(), ids));
    } finally {
      writer.unlock();
    }
  }

  /// Changes the payloads of points.
  ///
  /// @param isWhole whether all of them must be there; otherwise those that are not are left out
  /// @throws PointNotFoundException if one of them must be there and is not
  long changePayloads(List<PointId> ids, boolean isWhole, NewPayload payload) {
    writer.lock();
    try {
      requireWritable();
      settle();
      LocatedChanges changes = new LocatedChanges(current, nextSequence());
      Map<Segment, SegmentView> views = current.bySegment();
      // Each id once, or the second change would begin from the state before the first.
      Set<PointId> seen = HashSet.newHashSet(ids.size());
      for (PointId id : ids) {
        if (!seen.add(id)) {
          continue;
        }
        IdDirectory.Location at = directory.locate(current, id);
        if (at != null) {
          SegmentView view = Objects.requireNonNull(views.get(at.segment()));
          changes.add(view, at.row(), payload.of(view, at.row()));
        } else if (isWhole) {
          throw new PointNotFoundException("there is no point with id " + id);
        }
      }
      return write(changes);
    } finally {
      writer.unlock();
    }
  }

  /// Changes the payloads of the points that satisfy a filter at this moment.
  long changePayloads(RowMatcher matcher, NewPayload payload) {
    writer.lock();
    try {
      requireWritable();
      settle();
      LocatedChanges changes = new LocatedChanges(current, nextSequence());
      for (SegmentView view : current.views()) {
        matcher.rows(view).forEach((int row) -> changes.add(view, row, payload.of(view, row)));
      }
      return write(changes);
    } finally {
      writer.unlock();
    }
  }

  private long write(LocatedChanges changes) {
    space.requireForPayloads(changes.size());
    located = changes;
    try {
      return write(changes.record());
    } finally {
      located = null;
    }
  }

  private long nextSequence() {
    return commits.last(current.sequence()) + 1;
  }

  /// Waits until no write of others is under way: what is written next depends on what is there.
  private void settle() {
    if (log != null) {
      commits.settle(log);
      requireWritable();
    }
  }

  private long write(LogRecord record) {
    if (record instanceof LogRecord.Upsert(_, List<LogRecord.Entry> entries)) {
      // Memory first: what is in the log must find room.
      nextSegment = live.reserve(commits.points() + entries.size(), nextSegment);
    }
    if (log != null && options.isLogged()) {
      try {
        if (config.logIntervalMillis() == 0) {
          commits.commit(log, record);
        } else {
          log.write(record);
          apply(record);
        }
      } catch (IOException e) {
        failLog(e);
        requireLog();
      }
    } else {
      apply(record);
    }
    if (live.isFull() || isLogLong()) {
      freeze();
    }
    return record.sequence();
  }

  private void failLog(IOException cause) {
    if (!failures.isLogFailed()) {
      failures.failLog("the log could not be written", cause);
      isChanged.signalAll();
    }
  }

  /// Makes durable what was written since the last time. Writers go on meanwhile.
  void forceLog() {
    writer.lock();
    try {
      // A torn log has whole writes before the torn one, which somebody was answered for.
      if (!isClosed && log != null && (!failures.isLogFailed() || log.isTorn())) {
        commits.forceAll(log);
      }
    } catch (IOException e) {
      failLog(e);
    } finally {
      writer.unlock();
    }
  }

  /// Before a manifest is written, which must not tell of writes that the log may lose. Keeps the
  /// lock from its end on.
  private void requireDurable() throws IOException {
    if (log == null || config.logIntervalMillis() == 0) {
      return; // nothing is visible before it is durable
    }
    requireLog();
    try {
      commits.forceHere(log);
    } catch (IOException e) {
      failLog(e);
      throw e;
    }
  }

  /// Makes a record visible, as a whole.
  private void apply(LogRecord record) {
    Map<Segment, RoaringBitmap> killed = new HashMap<>();
    switch (record) {
      case LogRecord.Upsert(long sequence, List<LogRecord.Entry> entries) -> {
        nextSegment = live.reserve(entries.size(), nextSegment);
        Map<PointId, IdDirectory.Location> placed = HashMap.newHashMap(entries.size());
        for (LogRecord.Entry entry : entries) {
          kill(entry.id(), killed);
          placed.put(entry.id(), live.append(entry, sequence));
        }
        publish(sequence, killed, Map.of());
        directory.putAll(placed);
      }
      case LogRecord.Delete(long sequence, List<PointId> ids) -> {
        ids.forEach(id -> kill(id, killed));
        publish(sequence, killed, Map.of());
        directory.remove(ids);
      }
      case LogRecord.Payloads payloads -> publish(payloads.sequence(), killed, located(payloads));
    }
    index();
    directory.settle(current);
    lastWriteNanos = options.nanoClock().getAsLong();
    isLeftAlone = false;
  }

  /// Sees to it that full chunks get indexed: in the background, and here those by which it is
  /// behind, for searches go through all rows of chunks that are not.
  private void index() {
    List<LiveChunk> waiting = live.full();
    if (waiting.isEmpty() || live.isFull()) {
      return; // what is full is sealed next
    }
    int most = options.isReadOnly() ? 0 : searches.mostUnindexed();
    int behind = Math.clamp((long) waiting.size() - most, 0, MOST_INDEXED);
    for (LiveChunk chunk : waiting.subList(0, behind)) {
      if (underWay.filter(chunk::equals).isEmpty()) {
        try {
          replace(chunk, chunkIndexer.index(chunk));
        } catch (RuntimeException | OutOfMemoryError e) {
          // The write is there, and found without an index too.
          failures.failWork(BackgroundWork.INDEXING, e);
          return;
        }
      }
    }
    if (searches.isSearched()) {
      compactor.wakeIndexing();
    }
  }

  /// What to index next in the background; empty when there is nothing, and while points are
  /// written that nobody searches: sealing is soon done with them.
  Optional<Unindexed> nextUnindexed() {
    writer.lock();
    try {
      underWay = Optional.empty();
      if (!isClosed && (searches.isSearched() || idleMillis() >= options.idleMillis())) {
        underWay =
            Stream.concat(
                    frozen.stream().skip(1).flatMap(group -> LiveRows.full(group.chunks())),
                    live.full().stream())
                .findFirst();
      }
      return underWay.map(chunk -> new Unindexed(chunk, lease()));
    } finally {
      writer.unlock();
    }
  }

  /// Puts the indexed form of a chunk in its place, unless it is being sealed already.
  void install(LiveChunk chunk, IndexedChunk indexed) {
    writer.lock();
    try {
      if (!isClosed && (live.replace(chunk, indexed) || replaceFrozen(chunk, indexed))) {
        show(chunk, indexed);
        directory.settle(current);
      } else {
        indexed.dispose();
      }
    } finally {
      writer.unlock();
    }
  }

  private void replace(LiveChunk chunk, IndexedChunk indexed) {
    live.replace(chunk, indexed);
    show(chunk, indexed);
  }

  /// The first group may be being sealed.
  private boolean replaceFrozen(LiveChunk chunk, IndexedChunk indexed) {
    return frozen.stream()
        .skip(1)
        .anyMatch(group -> Collections.replaceAll(group.chunks(), chunk, indexed));
  }

  private void show(LiveChunk chunk, IndexedChunk indexed) {
    SegmentView view = current.view(chunk);
    SegmentView made = SegmentView.of(indexed, view.dead()).withChanges(view.overlay().changes());
    replace(current.replacing(List.of(view), Optional.of(made)));
    directory.putAll(made);
  }

  private void kill(PointId id, Map<Segment, RoaringBitmap> killed) {
    IdDirectory.Location old = directory.locate(current, id);
    if (old != null) {
      killed.computeIfAbsent(old.segment(), _ -> new RoaringBitmap()).add(old.row());
    }
  }

  /// The changes by segment and row. Those that a segment holds already, because it was sealed
  /// after they were logged, are left out.
  private Map<Segment, List<Overlay.Change>> located(LogRecord.Payloads payloads) {
    if (located != null && located.isOf(payloads.sequence(), current)) {
      return located.bySegment();
    }
    LocatedChanges all = new LocatedChanges(current, payloads.sequence());
    Map<Segment, SegmentView> views = current.bySegment();
    for (LogRecord.Change change : payloads.changes()) {
      IdDirectory.Location at = directory.locate(current, change.id());
      if (at != null) {
        SegmentView view = Objects.requireNonNull(views.get(at.segment()));
        if (view.version(at.row()) < payloads.sequence()) {
          all.show(view, at.row(), change.payload());
        }
      }
    }
    return all.bySegment();
  }

  /// Publishes the set with the rows written since, with other payloads, and without the killed
  /// rows.
  private void publish(
      long sequence,
      Map<Segment, RoaringBitmap> killed,
      Map<Segment, List<Overlay.Change>> changed) {
    List<SegmentView> views = new ArrayList<>();
    for (SegmentView view : current.views()) {
      SegmentView next = view;
      RoaringBitmap more = killed.get(view.segment());
      if (more != null) {
        next = next.withDead(more);
      }
      next = next.withChanges(changed.getOrDefault(view.segment(), List.of()));
      if (view.segment().rowCount() > view.rowCount()) {
        next = next.withRows(view.segment().rowCount());
      }
      views.add(next);
    }
    for (Segment chunk : live.filled()) {
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

  /// Hands the live chunks to the compactor and goes on with new ones. Not after the log failed:
  /// what is in it, opening again decides.
  private void freeze() {
    if (log != null) {
      // What is appended must be in the chunks that the log's next file follows.
      commits.settle(log);
    }
    List<Segment> filled = live.filled();
    if ((filled.isEmpty() && !isLogLong()) || failures.isLogFailed()) {
      return;
    }
    try {
      long nextLog = log == null ? 0 : log.roll();
      rollFailure = Optional.empty();
      frozen.add(new Frozen(new ArrayList<>(filled), nextLog));
      live.remove(filled);
      isChanged.signalAll();
      compactor.wake();
    } catch (IOException e) {
      if (Objects.requireNonNull(log).isSealed()) {
        failures.failLog("a new log file could not be begun", e);
      } else {
        // Such as a lack of file descriptors: tried again before the next write.
        rollFailure = Optional.of(e);
        failures.failWork(BackgroundWork.SEALING, e);
      }
      isChanged.signalAll();
    }
  }

  /// Whether the file of the log has twice the bytes of a full live segment: deletes, payloads and
  /// their changes fill no segment, and all of it is read at the next start.
  private boolean isLogLong() {
    return log != null && log.size() / 2 >= options.sealBytes() && frozen.size() < MAX_FROZEN;
  }

  /// What the compactor should do next: seal when rows wait, also after a pause in writing.
  Optional<Frozen> nextFrozen() {
    try (SegmentSet set = lease()) {
      directory.sealed().openWhereNeeded(set);
    }
    writer.lock();
    try {
      if (frozen.isEmpty()
          && !options.isReadOnly()
          && (hasUnsealed() || rollFailure.isPresent())
          && idleMillis() >= options.idleMillis()) {
        freeze();
      }
      return Optional.ofNullable(frozen.peek());
    } finally {
      writer.unlock();
    }
  }

  /// Whether nothing is being written and all that can be is sealed: somebody said so since the
  /// last write, or writing pauses for long.
  boolean isAtRest() {
    writer.lock();
    try {
      return frozen.isEmpty()
          && !hasUnsealed()
          && (isLeftAlone || idleMillis() >= (long) REST_PAUSES * options.idleMillis());
    } finally {
      writer.unlock();
    }
  }

  private long idleMillis() {
    return TimeUnit.NANOSECONDS.toMillis(options.nanoClock().getAsLong() - lastWriteNanos);
  }

  private boolean hasUnsealed() {
    return live.count() >= options.minIndexRows();
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
    if (sealed.isPresent() && output.isPresent()) {
      enterKeys(output.get());
    }
    writer.lock();
    try {
      try {
        requireDurable();
      } catch (IOException | RuntimeException e) {
        output.ifPresent(segment -> files.abandon(segment.number()));
        output.ifPresent(SealedSegment::dispose);
        throw e;
      }
      if (isClosed) {
        output.ifPresent(SealedSegment::drop);
        output.ifPresent(SealedSegment::dispose);
        return;
      }
      Optional<SegmentView> made = output.map(segment -> current.carryOver(inputs, segment));
      long logFrom = sealed.map(Frozen::nextLog).orElse(firstLog);
      SegmentSet next = current.replacing(inputs, made);
      try {
        files.writeManifest(next, nextSegment, logFrom);
      } catch (IOException e) {
        output.ifPresent(segment -> files.abandon(segment.number()));
        next.close();
        throw e;
      }
      firstLog = logFrom;
      replace(next);
      if (sealed.isPresent()) {
        directory.seal(inputs);
      } else {
        directory.sealed().merge(inputs, made);
      }
      directory.settle(next);
      for (SegmentView input : inputs) {
        if (input.segment() instanceof SealedSegment old) {
          old.drop();
        }
      }
      sealed.ifPresent(frozen::remove);
      isChanged.signalAll();
      dropLogs();
    } finally {
      writer.unlock();
    }
  }

  /// Without the lock, which this would hold for long.
  private void enterKeys(SealedSegment made) {
    try (SegmentSet set = lease()) {
      directory.sealed().seal(set, SegmentView.of(made, new RoaringBitmap()));
    } catch (RuntimeException e) {
      made.drop();
      made.dispose();
      throw e;
    }
  }

  private void dropLogs() {
    if (log == null) {
      return;
    }
    try {
      log.dropBefore(firstLog);
    } catch (IOException e) {
      // The manifest does not need them any more: the next start deletes them.
      System.getLogger(CollectionStore.class.getName())
          .log(System.Logger.Level.WARNING, "cannot delete old logs of " + name, e);
    }
  }

  /// Opens a segment that was built; its file goes with the next manifest if it cannot be.
  SealedSegment openBuilt(long number) throws IOException {
    try {
      return files.open(number);
    } catch (IOException | RuntimeException | Error e) {
      writer.lock();
      try {
        files.abandon(number);
      } finally {
        writer.unlock();
      }
      throw e;
    }
  }

  /// Sees to it that a disk which takes no manifest is not filled with one segment after the other.
  void requireManifest() throws IOException {
    writer.lock();
    try {
      if (files.hasAbandoned()) {
        requireDurable();
        files.writeManifest(current, nextSegment, firstLog);
      }
    } finally {
      writer.unlock();
    }
  }

  /// The files that show the collection as it is now. None of them changes, or goes, until the
  /// moment is closed.
  ///
  /// @throws StorageException if the log has failed, or if without a log writers leave no moment in
  ///     which everything is sealed
  Moment moment() throws IOException {
    for (int attempt = 0; attempt < MOST_SEALS; attempt++) {
      writer.lock();
      try {
        requireWritable();
        settle();
        if (options.isLogged() || (live.count() == 0 && frozen.isEmpty())) {
          SegmentSet set = lease();
          try {
            return Moment.open(
                options.disk(),
                folder,
                set,
                files.manifest(set, nextSegment, firstLog),
                log == null ? List.of() : log.files(firstLog));
          } catch (IOException | RuntimeException e) {
            set.close();
            throw e;
          }
        }
      } finally {
        writer.unlock();
      }
      seal();
    }
    throw new StorageException(
        "collection '" + name + "' has no log and gets points all the time",
        new IOException("unsealed points are in memory only"));
  }

  CollectionStatus status() {
    boolean isFull = !options.isReadOnly() && space.isFull();
    writer.lock();
    try {
      requireOpen();
      Optional<String> failure = failures.reason();
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
      List<RunningWork> running = compactor.work();
      return new CollectionStatus(
          state,
          current.liveCount(),
          indexed,
          segments + (segments < current.views().size() ? 1 : 0),
          current.sequence(),
          failure.orElseGet(
              () -> running.stream().map(RunningWork::text).collect(Collectors.joining("; "))),
          running,
          isFull);
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
      awaitRoom();
      freeze();
      compactor.wake();
      while (!isClosed
          && !failures.isSealingInDoubt()
          && (!frozen.isEmpty() || compactor.isBusy())) {
        options.background().await(isChanged);
      }
      requireOpen();
      failures.requireNone("could not be sealed");
    } finally {
      writer.unlock();
    }
  }

  /// Seals, then merges as when writing pauses for long.
  void compact() {
    seal();
    writer.lock();
    try {
      isLeftAlone = true;
    } finally {
      writer.unlock();
    }
    seal();
  }

  CollectionStatus awaitIdle(Duration timeout) {
    writer.lock();
    try {
      long left = timeout.toNanos();
      while (isBusy() && failures.reason().isEmpty() && !isClosed && left > 0) {
        try {
          left = options.background().awaitNanos(isChanged, left);
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
  void failWork(BackgroundWork kind, Throwable cause) {
    writer.lock();
    try {
      failures.failWork(kind, cause);
      isChanged.signalAll();
    } finally {
      writer.unlock();
    }
  }

  /// Notes that background work was done, or that there is none left. As long as the log cannot
  /// go on in a new file nothing can be sealed, though nothing waits for it.
  void succeedWork(BackgroundWork kind) {
    writer.lock();
    try {
      if (kind != BackgroundWork.SEALING || rollFailure.isEmpty()) {
        failures.succeedWork(kind);
      }
    } finally {
      writer.unlock();
    }
  }

  /// Waits while the compactor is behind; refuses when it cannot get on or takes too long, so that
  /// what is held in memory stays bounded.
  private void awaitRoom() {
    requireWritable();
    if (rollFailure.isPresent() && live.isFull()) {
      freeze();
      requireWritable();
      if (rollFailure.isPresent()) {
        throw new StorageException(
            "collection '"
                + name
                + "' takes no more points for now: a new log file could not be begun: "
                + rollFailure.get().getMessage(),
            rollFailure.get());
      }
    }
    long left = MOST_WAIT_NANOS;
    while (frozen.size() >= MAX_FROZEN) {
      failures.requireSealing();
      if (left <= 0) {
        throw new OverloadedException(
            "collection '"
                + name
                + "' gets points faster than it can seal them; nothing is stored");
      }
      try {
        left = options.background().awaitNanos(isChanged, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OverloadedException(
            "interrupted while collection '" + name + "' had no room; nothing is stored");
      }
      requireWritable();
    }
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("collection '" + name + "' is closed");
    }
  }

  private void requireWritable() {
    requireOpen();
    if (options.isReadOnly()) {
      throw new ReadOnlyException("collection '" + name + "' was opened read-only");
    }
    mendLog();
    requireLog();
  }

  private void requireLog() {
    failures.requireLog(log == null || !log.isTorn());
  }

  /// Goes on after a write to the log that failed, such as one for which there was no room: cutting
  /// what it left needs none. After a force that failed nothing can be mended: nobody knows what is
  /// on the disk.
  private void mendLog() {
    if (log == null || !log.isTorn()) {
      return;
    }
    commits.settle(log);
    if (!log.isTorn()) {
      return;
    }
    try {
      log.mend();
      failures.mendLog();
      isChanged.signalAll();
    } catch (IOException e) {
      // The collection stays red for the first reason; the next write tries again.
      System.getLogger(CollectionStore.class.getName())
          .log(System.Logger.Level.WARNING, "cannot mend the log of " + name, e);
    }
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
        commits.settle(log);
        try {
          log.close();
        } catch (IOException e) {
          System.getLogger(CollectionStore.class.getName())
              .log(System.Logger.Level.WARNING, "cannot close the log of " + name, e);
        }
      }
      isChanged.signalAll();
      live.disposeEmpty();
      directory.sealed().close(current);
      current.close();
    } finally {
      writer.unlock();
    }
  }
}
