package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.document.IntField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.MMapDirectory;
import org.jspecify.annotations.Nullable;

/// A Lucene index of a data set on mapped files, and searches in it with any query for vectors.
///
/// The cache of filters is off: every run asks the same queries many times, and the cache would
/// answer all of them.
final class LuceneIndex implements Closeable {
  private @Nullable Opened opened;

  /// @param rowOf the row of each document
  /// @param bytes of all files
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Opened(
      DataSet set, MMapDirectory directory, DirectoryReader reader, int[] rowOf, long bytes) {}

  /// Makes the query for the nearest vectors that satisfy a filter, if there is one.
  @FunctionalInterface
  interface VectorQuery {
    Query of(float[] vector, @Nullable Query filter);
  }

  /// Opens the index in a folder, and writes it first where there is none.
  void open(DataSet set, BuiltFolder folder, Path path, LuceneFiles files, Progress progress)
      throws IOException {
    MMapDirectory directory = new MMapDirectory(path);
    if (!DirectoryReader.indexExists(directory)) {
      files.write(directory, progress);
    }
    DirectoryReader reader = DirectoryReader.open(directory);
    opened =
        new Opened(set, directory, reader, rowOf(reader), BuiltFolder.bytes(folder.disk(), path));
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

  int segmentCount() {
    return opened().reader().leaves().size();
  }

  long bytesBeyondRaw() {
    return opened().bytes() - opened().set().rows().offset(opened().set().rowCount());
  }

  Search search(Ranges ranges, int k, VectorQuery nearest) {
    Opened index = opened();
    IndexSearcher searcher = new IndexSearcher(index.reader());
    searcher.setQueryCache(null);
    return query -> {
      Query wanted = nearest.of(index.set().queries()[query], filter(index.set(), ranges, query));
      ScoreDoc[] hits = searcher.search(wanted, k).scoreDocs;
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
