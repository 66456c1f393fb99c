package io.capsdb.formats;

import io.capsdb.io.Disk;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// An HDF5 file that is open. The library tells of damage by exceptions of many kinds; here they
/// are one. Not for more than one thread.
final class HdfFileReader implements Closeable {
  /// A name for the library, which keeps one for each file.
  private static final URI NO_PLACE = URI.create("http://localhost/file");

  private final MappedFile file;
  private final HdfFile hdf;

  private HdfFileReader(MappedFile file, HdfFile hdf) {
    this.file = file;
    this.hdf = hdf;
  }

  static HdfFileReader open(Disk disk, Path path) throws IOException {
    MappedFile file = new MappedFile(disk, path);
    try {
      return new HdfFileReader(file, new HdfFile(file.channel(), NO_PLACE));
    } catch (RuntimeException e) {
      file.close();
      throw damaged(file, "header", e);
    }
  }

  static FormatException damaged(MappedFile file, String place, RuntimeException e) {
    FormatException damage =
        new FormatException(file.name(), place, "it is no HDF5 file, or a damaged one");
    damage.initCause(e);
    return damage;
  }

  MappedFile file() {
    return file;
  }

  /// Whether it has something of this name.
  boolean has(String name) throws IOException {
    try {
      return hdf.getChild(name) != null;
    } catch (RuntimeException e) {
      throw damaged(file, name, e);
    }
  }

  /// @throws FormatException if there is none of this name, or it does not consist of rows
  HdfTable table(String name) throws IOException {
    try {
      if (hdf.getChild(name) instanceof Dataset dataset) {
        return new HdfTable(file, name, dataset, dataset.getDimensions());
      }
    } catch (RuntimeException e) {
      throw damaged(file, name, e);
    }
    throw new FormatException(
        file.name(), "root", "it has no data set '" + name + "', as ann-benchmarks' files have");
  }

  /// A text that stands at the file as a whole.
  Optional<String> text(String name) throws IOException {
    try {
      Attribute attribute = hdf.getAttribute(name);
      return attribute != null && attribute.getData() instanceof String text
          ? Optional.of(text)
          : Optional.empty();
    } catch (RuntimeException e) {
      throw damaged(file, name, e);
    }
  }

  @Override
  public void close() {
    hdf.close();
    file.close();
  }
}
