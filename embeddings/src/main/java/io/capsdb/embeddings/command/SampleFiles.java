package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.IdxImages;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.data.TextRows;
import io.capsdb.embeddings.data.ZipImages;
import io.capsdb.embeddings.model.ContentKind;
import io.capsdb.io.Disk;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Opens data sets by their names.
final class SampleFiles {
  private SampleFiles() {}

  static boolean isZip(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  /// @param payload attributes of images, row by row
  static SampleSource open(Disk disk, Path file, Optional<Path> payload, ContentKind kind)
      throws IOException {
    if (!kind.isImage()) {
      if (payload.isPresent()) {
        throw new UsageException("--payload: texts have their attributes in their own file");
      }
      return TextRows.open(disk, file, kind.fields());
    }
    if (!isZip(file)) {
      return IdxImages.open(disk, file, payload);
    }
    if (payload.isPresent()) {
      throw new UsageException("--payload: images of a ZIP file have their folder as label");
    }
    return ZipImages.open(disk, file, kind.channels(), kind.side());
  }
}
