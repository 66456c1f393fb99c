package io.capsdb.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk that fails or crashes at a chosen operation, and that knows what would have survived.
///
/// What is written stands in a [MemoryDisk]; beside it stands what is durable: the bytes of a file
/// at its last force, the names in a folder at its last force. All calls of the port are counted
/// from 1, those that only look included; `position` and `close` are not.
///
/// One write can be made to land elsewhere ([#misdirectAt]): the call succeeds, zeros stand
/// where the bytes should be, and the bytes stand over those of some file.
///
/// Stricter than most disks: forcing a file does not make its name durable, and after a failed
/// force a file's later bytes are lost although later forces say that they are not.
public final class FaultyDisk implements Disk {
  /// What became of bytes and names that were not forced when the machine stopped.
  public enum Unforced {
    /// Nothing of it is there.
    DROPPED,
    /// Of each file a random first part; of each folder's changes a random first part.
    TORN,
    /// Each sector of 512 bytes either came or is zero; of each folder's changes a random first
    /// part.
    REORDERED,
    /// All of it is there.
    KEPT
  }

  private static final int SECTOR = 512;

  private final MemoryDisk written = new MemoryDisk();

  /// Files by the name that they have, as long as nobody deletes or replaces them.
  private final Map<Path, Content> live = new HashMap<>();

  /// What is durable; a folder is there with an empty value.
  private final TreeMap<Path, Optional<Content>> durable = new TreeMap<>();

  /// Changes of names since the folders they are in were forced, in order.
  private final List<NameChange> pending = new ArrayList<>();

  private long operations;
  private long failAt;
  private long crashAt;
  private boolean hasCrashed;
  private long misdirectAt;
  private RandomGenerator misdirection = RandomGenerator.getDefault();
  private Optional<Path> misdirected = Optional.empty();

  /// Bytes of one file, whatever its name.
  private static final class Content {
    private byte[] durable = {};
    private byte[] written = {};

    /// What writes to the file, for the one that opened it last.
    private @Nullable AppendFile out;

    private int openedCount;

    /// How many bytes of `written` were not touched since the last force.
    private int keptLength;

    private boolean losesAll;

    void append(byte[] bytes) {
      int from = written.length;
      written = Arrays.copyOf(written, from + bytes.length);
      System.arraycopy(bytes, 0, written, from, bytes.length);
    }

    void cut(int length) {
      written = Arrays.copyOf(written, length);
      keptLength = Math.min(keptLength, length);
    }

    /// Puts bytes over others, on the disk itself.
    void overwrite(int from, byte[] bytes) {
      byte[][] both = {written, durable};
      for (byte[] each : both) {
        int length = Math.clamp(each.length - from, 0, bytes.length);
        System.arraycopy(bytes, 0, each, Math.min(from, each.length), length);
      }
    }

    void force() {
      if (!losesAll) {
        durable = written.clone();
        keptLength = written.length;
      }
    }

    byte[] afterCrash(Unforced unforced, RandomGenerator random) {
      if (losesAll || unforced == Unforced.DROPPED) {
        return durable;
      }
      if (unforced == Unforced.KEPT) {
        return written;
      }
      if (keptLength < durable.length && random.nextBoolean()) {
        return durable; // not even the cut came
      }
      int fresh = written.length - keptLength;
      byte[] left = Arrays.copyOf(written, keptLength + random.nextInt(fresh + 1));
      if (unforced == Unforced.REORDERED) {
        for (int from = keptLength; from < left.length; from = (from / SECTOR + 1) * SECTOR) {
          if (random.nextBoolean()) {
            int end = Math.min(left.length, (from / SECTOR + 1) * SECTOR);
            Arrays.fill(left, from, end, (byte) 0);
          }
        }
      }
      return left;
    }
  }

  /// The content that got the name `to`, and the name that went away, if any.
  private record NameChange(@Nullable Path from, @Nullable Path to, @Nullable Content content) {
    boolean isIn(Path folder) {
      return (from != null && folder.equals(from.getParent()))
          || (to != null && folder.equals(to.getParent()));
    }
  }

  /// An empty disk without faults, until one is asked for.
  public FaultyDisk() {}

  /// A disk that holds what another one holds below a folder; all of it is durable.
  public static FaultyDisk over(Disk disk, Path root) throws IOException {
    FaultyDisk copy = new FaultyDisk();
    copy.copyFrom(disk, root);
    copy.operations = 0;
    return copy;
  }

  private void copyFrom(Disk disk, Path folder) throws IOException {
    createFolders(folder);
    for (String name : disk.list(folder)) {
      Path path = folder.resolve(name);
      try {
        disk.list(path);
        copyFrom(disk, path);
      } catch (NotDirectoryException _) {
        try (InputStream in = disk.read(path);
            AppendFile out = create(path)) {
          out.write(ByteBuffer.wrap(in.readAllBytes()));
          out.force();
        }
      }
    }
    forceFolder(folder);
  }

  /// How many calls there were.
  public synchronized long operations() {
    return operations;
  }

  /// Lets the operation with this number fail, and none after it. A write that fails has written
  /// its first half.
  public synchronized void failAt(long operation) {
    failAt = operation;
  }

  /// Lets the machine stop in the operation with this number: it and all later ones fail.
  public synchronized void crashAt(long operation) {
    crashAt = operation;
  }

  /// Lets the write with this number land on a sector of some file, which may be its own. Mappings
  /// that are there already do not show it.
  ///
  /// @param random tells where
  public synchronized void misdirectAt(long operation, RandomGenerator random) {
    misdirectAt = operation;
    misdirection = random;
  }

  /// The file over which the write landed that was to land elsewhere; empty before it.
  public synchronized Optional<Path> misdirected() {
    return misdirected;
  }

  public synchronized boolean hasCrashed() {
    return hasCrashed;
  }

  /// What stands on the disk when the machine starts again.
  ///
  /// @param random decides what of the unforced came through, where that is open
  public synchronized MemoryDisk afterCrash(Unforced unforced, RandomGenerator random)
      throws IOException {
    TreeMap<Path, Optional<Content>> names = new TreeMap<>(durable);
    Map<Path, Integer> applied = new HashMap<>();
    for (NameChange change : pending) {
      Path folder = folderOf(change);
      int most = (int) pending.stream().filter(other -> folderOf(other).equals(folder)).count();
      int left =
          applied.computeIfAbsent(
              folder,
              _ ->
                  switch (unforced) {
                    case DROPPED -> 0;
                    case KEPT -> most;
                    case TORN, REORDERED -> random.nextInt(most + 1);
                  });
      if (left > 0) {
        apply(change, names);
        applied.put(folder, left - 1);
      }
    }
    MemoryDisk after = new MemoryDisk();
    for (Map.Entry<Path, Optional<Content>> entry : names.entrySet()) {
      if (entry.getValue().isEmpty()) {
        after.createFolders(entry.getKey());
      } else if (entry.getKey().getParent() == null || after.exists(entry.getKey().getParent())) {
        try (AppendFile out = after.create(entry.getKey())) {
          out.write(ByteBuffer.wrap(entry.getValue().get().afterCrash(unforced, random)));
        }
      }
    }
    return after;
  }

  private static Path folderOf(NameChange change) {
    Path name = change.to() != null ? change.to() : change.from();
    return java.util.Objects.requireNonNull(
        java.util.Objects.requireNonNull(name).getParent(), "a file has a folder");
  }

  private static void apply(NameChange change, Map<Path, Optional<Content>> names) {
    if (change.from() != null) {
      names.remove(change.from());
    }
    if (change.to() != null) {
      names.put(change.to(), Optional.ofNullable(change.content()));
    }
  }

  /// Counts an operation.
  ///
  /// @return true if it is the one in which the machine stops or which fails: it throws itself, by
  ///     [#fault]
  private boolean isFaulty() throws IOException {
    if (hasCrashed) {
      throw new IOException("the machine has stopped");
    }
    operations++;
    hasCrashed = operations == crashAt;
    return hasCrashed || operations == failAt;
  }

  private IOException fault() {
    return new IOException(
        hasCrashed
            ? "the machine stops in operation " + operations
            : "operation " + operations + " fails");
  }

  private void look() throws IOException {
    if (isFaulty()) {
      throw fault();
    }
  }

  @Override
  public synchronized boolean exists(Path path) throws IOException {
    look();
    return written.exists(path);
  }

  @Override
  public synchronized List<String> list(Path folder) throws IOException {
    look();
    return written.list(folder);
  }

  @Override
  public synchronized long size(Path file) throws IOException {
    look();
    return written.size(file);
  }

  @Override
  public synchronized InputStream read(Path file) throws IOException {
    look();
    return written.read(file);
  }

  @Override
  public synchronized MemorySegment map(Path file, Arena arena) throws IOException {
    look();
    return written.map(file, arena);
  }

  @Override
  public synchronized Closeable lock(Path file) throws IOException {
    look();
    if (!written.exists(file)) {
      Closeable held = written.lock(file);
      named(file, new Content());
      return held;
    }
    return written.lock(file);
  }

  @Override
  public synchronized void createFolders(Path folder) throws IOException {
    look();
    written.createFolders(folder);
    for (Path p = absolute(folder); p != null && p.getParent() != null; p = p.getParent()) {
      durable.putIfAbsent(p, Optional.empty());
    }
  }

  @Override
  public synchronized AppendFile create(Path file) throws IOException {
    boolean isFaulty = isFaulty();
    if (isFaulty && !hasCrashed) {
      throw fault();
    }
    AppendFile out = written.create(file);
    Content content = new Content();
    content.out = out;
    named(file, content);
    if (isFaulty) {
      throw fault();
    }
    return new FaultyFile(content);
  }

  @Override
  public synchronized AppendFile append(Path file, long length) throws IOException {
    boolean isFaulty = isFaulty();
    if (isFaulty && !hasCrashed) {
      throw fault();
    }
    boolean isNew = !written.exists(file);
    AppendFile out = written.append(file, length);
    if (isNew) {
      named(file, new Content());
    }
    Content content = java.util.Objects.requireNonNull(live.get(absolute(file)));
    content.cut((int) length);
    content.out = out;
    if (isFaulty) {
      throw fault();
    }
    return new FaultyFile(content);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    boolean isFaulty = isFaulty();
    if (isFaulty && !hasCrashed) {
      throw fault();
    }
    written.rename(from, to);
    Path source = absolute(from);
    Path target = absolute(to);
    Content moved = live.remove(source);
    if (moved == null) {
      renameFolder(source, target);
    } else {
      live.put(target, moved);
      pending.add(new NameChange(source, target, moved));
    }
    if (isFaulty) {
      throw fault();
    }
  }

  /// Durable at once with all that is in it: nothing in the house relies on less.
  private void renameFolder(Path source, Path target) {
    Map<Path, Optional<Content>> moved = new TreeMap<>();
    durable.forEach(
        (path, content) -> {
          if (path.startsWith(source)) {
            moved.put(path, content);
          }
        });
    durable.keySet().removeAll(moved.keySet());
    moved.forEach((path, content) -> durable.put(moved(path, source, target), content));
    Map<Path, Content> files = new HashMap<>();
    live.forEach((path, content) -> files.put(moved(path, source, target), content));
    live.clear();
    live.putAll(files);
    pending.replaceAll(
        change ->
            new NameChange(
                change.from() == null ? null : moved(change.from(), source, target),
                change.to() == null ? null : moved(change.to(), source, target),
                change.content()));
  }

  private static Path moved(Path path, Path source, Path target) {
    return path.startsWith(source) ? target.resolve(source.relativize(path)) : path;
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    boolean isFaulty = isFaulty();
    if (isFaulty && !hasCrashed) {
      throw fault();
    }
    boolean isThere = written.exists(path);
    written.delete(path);
    if (isThere) {
      live.remove(absolute(path));
      pending.add(new NameChange(absolute(path), null, null));
    }
    if (isFaulty) {
      throw fault();
    }
  }

  @Override
  public synchronized void forceFolder(Path folder) throws IOException {
    look();
    written.forceFolder(folder);
    Path absolute = absolute(folder);
    for (NameChange change : pending) {
      if (change.isIn(absolute)) {
        apply(change, durable);
      }
    }
    pending.removeIf(change -> change.isIn(absolute));
  }

  private void named(Path file, Content content) {
    live.put(absolute(file), content);
    pending.add(new NameChange(null, absolute(file), content));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /// Puts bytes over those of a random file, from the begin of a random sector on.
  private void misdirect(byte[] bytes) throws IOException {
    List<Path> files =
        live.keySet().stream().filter(file -> content(file).written.length > 0).sorted().toList();
    Path file = files.get(misdirection.nextInt(files.size()));
    Content victim = content(file);
    int sectors = (victim.written.length + SECTOR - 1) / SECTOR;
    victim.overwrite(SECTOR * misdirection.nextInt(sectors), bytes);
    boolean isOpen = victim.out != null;
    written.delete(file);
    AppendFile again = written.create(file);
    again.write(ByteBuffer.wrap(victim.written));
    victim.out = isOpen ? again : null;
    misdirected = Optional.of(file);
  }

  private Content content(Path file) {
    return java.util.Objects.requireNonNull(live.get(file));
  }

  private final class FaultyFile implements AppendFile {
    private final Content content;
    private final int number;

    FaultyFile(Content content) {
      this.content = content;
      this.number = ++content.openedCount;
    }

    /// Another one after a write that landed elsewhere.
    private AppendFile out() {
      return java.util.Objects.requireNonNull(content.out, "the file was opened to append");
    }

    @Override
    public long position() {
      synchronized (FaultyDisk.this) {
        return out().position();
      }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      synchronized (FaultyDisk.this) {
        boolean isFaulty = isFaulty();
        ByteBuffer taken = bytes.duplicate();
        if (isFaulty && !hasCrashed) {
          taken.limit(taken.position() + taken.remaining() / 2);
        }
        byte[] copy = new byte[taken.remaining()];
        taken.duplicate().get(copy);
        boolean isMisdirected = operations == misdirectAt;
        byte[] landed = isMisdirected ? new byte[copy.length] : copy;
        out().write(ByteBuffer.wrap(landed));
        content.append(landed);
        if (isMisdirected && copy.length > 0) {
          misdirect(copy);
        }
        if (isFaulty) {
          throw fault();
        }
        bytes.position(bytes.limit());
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (FaultyDisk.this) {
        boolean isFaulty = isFaulty();
        if (isFaulty) {
          content.losesAll |= !hasCrashed;
          throw fault();
        }
        out().force();
        content.force();
      }
    }

    @Override
    public void close() throws IOException {
      synchronized (FaultyDisk.this) {
        // Others may have opened it since.
        if (number == content.openedCount) {
          out().close();
        }
      }
    }
  }
}
