package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.vector.Metric;
import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;

/// Writes a data set as a Lucene index: a vector, its row number, and for each attribute a point
/// with a column for ranges and a term for equality.
final class LuceneFiles {
  static final String VECTOR = "vector";
  static final String ROW = "row";

  /// Holds every data set of ours at once, so that one segment is written without merges.
  private static final double ONE_SEGMENT_MIB = 2_000;

  private final KnnVectorsFormat format;
  private final boolean isOneSegment;
  private final DataSet set;

  /// @param format of the vectors
  /// @param isOneSegment whether all rows are written as one segment, or as the writer likes
  LuceneFiles(KnnVectorsFormat format, boolean isOneSegment, DataSet set) {
    this.format = format;
    this.isOneSegment = isOneSegment;
    this.set = set;
  }

  /// Name of the field with the terms of an attribute.
  static String termField(String attribute) {
    return attribute + "-term";
  }

  void write(Directory directory, Progress progress) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig();
    config.setCodec(
        new Lucene104Codec() {
          @Override
          public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return format;
          }
        });
    if (isOneSegment) {
      config.setRAMBufferSizeMB(ONE_SEGMENT_MIB);
      config.setRAMPerThreadHardLimitMB((int) ONE_SEGMENT_MIB);
    }
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int row = 0; row < set.rowCount(); row++) {
        writer.addDocument(document(row));
        progress.at((row + 1.0) / set.rowCount());
      }
      if (isOneSegment) {
        writer.forceMerge(1);
      }
      writer.commit();
    }
  }

  private Document document(int row) {
    Document document = new Document();
    document.add(new KnnFloatVectorField(VECTOR, set.rows().row(row), similarity()));
    document.add(new NumericDocValuesField(ROW, row));
    for (int attribute = 0; attribute < set.columns().length; attribute++) {
      String name = set.attributes().get(attribute);
      int value = set.columns()[attribute][row];
      document.add(new IntField(name, value, Field.Store.NO));
      document.add(new StringField(termField(name), String.valueOf(value), Field.Store.NO));
    }
    return document;
  }

  private VectorSimilarityFunction similarity() {
    // Rows of cosine sets have unit length.
    return set.metric() == Metric.COSINE
        ? VectorSimilarityFunction.DOT_PRODUCT
        : VectorSimilarityFunction.EUCLIDEAN;
  }
}
