package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A way to find the nearest rows under a filter: CapsDB or one of its peers.
///
/// [#build] comes first; then many searches, of which several threads may have one each.
interface Engine extends Closeable {
  /// Version of the library, or `ours`.
  String version();

  /// How it is built, in words, for example `M=16 beam=100`.
  String settings();

  /// Makes the index, with as many threads as the engine takes by default.
  void build(DataSet set, BuiltFolder folder, Progress progress) throws IOException;

  /// Where its files stay for a later run, if they do; then [#build] only opens them.
  default Optional<Path> kept(BuiltFolder folder) {
    return Optional.empty();
  }

  /// What it keeps beside four bytes for each value of each row.
  long bytesBeyondRaw() throws IOException;

  /// The settings to try, those that cost least first.
  ///
  /// @param k hits wanted
  List<Setting> sweep(int k);

  Search search(Ranges ranges, Setting setting, int k) throws IOException;

  @Override
  default void close() throws IOException {}
}
