package io.capsdb.caps.code;

import io.capsdb.index.TopK;

/// By the estimates of distances.
record EstimateRanking(CodedQuery code, Candidates candidates) implements RowRanking {
  @Override
  public void offer(int partition, float centroidDistance, long[] mask, TopK top) {
    code.scan(partition, centroidDistance, Float.POSITIVE_INFINITY, mask, candidates);
    for (int i = 0; i < candidates.count(); i++) {
      top.offer(candidates.bounds()[i], candidates.rows()[i]);
    }
    candidates.clear();
  }
}
