package io.capsdb.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every disk does.
public abstract class DiskContract {
  private Disk disk;
  private Path folder;
  private Path file;

  /// The disk under test.
  protected abstract Disk disk();

  @BeforeEach
  void makeFolder(@TempDir Path temporary) throws IOException {
    disk = disk();
    folder = temporary.resolve("a/b");
    disk.createFolders(folder);
    file = folder.resolve("file");
  }

  @Test
  void writtenBytesAreReadAndMapped() throws IOException {
    write(file, "hello");
    assertThat(disk.exists(file)).isTrue();
    assertThat(disk.size(file)).isEqualTo(5);
    assertThat(read(file)).isEqualTo("hello");
    assertThat(mapped(file)).isEqualTo("hello");
  }

  @Test
  void bytesOfAnyBufferAreWritten() throws IOException {
    byte[] large = new byte[200_001];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(large.length).put(large).flip();
    direct.position(7);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(direct);
      out.write(ByteBuffer.wrap(large, 3, 100_000).slice());
      assertThat(direct.hasRemaining()).isFalse();
      assertThat(out.position()).isEqualTo(large.length - 7 + 100_000);
      out.force();
    }
    byte[] expected = new byte[large.length - 7 + 100_000];
    System.arraycopy(large, 7, expected, 0, large.length - 7);
    System.arraycopy(large, 3, expected, large.length - 7, 100_000);
    try (InputStream in = disk.read(file)) {
      assertThat(in.readAllBytes()).isEqualTo(expected);
    }
  }

  @Test
  void createRefusesAFileThatExists() throws IOException {
    write(file, "first");
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> disk.create(file).close());
    assertThat(read(file)).isEqualTo("first");
  }

  @Test
  void createRefusesAMissingFolder() {
    Path lost = folder.resolve("missing/file");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.create(lost).close());
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.append(lost, 0).close());
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    assertThat(disk.exists(file)).isFalse();
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.read(file).close())
        .withMessageContaining("file");
    assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.size(file));
    try (Arena arena = Arena.ofConfined()) {
      assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> disk.map(file, arena));
    }
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.rename(file, folder.resolve("other")));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> disk.list(folder.resolve("missing")));
  }

  @Test
  void appendCutsThenGrows() throws IOException {
    write(file, "hello world");
    try (Disk.AppendFile out = disk.append(file, 6)) {
      assertThat(out.position()).isEqualTo(6);
      out.write(bytes("there"));
      assertThat(out.position()).isEqualTo(11);
    }
    assertThat(read(file)).isEqualTo("hello there");
    disk.append(file, 5).close();
    assertThat(read(file)).isEqualTo("hello");
  }

  @Test
  void appendCreatesAMissingFile() throws IOException {
    try (Disk.AppendFile out = disk.append(file, 0)) {
      out.write(bytes("new"));
    }
    assertThat(read(file)).isEqualTo("new");
  }

  @Test
  void appendRefusesALengthBeyondTheEnd() throws IOException {
    write(file, "abc");
    assertThatIOException()
        .isThrownBy(() -> disk.append(file, 4).close())
        .withMessageContaining("has 3 bytes");
    assertThat(read(file)).isEqualTo("abc");
  }

  @Test
  void closedFilesRefuseBytes() throws IOException {
    Disk.AppendFile out = disk.create(file);
    out.close();
    out.close();
    assertThatExceptionOfType(ClosedChannelException.class)
        .isThrownBy(() -> out.write(bytes("late")));
    assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(out::force);
    assertThat(disk.size(file)).isZero();
  }

  @Test
  void interruptedThreadsWriteAndForce() throws IOException {
    try (Disk.AppendFile out = disk.create(file)) {
      Thread.currentThread().interrupt();
      out.write(bytes("one"));
      out.force();
      disk.forceFolder(folder);
      assertThat(mapped(file)).isEqualTo("one");
      disk.lock(folder.resolve("LOCK")).close();
      assertThat(Thread.interrupted()).isTrue();
      out.write(bytes("two"));
      out.force();
    }
    assertThat(read(file)).isEqualTo("onetwo");
  }

  @Test
  void mappingsAreNativeReadOnlyAndEndWithTheirArena() throws IOException {
    write(file, "hello");
    MemorySegment mapped;
    try (Arena arena = Arena.ofShared()) {
      mapped = disk.map(file, arena);
      assertThat(mapped.isNative()).isTrue();
      assertThat(mapped.isReadOnly()).isTrue();
      assertThat(mapped.byteSize()).isEqualTo(5);
      assertThat(mapped.address() % 64).isZero();
    }
    assertThatIllegalStateException().isThrownBy(() -> mapped.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void mappingsHaveTheClassOfAllocatedMemory() throws IOException {
    write(file, "hello");
    try (Arena arena = Arena.ofShared()) {
      assertThat(disk.map(file, arena).getClass()).isEqualTo(arena.allocate(8).getClass());
    }
  }

  @Test
  void emptyFilesMapToEmptyNativeSegments() throws IOException {
    write(file, "");
    try (Arena arena = Arena.ofConfined()) {
      assertThat(disk.map(file, arena).byteSize()).isZero();
      assertThat(disk.map(file, arena).isNative()).isTrue();
    }
  }

  @Test
  void mappingsSurviveRenameDeletionAndGrowth() throws IOException {
    write(file, "hello");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = disk.map(file, arena);
      try (Disk.AppendFile out = disk.append(file, 5)) {
        out.write(ByteBuffer.allocate(100_000));
      }
      disk.rename(file, folder.resolve("other"));
      disk.delete(folder.resolve("other"));
      assertThat(text(mapped)).isEqualTo("hello");
    }
  }

  @Test
  void mappingsWithAnAutomaticArenaLiveAsLongAsTheyAreUsed() throws IOException {
    write(file, "hello");
    MemorySegment mapped = disk.map(file, Arena.ofAuto());
    disk.delete(file);
    for (int i = 0; i < 3; i++) {
      System.gc();
      assertThat(text(mapped)).isEqualTo("hello");
    }
  }

  @Test
  void renameReplacesAFile() throws IOException {
    Path other = folder.resolve("other");
    write(file, "new");
    write(other, "old");
    disk.rename(file, other);
    disk.forceFolder(folder);
    assertThat(read(other)).isEqualTo("new");
    assertThat(disk.exists(file)).isFalse();
    assertThat(disk.list(folder)).containsExactly("other");
  }

  @Test
  void renameMovesAFolderWithItsContent() throws IOException {
    Path from = folder.resolve("from");
    disk.createFolders(from.resolve("deep"));
    write(from.resolve("deep/x"), "x");
    disk.rename(from, folder.resolve("to"));
    assertThat(disk.exists(from)).isFalse();
    assertThat(disk.list(folder)).containsExactly("to");
    assertThat(read(folder.resolve("to/deep/x"))).isEqualTo("x");
  }

  @Test
  void foldersAreListedInOrder() throws IOException {
    for (String name : new String[] {"b", "a", "c.tmp", "B"}) {
      write(folder.resolve(name), name);
    }
    disk.createFolders(folder.resolve("d/e"));
    assertThat(disk.list(folder)).containsExactly("B", "a", "b", "c.tmp", "d");
    assertThat(disk.list(folder.resolve("d/e"))).isEmpty();
  }

  @Test
  void foldersAreCreatedOnceAndNotOverFiles() throws IOException {
    disk.createFolders(folder);
    assertThat(disk.exists(folder)).isTrue();
    write(file, "x");
    assertThatIOException().isThrownBy(() -> disk.createFolders(file));
    assertThatIOException().isThrownBy(() -> disk.createFolders(file.resolve("below")));
  }

  @Test
  void deleteTakesFilesAndEmptyFoldersOnly() throws IOException {
    write(file, "x");
    assertThatExceptionOfType(DirectoryNotEmptyException.class)
        .isThrownBy(() -> disk.delete(folder));
    disk.delete(file);
    disk.delete(file);
    disk.delete(folder);
    assertThat(disk.exists(folder)).isFalse();
  }

  @Test
  void lockIsHeldByOneUntilClosed() throws IOException {
    Path path = folder.resolve("LOCK");
    Closeable held = disk.lock(path);
    for (int i = 0; i < 2; i++) {
      assertThatIOException()
          .isThrownBy(() -> disk.lock(path).close())
          .withMessageContaining(path.toString());
      assertThatIOException()
          .isThrownBy(() -> disk.lock(folder.resolve("../b/LOCK")).close())
          .withMessageContaining("locked");
    }
    held.close();
    held.close();
    try (Closeable _ = disk.lock(path)) {
      held.close(); // closing the old one twice must not free the new one
      assertThatIOException().isThrownBy(() -> disk.lock(path).close());
    }
  }

  private void write(Path path, String content) throws IOException {
    try (Disk.AppendFile out = disk.create(path)) {
      out.write(bytes(content));
      out.force();
    }
  }

  private String read(Path path) throws IOException {
    try (InputStream in = disk.read(path)) {
      return new String(in.readAllBytes(), US_ASCII);
    }
  }

  private String mapped(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return text(disk.map(path, arena));
    }
  }

  private static String text(MemorySegment segment) {
    return new String(segment.toArray(ValueLayout.JAVA_BYTE), US_ASCII);
  }

  private static ByteBuffer bytes(String content) {
    return ByteBuffer.wrap(content.getBytes(US_ASCII));
  }
}
