package io.capsdb.embeddings.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// The samples of a data set, one after the other. Memory for one sample at a time. Not for more
/// than one thread.
public interface SampleSource extends Closeable {
  /// The next sample; empty at the end.
  ///
  /// @throws io.capsdb.formats.FormatException if the file is damaged or holds no such sample; the
  ///     message names the place
  Optional<Sample> next() throws IOException;

  /// Name of the file, for messages.
  String file();

  /// Number of samples, where it is known before the end.
  OptionalLong count();

  /// Share of the file that was read, 0 to 1.
  double progress();
}
