// The floor: all rows that a bitmap lets through are scored, the best k kept. What a careful user writes first.
#pragma once

#include "engine.h"

namespace peers {

class ExactBitmap final : public Engine {
 public:
  explicit ExactBitmap(const DataSet& data) : data_(data) {}

  std::string build_note() const override {
    return R"("buildCpuSeconds":0.0,"buildWallSeconds":0.0,"bytesBeyondRaw":0,"version":"","settings":"bitmaps made before")";
  }

  std::vector<std::vector<Setting>> sweeps(const Workload&) const override { return {{{"exact", 0, true}}}; }

  void use(const Setting&) override {}

  void search(const float* query, const Bitmap* allowed, size_t k, std::vector<int64_t>& hits) const override {
    Best best(k);
    if (allowed == nullptr) {
      for (size_t row = 0; row < data_.base.count; row++) {
        best.offer(score(query, data_.base.row(row)), row);
      }
    } else {
      for (size_t word = 0; word < allowed->words.size(); word++) {
        for (uint64_t left = allowed->words[word]; left != 0; left &= left - 1) {
          size_t row = 64 * word + __builtin_ctzll(left);
          best.offer(score(query, data_.base.row(row)), row);
        }
      }
    }
    best.ids(hits);
  }

 private:
  // The k smallest; the largest of them on top.
  class Best {
   public:
    explicit Best(size_t k) : k_(k) { heap_.reserve(k); }

    void offer(float score, size_t row) {
      if (heap_.size() == k_) {
        if (score >= heap_.front().first) {
          return;
        }
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
      }
      heap_.emplace_back(score, row);
      std::push_heap(heap_.begin(), heap_.end());
    }

    void ids(std::vector<int64_t>& hits) {
      std::sort_heap(heap_.begin(), heap_.end());
      hits.clear();
      for (const auto& [score, row] : heap_) {
        hits.push_back(int64_t(row));
      }
    }

   private:
    size_t k_;
    std::vector<std::pair<float, size_t>> heap_;
  };

  // Smaller is nearer. Independent sums, so that the compiler may use vectors without reordering one sum.
  float score(const float* a, const float* b) const {
    constexpr size_t kLanes = 32;
    float sums[kLanes] = {};
    size_t width = data_.base.width;
    size_t i = 0;
    if (data_.cosine) {
      for (; i + kLanes <= width; i += kLanes) {
        for (size_t lane = 0; lane < kLanes; lane++) {
          sums[lane] -= a[i + lane] * b[i + lane];
        }
      }
      for (; i < width; i++) {
        sums[0] -= a[i] * b[i];
      }
    } else {
      for (; i + kLanes <= width; i += kLanes) {
        for (size_t lane = 0; lane < kLanes; lane++) {
          float difference = a[i + lane] - b[i + lane];
          sums[lane] += difference * difference;
        }
      }
      for (; i < width; i++) {
        sums[0] += (a[i] - b[i]) * (a[i] - b[i]);
      }
    }
    float sum = 0;
    for (float lane : sums) {
      sum += lane;
    }
    return sum;
  }

  const DataSet& data_;
};

}  // namespace peers
