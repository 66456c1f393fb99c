package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.util.Version;

/// Lucene's graph of vectors. Its files are kept for a later run.
final class LuceneEngine implements Engine {
  private final LuceneKind kind;
  private final LuceneIndex index = new LuceneIndex();

  LuceneEngine(LuceneKind kind) {
    this.kind = kind;
  }

  @Override
  public String version() {
    return Version.LATEST.toString();
  }

  @Override
  public String settings() {
    return "M="
        + LuceneKind.MAX_CONNECTIONS
        + " beam="
        + LuceneKind.BEAM
        + ", segments: "
        + index.segmentCount();
  }

  @Override
  public Optional<Path> kept(BuiltFolder folder) {
    return Optional.of(folder.of(kind.files() + "-" + version()));
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) throws IOException {
    index.open(
        set,
        folder,
        kept(folder).orElseThrow(),
        new LuceneFiles(kind.format(), kind.isOneSegment(), set),
        progress);
  }

  @Override
  public long bytesBeyondRaw() {
    return index.bytesBeyondRaw();
  }

  @Override
  public List<Setting> sweep(int k) {
    return Setting.timesK("k", k);
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    return index.search(
        ranges,
        k,
        (vector, filter) -> {
          Query nearest =
              new KnnFloatVectorQuery(
                  LuceneFiles.VECTOR, vector, setting.whole(), filter, kind.strategy());
          return kind.isRescored()
              ? RescoreTopNQuery.createFullPrecisionRescorerQuery(
                  nearest, vector, LuceneFiles.VECTOR, k)
              : nearest;
        });
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
