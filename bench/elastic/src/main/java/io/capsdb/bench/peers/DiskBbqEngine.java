package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.index.codec.vectors.diskbbq.IvfQueryConfigResolver;
import org.elasticsearch.index.codec.vectors.diskbbq.es95.ES950DiskBBQVectorsFormat;
import org.elasticsearch.search.vectors.IVFKnnFloatVectorQuery;

/// Elasticsearch's DiskBBQ: partitions of 1-bit codes in a Lucene index of one segment, with
/// default settings, the nearest scored again in full. Driven without its server, so without the
/// server's native kernels, and on the Lucene of this bench.
final class DiskBbqEngine implements Engine {
  private static final String VERSION = "9.5.3";

  private final int rescored;
  private final LuceneIndex index = new LuceneIndex();

  /// @param rescored rows that are scored again, as a multiple of k
  DiskBbqEngine(int rescored) {
    this.rescored = rescored;
    // What its server does first; without it the format finds no logger.
    LogConfigurator.configureESLogging();
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public String settings() {
    return "defaults, " + rescored + " k scored again";
  }

  @Override
  public Optional<Path> kept(BuiltFolder folder) {
    return Optional.of(folder.of("elastic-diskbbq-" + VERSION));
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) throws IOException {
    index.open(
        set,
        folder,
        kept(folder).orElseThrow(),
        new LuceneFiles(new ES950DiskBBQVectorsFormat(), true, set),
        progress);
  }

  @Override
  public long bytesBeyondRaw() {
    return index.bytesBeyondRaw();
  }

  /// Percent of the vectors that are visited.
  @Override
  public List<Setting> sweep(int k) {
    return Setting.each("visited%", 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7, 10, 15, 25, 50, 100);
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    IvfQueryConfigResolver resolver = IvfQueryConfigResolver.from(false, false, 1, 1, null);
    return index.search(
        ranges,
        k,
        (vector, filter) -> {
          Query nearest =
              new IVFKnnFloatVectorQuery(
                  LuceneFiles.VECTOR,
                  vector,
                  rescored * k,
                  rescored * k,
                  filter,
                  (float) (setting.effort() / 100),
                  resolver);
          return RescoreTopNQuery.createFullPrecisionRescorerQuery(
              nearest, vector, LuceneFiles.VECTOR, k);
        });
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
