package io.capsdb.caps.code;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A query beside codes of a byte a value. It is coded for each partition anew, by its steps.
final class ByteQuery implements CodedQuery {
  private final ByteRows rows;
  private final ByteRows centroids;
  private final float[] query;
  private final float confidence;
  private final int[] words;
  private final float[] beyond = new float[CodeLayout.GROUP];

  ByteQuery(ByteRows rows, ByteRows centroids, float[] query, float confidence) {
    this.rows = rows;
    this.centroids = centroids;
    this.query = Arrays.copyOf(query, ByteLayout.padded(rows.dimension()));
    this.confidence = confidence;
    this.words = new int[ByteLayout.words(rows.dimension())];
  }

  @Override
  public boolean isUsable() {
    return centroids.isParted(0);
  }

  @Override
  public void scan(
      int partition,
      float centroidDistance,
      float limit,
      long @Nullable [] mask,
      Candidates candidates) {
    rows.scan(query, words, beyond, partition, confidence, limit, mask, candidates);
  }

  @Override
  public void estimateCentroids(Candidates candidates) {
    centroids.scan(query, words, beyond, 0, 0, Float.POSITIVE_INFINITY, null, candidates);
  }

  @Override
  public ListScan list(float[] centroidDistances) {
    throw new IllegalStateException("there are no code records");
  }
}
