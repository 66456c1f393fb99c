package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.lucene.document.IntField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;
import org.jspecify.annotations.Nullable;

/// Lucene's graph of vectors, on mapped files. Its files are kept for a later run.
///
/// The cache of filters is off: every run asks the same queries many times, and the cache would
/// answer all of them.
final class LuceneEngine implements Engine {
  private final LuceneKind kind;
  private @Nullable Opened opened;

  /// @param rowOf the row of each document
  /// @param bytes of all files
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Opened(
      DataSet set, MMapDirectory directory, DirectoryReader reader, int[] rowOf, long bytes) {}

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
        + ", "
        + opened().reader().leaves().size()
        + " segments";
  }

  @Override
  public Optional<Path> kept(BuiltFolder folder) {
    return Optional.of(folder.of(kind.files() + "-" + version()));
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) throws IOException {
    Path files = kept(folder).orElseThrow();
    MMapDirectory directory = new MMapDirectory(files);
    if (!DirectoryReader.indexExists(directory)) {
      new LuceneFiles(kind, set).write(directory, progress);
    }
    DirectoryReader reader = DirectoryReader.open(directory);
    opened =
        new Opened(set, directory, reader, rowOf(reader), BuiltFolder.bytes(folder.disk(), files));
  }

  private static int[] rowOf(DirectoryReader reader) throws IOException {
    int[] rowOf = new int[reader.maxDoc()];
    for (LeafReaderContext leaf : reader.leaves()) {
      NumericDocValues rows = leaf.reader().getNumericDocValues(LuceneFiles.ROW);
      while (rows.nextDoc() != NumericDocValues.NO_MORE_DOCS) {
        rowOf[leaf.docBase + rows.docID()] = (int) rows.longValue();
      }
    }
    return rowOf;
  }

  @Override
  public long bytesBeyondRaw() {
    return opened().bytes() - opened().set().rows().offset(opened().set().rowCount());
  }

  @Override
  public List<Setting> sweep(int k) {
    double[] efforts = {1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 120};
    for (int i = 0; i < efforts.length; i++) {
      efforts[i] *= k;
    }
    return Setting.each("k", efforts);
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    Opened index = opened();
    IndexSearcher searcher = new IndexSearcher(index.reader());
    searcher.setQueryCache(null);
    return query -> {
      float[] vector = index.set().queries()[query];
      Query nearest =
          new KnnFloatVectorQuery(
              LuceneFiles.VECTOR,
              vector,
              setting.whole(),
              filter(index.set(), ranges, query),
              kind.strategy());
      if (kind.isRescored()) {
        nearest =
            RescoreTopNQuery.createFullPrecisionRescorerQuery(
                nearest, vector, LuceneFiles.VECTOR, k);
      }
      ScoreDoc[] hits = searcher.search(nearest, k).scoreDocs;
      int[] rows = new int[hits.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = index.rowOf()[hits[i].doc];
      }
      return rows;
    };
  }

  private static @Nullable Query filter(DataSet set, Ranges ranges, int query) {
    List<Query> parts = new ArrayList<>();
    for (int attribute = 0; attribute < ranges.attributeCount(); attribute++) {
      if (!ranges.isFree(query, attribute)) {
        String name = set.attributes().get(attribute);
        int low = ranges.low(query, attribute);
        int high = ranges.high(query, attribute);
        parts.add(
            low == high
                ? new TermQuery(new Term(LuceneFiles.termField(name), String.valueOf(low)))
                : IntField.newRangeQuery(name, low, high));
      }
    }
    if (parts.size() < 2) {
      return parts.isEmpty() ? null : parts.getFirst();
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    parts.forEach(part -> all.add(part, BooleanClause.Occur.FILTER));
    return all.build();
  }

  private Opened opened() {
    return Objects.requireNonNull(opened, "not built");
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.reader().close();
      opened.directory().close();
    }
  }
}
