// hnswlib's graph. From version 0.7 on a filter can be asked inside the walk; before, and as a second sweep, more
// hits are fetched than wanted and filtered afterwards.
#pragma once

#ifdef PEERS_HNSWLIB

#include <hnswlib/hnswlib.h>

#include <memory>

#include "built.h"
#include "engine.h"
#include "progress.h"

namespace peers {

class HnswlibEngine final : public Engine {
 public:
  static constexpr size_t kLinks = 16;           // M
  static constexpr size_t kBuildWidth = 100;     // ef_construction
  static constexpr size_t kMaxWidth = 6400;      // fetching more than that for a filter is slower than a scan

  HnswlibEngine(const DataSet& data, size_t k) : k_(k) {
    // Rows of a cosine set have length 1, so that its distance is 1 - inner product.
    if (data.cosine) {
      space_ = std::make_unique<hnswlib::InnerProductSpace>(data.base.width);
    } else {
      space_ = std::make_unique<hnswlib::L2Space>(data.base.width);
    }
    Built found = built(data, "hnswlib", PEERS_HNSWLIB, "M=16 ef_construction=100",
                        [&](const std::string& path) { make(data, path); });
    note_ = found.note;
    graph_ = std::make_unique<hnswlib::HierarchicalNSW<float>>(space_.get(), found.path);
  }

  std::string build_note() const override { return note_; }

  std::vector<std::vector<Setting>> sweeps(const Workload& workload) const override {
    std::vector<Setting> inside, after;
    for (double exact = 10; exact <= kMaxWidth; exact *= 1.26) {
      size_t width = size_t(exact + 0.5);
      if (width >= k_) {
        inside.push_back({"filter=inside ef=" + std::to_string(width), width, true});
        after.push_back({"filter=after fetch=" + std::to_string(width), width, false});
      }
    }
    if (workload.bitmaps.empty()) {
      for (Setting& setting : inside) {
        setting.words = "ef=" + std::to_string(setting.width);
      }
      return {inside};
    }
    return kFiltersInside ? std::vector<std::vector<Setting>>{inside, after}
                          : std::vector<std::vector<Setting>>{after};
  }

  void use(const Setting& setting) override {
    setting_ = setting;
    graph_->setEf(setting.width);
  }

  void search(const float* query, const Bitmap* allowed, size_t k, std::vector<int64_t>& hits) const override {
    hits.clear();
    bool after = allowed != nullptr && !setting_.inside;
    auto found = find(query, after ? setting_.width : k, after ? nullptr : allowed);
    for (; !found.empty(); found.pop()) {  // farthest first
      size_t id = found.top().second;
      if (!after || allowed->has(id)) {
        hits.push_back(int64_t(id));
      }
    }
    if (hits.size() > k) {
      hits.erase(hits.begin(), hits.end() - k);
    }
  }

 private:
  using Found = std::priority_queue<std::pair<float, hnswlib::labeltype>>;

#ifdef PEERS_HNSWLIB_FILTER
  static constexpr bool kFiltersInside = true;

  struct Allowed final : hnswlib::BaseFilterFunctor {
    explicit Allowed(const Bitmap& bitmap) : bitmap(bitmap) {}
    bool operator()(hnswlib::labeltype id) override { return bitmap.has(id); }
    const Bitmap& bitmap;
  };

  Found find(const float* query, size_t count, const Bitmap* allowed) const {
    if (allowed == nullptr) {
      return graph_->searchKnn(query, count);
    }
    Allowed filter(*allowed);
    return graph_->searchKnn(query, count, &filter);
  }
#else
  static constexpr bool kFiltersInside = false;

  Found find(const float* query, size_t count, const Bitmap*) const { return graph_->searchKnn(query, count); }
#endif

  void make(const DataSet& data, const std::string& path) {
    hnswlib::HierarchicalNSW<float> graph(space_.get(), data.base.count, kLinks, kBuildWidth);
    Progress progress("build hnswlib", data.base.count);
    for (size_t row = 0; row < data.base.count; row++) {
      if (row % 1000 == 0) {
        progress.at(row, "adding rows");
      }
      graph.addPoint(data.base.row(row), row);
    }
    graph.saveIndex(path);
  }

  size_t k_;
  std::unique_ptr<hnswlib::SpaceInterface<float>> space_;
  std::unique_ptr<hnswlib::HierarchicalNSW<float>> graph_;
  std::string note_;
  Setting setting_;
};

}  // namespace peers

#endif
