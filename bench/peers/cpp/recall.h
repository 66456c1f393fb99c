// Recall by distance: a hit counts if it is as near as the last of the exact hits.
#pragma once

#include <set>

#include "workload.h"

namespace peers {

using Hits = std::vector<std::vector<int64_t>>;  // per query the ids, nearest first or in any order

// Squared Euclidean, or 1 - cosine, in double precision.
inline double distance(const DataSet& data, const float* a, const float* b) {
  double dot = 0, squares = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < data.base.width; i++) {
    double difference = double(a[i]) - b[i];
    squares += difference * difference;
    dot += double(a[i]) * b[i];
    aa += double(a[i]) * a[i];
    bb += double(b[i]) * b[i];
  }
  if (!data.cosine) {
    return squares;
  }
  return aa > 0 && bb > 0 ? 1 - dot / std::sqrt(aa * bb) : 1;
}

// Mean over the queries that have a match. Hits that break the filter, and repeated ones, count as misses.
inline double recall(const DataSet& data, const Workload& workload, const Hits& hits) {
  double sum = 0;
  size_t counted = 0;
  for (size_t query = 0; query < data.queries.count; query++) {
    const std::vector<float>& truth = workload.truth[query];
    if (truth.empty()) {
      continue;
    }
    double bound = double(truth.back()) * (1 + 1e-5) + 1e-6;
    size_t near = 0;
    for (int64_t id : std::set<int64_t>(hits[query].begin(), hits[query].end())) {
      const Bitmap* allowed = workload.allowed(query);
      near += id >= 0 && (allowed == nullptr || allowed->has(id)) &&
              distance(data, data.queries.row(query), data.base.row(id)) <= bound;
    }
    sum += double(std::min(near, truth.size())) / double(truth.size());
    counted++;
  }
  return counted == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / double(counted);
}

}  // namespace peers
