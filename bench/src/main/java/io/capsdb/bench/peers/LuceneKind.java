package io.capsdb.bench.peers;

import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.search.knn.KnnSearchStrategy;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/// The ways in which Lucene is run.
enum LuceneKind {
  /// Float rows, one segment, everything else as it comes: filtered searches walk the whole graph.
  FLOAT("lucene", "float", true),
  /// The same files; filtered searches walk matching rows only where less than 60 % match.
  FILTERED("lucene-filtered", "float", true),
  /// Float rows, the segments that a writer with default settings leaves.
  SEGMENTS("lucene-segments", "segments", false),
  /// Rows of 8 bits a value, the nearest scored again in full.
  INT8("lucene-int8", "int8", true),
  /// Rows of 1 bit a value, the nearest scored again in full.
  ONE_BIT("lucene-1bit", "1bit", true);

  static final int MAX_CONNECTIONS = 16;
  static final int BEAM = 100;
  private static final int FILTERED_THRESHOLD = 60;

  private final String engineName;
  private final String files;
  private final boolean isOneSegment;

  LuceneKind(String engineName, String files, boolean isOneSegment) {
    this.engineName = engineName;
    this.files = files;
    this.isOneSegment = isOneSegment;
  }

  String engineName() {
    return engineName;
  }

  /// Kinds with the same files share them.
  String files() {
    return "lucene-" + files;
  }

  boolean isOneSegment() {
    return isOneSegment;
  }

  /// Whether the nearest are scored again in full.
  boolean isRescored() {
    return this == INT8 || this == ONE_BIT;
  }

  KnnVectorsFormat format() {
    return switch (this) {
      case FLOAT, FILTERED, SEGMENTS -> new Lucene99HnswVectorsFormat(MAX_CONNECTIONS, BEAM);
      case INT8 ->
          new Lucene104HnswScalarQuantizedVectorsFormat(
              ScalarEncoding.UNSIGNED_BYTE, MAX_CONNECTIONS, BEAM);
      case ONE_BIT ->
          new Lucene104HnswScalarQuantizedVectorsFormat(
              ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE, MAX_CONNECTIONS, BEAM);
    };
  }

  KnnSearchStrategy strategy() {
    return this == FILTERED
        ? new KnnSearchStrategy.Hnsw(FILTERED_THRESHOLD)
        : KnnSearchStrategy.Hnsw.DEFAULT;
  }
}
