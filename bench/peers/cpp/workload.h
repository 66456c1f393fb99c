// A workload: one filter for each query, the rows it lets through, and the exact distances.
#pragma once

#include "dataset.h"

namespace peers {

// One bit a row, lowest bit first; made before any clock starts.
struct Bitmap {
  std::vector<uint64_t> words;
  size_t set = 0;

  bool has(size_t row) const { return (words[row >> 6] >> (row & 63)) & 1; }
};

struct Workload {
  std::string name;
  std::vector<int32_t> filters;          // per query 2 x attributes: low and high, inclusive, -1: free
  std::vector<Bitmap> bitmaps;           // of the distinct filters; empty for the workload without filter
  std::vector<size_t> bitmap_of_query;   // which of them
  double selectivity = 1;                // share of the rows that match, mean over the queries
  std::vector<std::vector<float>> truth; // per query: distances of the exact k best matches, ascending

  // None where the workload has no filter.
  const Bitmap* allowed(size_t query) const {
    return bitmaps.empty() ? nullptr : &bitmaps[bitmap_of_query[query]];
  }
};

inline bool matches(const int32_t* attributes, const int32_t* bounds, size_t columns) {
  for (size_t column = 0; column < columns; column++) {
    int32_t low = bounds[2 * column];
    if (low >= 0 && (attributes[column] < low || attributes[column] > bounds[2 * column + 1])) {
      return false;
    }
  }
  return true;
}

inline Bitmap bitmap(const DataSet& data, const int32_t* bounds) {
  Bitmap made;
  made.words.resize((data.base.count + 63) / 64);
  for (size_t row = 0; row < data.base.count; row++) {
    if (matches(data.attributes.row(row), bounds, data.attributes.width)) {
      made.words[row >> 6] |= uint64_t(1) << (row & 63);
      made.set++;
    }
  }
  return made;
}

// Fails with MissingFile where the exact distances have not been computed.
inline Workload read_workload(const DataSet& data, const std::string& name, size_t k) {
  Workload workload;
  workload.name = name;
  std::string truth = data.file(name + ".truth-" + std::to_string(k) + ".fvecs");
  workload.truth = ragged_rows<float>(truth);
  size_t queries = data.queries.count;
  if (workload.truth.size() < queries) {
    throw MissingFile(std::to_string(queries) + " queries in " + truth);
  }
  workload.truth.resize(queries);
  if (name == "none") {
    return workload;
  }
  Rows<int32_t> filters = equal_rows<int32_t>(data.file(name + ".filters.ivecs"));
  if (filters.width != 2 * data.attributes.width || filters.count < queries) {
    throw std::runtime_error(name + ".filters.ivecs does not fit the queries and attributes");
  }
  workload.filters = filters.values;
  std::map<std::vector<int32_t>, size_t> distinct;
  double sum = 0;
  for (size_t query = 0; query < queries; query++) {
    const int32_t* bounds = filters.row(query);
    auto [place, isNew] = distinct.try_emplace({bounds, bounds + filters.width}, workload.bitmaps.size());
    if (isNew) {
      workload.bitmaps.push_back(bitmap(data, bounds));
    }
    workload.bitmap_of_query.push_back(place->second);
    sum += double(workload.bitmaps[place->second].set) / double(data.base.count);
  }
  workload.selectivity = sum / double(queries);
  return workload;
}

}  // namespace peers
