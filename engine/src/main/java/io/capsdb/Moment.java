package io.capsdb;

import io.capsdb.io.Disk;
import io.capsdb.storage.Manifest;
import io.capsdb.storage.WriteAheadLog;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The files of a collection at one moment, opened: what is deleted meanwhile can still be read.
///
/// @param set leased until the moment is closed, so that its segments stay
record Moment(SegmentSet set, List<File> files) implements Closeable {
  /// @param length bytes of the content that belong to the moment; there may be more
  record File(String name, long length, InputStream content) {}

  /// Opens the files of a set; for the one that holds the writer lock.
  ///
  /// @param set leased; closed with the moment
  /// @param logs files of the log that hold what segments do not
  static Moment open(
      Disk disk, Path folder, SegmentSet set, Manifest manifest, List<WriteAheadLog.LogFile> logs)
      throws IOException {
    List<File> files = new ArrayList<>();
    try {
      byte[] bytes = manifest.toBytes();
      files.add(new File("manifest", bytes.length, new ByteArrayInputStream(bytes)));
      Path settings = folder.resolve(CollectionStore.SETTINGS);
      if (disk.exists(settings)) {
        files.add(new File(CollectionStore.SETTINGS, disk.size(settings), disk.read(settings)));
      }
      for (String name : disk.list(folder)) {
        if (name.matches(IdSets.FILES)) {
          Path path = folder.resolve(name);
          files.add(new File(name, disk.size(path), disk.read(path)));
        }
      }
      for (Manifest.SegmentEntry entry : manifest.segments()) {
        Path path = SealedSegment.path(folder, entry.number());
        String name = String.valueOf(path.getFileName());
        files.add(new File(name, disk.size(path), disk.read(path)));
      }
      for (WriteAheadLog.LogFile log : logs) {
        files.add(new File(log.name(), log.length(), disk.read(folder.resolve(log.name()))));
      }
      return new Moment(set, files);
    } catch (IOException | RuntimeException e) {
      closeAll(files);
      throw e;
    }
  }

  /// Number of the last write that the files hold.
  long sequence() {
    return set.sequence();
  }

  /// Of all files together.
  long bytes() {
    return files.stream().mapToLong(File::length).sum();
  }

  @Override
  public void close() throws IOException {
    set.close();
    closeAll(files);
  }

  private static void closeAll(List<File> files) throws IOException {
    for (File file : files) {
      file.content().close();
    }
  }
}
