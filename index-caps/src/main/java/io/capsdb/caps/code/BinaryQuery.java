package io.capsdb.caps.code;

import org.jspecify.annotations.Nullable;

/// A query in four bit planes beside codes of signs.
record BinaryQuery(BinaryCodes codes, QueryCode code, float confidence) implements CodedQuery {
  @Override
  public boolean isUsable() {
    return code.isUsable();
  }

  @Override
  public void scan(
      int partition,
      float centroidDistance,
      float limit,
      long @Nullable [] mask,
      Candidates candidates) {
    codes.scan(code, partition, centroidDistance, confidence, limit, mask, candidates);
  }

  @Override
  public void estimateCentroids(Candidates candidates) {
    codes.centroids().estimate(code, candidates);
  }

  @Override
  public ListScan list(float[] centroidDistances) {
    return codes.listScan(code, centroidDistances, confidence);
  }
}
