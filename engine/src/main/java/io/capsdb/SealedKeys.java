package io.capsdb;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.LocalDisk;
import io.capsdb.point.PointId;
import io.capsdb.storage.ChronicleKeys;
import io.capsdb.storage.HeapKeys;
import io.capsdb.storage.KeyDirectory;
import io.capsdb.storage.KeysFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Finds the live row of an id among sealed segments, for the writer, through a [KeyDirectory].
///
/// The directory is not there from the beginning: until the thread that seals has opened or made
/// it, ids are looked up in the table of each segment, which is as right and slower. It names the
/// segment in which a row was sealed; where that one was merged into another, `forwards` tells
/// which, so that a merge changes nothing in the directory. Numbers are looked up in the tables of
/// few segments all the same, as that is faster. Whatever goes wrong with it, it is
/// dropped and made anew.
final class SealedKeys {
  /// Merged segments that are remembered, before the directory is made anew without them.
  private static final int MAX_FORWARDS = 4_096;

  /// Look-ups in the tables of segments after which a directory pays.
  private static final long MANY_LOOKUPS = 10_000;

  /// Numbers are looked up in as many tables sooner than in the directory and then in a table:
  /// where they have few gaps, one look at a table tells.
  private static final int FEW_TABLES = 4;

  /// Rows between two looks at whether the thread is to end.
  private static final int ROWS_A_LOOK = 4_096;

  private static final System.Logger LOG = System.getLogger(SealedKeys.class.getName());

  private final DatabaseOptions options;
  private final Path folder;

  /// From a merged segment to the one that holds its rows now. Put with the writer lock.
  private final Map<Long, Long> forwards = new ConcurrentHashMap<>();

  private volatile @Nullable KeyDirectory keys;
  private volatile boolean isFailed;

  /// Look-ups in the tables of segments; more than one thread looks.
  private final AtomicLong lookups = new AtomicLong();

  /// What an earlier process left; only of the thread that opens.
  private Optional<KeysFile> closed = Optional.empty();

  SealedKeys(DatabaseOptions options, Path folder) {
    this.options = options;
    this.folder = folder;
  }

  /// Notes what is there, and opens nothing.
  ///
  /// @param segments those that the manifest names
  void begin(List<SegmentView> segments) throws IOException {
    if (options.isReadOnly()) {
      return;
    }
    closed =
        KeysFile.find(options.disk(), folder)
            .filter(file -> file.segments().equals(numbers(segments)));
    closed.ifPresent(file -> forwards.putAll(file.forwards()));
  }

  private static List<Long> numbers(List<SegmentView> views) {
    return views.stream()
        .filter(view -> view.segment().isSealed())
        .map(view -> view.segment().number())
        .sorted()
        .toList();
  }

  /// Where the live row of an id is among the sealed segments of the newest set; null when there is
  /// none. For the one that holds the writer lock.
  IdDirectory.@Nullable Location locate(SegmentSet newest, PointId id) {
    KeyDirectory open = keys;
    boolean isInFew = id instanceof PointId.Numeric && newest.sealedCount() <= FEW_TABLES;
    if (open != null && !isInFew) {
      try {
        long number = open.find(id);
        return number == KeyDirectory.NONE
            ? null
            : inSegment(newest, forwards.getOrDefault(number, number), id);
      } catch (RuntimeException | InternalError e) {
        doubt(open, e);
      }
    }
    lookups.incrementAndGet();
    for (SegmentView view : newest.views()) {
      IdDirectory.Location found = inView(view, id);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static IdDirectory.@Nullable Location inSegment(SegmentSet set, long number, PointId id) {
    for (SegmentView view : set.views()) {
      if (view.segment().number() == number) {
        return inView(view, id);
      }
    }
    return null;
  }

  private static IdDirectory.@Nullable Location inView(SegmentView view, PointId id) {
    if (!(view.segment() instanceof SealedSegment sealed)) {
      return null;
    }
    OptionalInt row = sealed.find(id);
    return row.isPresent() && view.isLive(row.getAsInt())
        ? new IdDirectory.Location(sealed, row.getAsInt())
        : null;
  }

  /// Forgets ids that were deleted. For the one that holds the writer lock.
  void remove(List<PointId> ids) {
    KeyDirectory open = keys;
    if (open == null) {
      return;
    }
    try {
      ids.forEach(open::remove);
    } catch (RuntimeException | InternalError e) {
      doubt(open, e);
    }
  }

  /// Tells that segments were merged into one, or that nothing was left of them. For the one that
  /// holds the writer lock.
  void merge(List<SegmentView> inputs, Optional<SegmentView> output) {
    for (SegmentView input : inputs) {
      long from = input.segment().number();
      if (output.isPresent()) {
        long to = output.get().segment().number();
        forwards.replaceAll((_, old) -> old == from ? to : old);
        forwards.put(from, to);
      } else {
        forwards.values().removeIf(old -> old == from);
      }
    }
  }

  /// Opens the directory when it pays. For the thread that seals, without the writer lock, with
  /// a lease on the newest set.
  ///
  /// @throws CancellationException if the thread is interrupted
  void openWhereNeeded(SegmentSet newest) {
    if (keys == null && lookups.get() >= MANY_LOOKUPS) {
      open(newest);
    } else if (keys != null && isToBeMadeAnew(newest)) {
      drop();
      open(newest);
    }
  }

  private boolean isToBeMadeAnew(SegmentSet newest) {
    KeyDirectory open = java.util.Objects.requireNonNull(keys);
    return forwards.size() > MAX_FORWARDS || (!open.isOffHeap() && isForFiles(newest));
  }

  /// Enters the rows of a segment that is about to take the place of frozen chunks. They are found
  /// elsewhere until then. For the thread that seals, with a lease on the newest set.
  ///
  /// @throws CancellationException if the thread is interrupted
  void seal(SegmentSet newest, SegmentView made) {
    if (keys == null) {
      open(newest);
    }
    KeyDirectory open = keys;
    if (open != null) {
      try {
        enter(made, open);
      } catch (RuntimeException | InternalError e) {
        if (isEnding(e)) {
          // Half of a segment, and maybe of a file, which must not be closed as if it were whole.
          drop();
        }
        requireRunning(e);
        doubt(open, e);
      }
    }
  }

  private void open(SegmentSet newest) {
    KeyDirectory opened = null;
    try {
      opened = reopen().orElse(null);
      if (opened == null) {
        forwardNothing(newest);
        opened = make(newest);
        for (SegmentView view : newest.views()) {
          if (view.segment().isSealed()) {
            enter(view, opened);
          }
        }
      }
      keys = opened;
    } catch (IOException | RuntimeException | InternalError e) {
      if (opened != null) {
        close(opened);
      }
      requireRunning(e);
      doubt(null, e);
    }
  }

  /// What was merged before a directory is made is named in it as it is now.
  private void forwardNothing(SegmentSet newest) {
    List<Long> there = numbers(newest.views());
    // A merge that ends meanwhile forwards from a segment of this set.
    forwards.keySet().removeIf(from -> !there.contains(from));
  }

  private Optional<KeyDirectory> reopen() throws IOException {
    if (closed.isEmpty() || isFailed || !ChronicleKeys.isUsable()) {
      return Optional.empty();
    }
    KeysFile file = closed.get();
    closed = Optional.empty();
    try {
      return Optional.of(ChronicleKeys.open(options.disk(), folder, file));
    } catch (CorruptFileException e) {
      LOG.log(System.Logger.Level.WARNING, "the keys are made anew: " + e.getMessage());
      return Optional.empty();
    }
  }

  private KeyDirectory make(SegmentSet newest) throws IOException {
    closed = Optional.empty();
    if (!isForFiles(newest)) {
      ChronicleKeys.deleteFiles(options.disk(), folder);
      return new HeapKeys();
    }
    // Sealed rows, and as many more before a shard has to grow.
    return ChronicleKeys.create(options.disk(), folder, 2 * newest.liveCount());
  }

  private boolean isForFiles(SegmentSet newest) {
    return !isFailed
        && newest.liveCount() >= options.offHeapRows()
        && options.disk() instanceof LocalDisk
        && ChronicleKeys.isUsable();
  }

  private static void enter(SegmentView view, KeyDirectory into) {
    long number = view.segment().number();
    for (int row = 0; row < view.rowCount(); row++) {
      if (row % ROWS_A_LOOK == 0 && Thread.currentThread().isInterrupted()) {
        throw new CancellationException();
      }
      if (view.isLive(row)) {
        into.put(view.segment().id(row), number);
      }
    }
  }

  private static boolean isEnding(Throwable cause) {
    return cause instanceof CancellationException || Thread.currentThread().isInterrupted();
  }

  private static void requireRunning(Throwable cause) {
    if (isEnding(cause)) {
      CancellationException end = new CancellationException();
      end.initCause(cause);
      throw end;
    }
  }

  /// Goes on without files: a directory is never a reason not to write.
  ///
  /// @param failed the one that failed; that it was dropped meanwhile is no failure
  @SuppressWarnings("ReferenceEquality") // which one it is, not what is in it
  private synchronized void doubt(@Nullable KeyDirectory failed, Throwable cause) {
    if (keys != failed) {
      return;
    }
    LOG.log(
        System.Logger.Level.WARNING, "the keys in " + folder + " are made anew, in memory", cause);
    isFailed = true;
    drop();
  }

  private synchronized void drop() {
    KeyDirectory open = keys;
    keys = null;
    lookups.set(MANY_LOOKUPS);
    if (open != null) {
      close(open);
    }
  }

  private static void close(KeyDirectory open) {
    try {
      open.close();
    } catch (RuntimeException | InternalError e) {
      LOG.log(System.Logger.Level.WARNING, "cannot close keys", e);
    }
  }

  /// Closes the directory so that the next process can open it. For the one that holds the writer
  /// lock; the thread that seals has ended.
  void close(SegmentSet last) {
    KeyDirectory open = keys;
    keys = null;
    if (options.isReadOnly()) {
      return;
    }
    try {
      if (open instanceof ChronicleKeys files) {
        files.closeWell(numbers(last.views()), new TreeMap<>(forwards));
      } else if (open != null) {
        open.close();
      } else if (closed.isPresent() && !closed.get().segments().equals(numbers(last.views()))) {
        // Nobody opened the files; what was merged is all that they do not know.
        new KeysFile(numbers(last.views()), new TreeMap<>(forwards), closed.get().shards())
            .write(options.disk(), folder);
      }
    } catch (IOException | RuntimeException | InternalError e) {
      LOG.log(System.Logger.Level.WARNING, "the keys in " + folder + " will be made anew", e);
    }
  }
}
