// faiss' inverted file over plain vectors, with an id selector over the bitmap.
#pragma once

#ifdef PEERS_FAISS

#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/impl/IDSelector.h>
#include <faiss/index_io.h>
#include <omp.h>

#include <memory>

#include "built.h"
#include "engine.h"
#include "progress.h"

namespace peers {

class FaissIvfEngine final : public Engine {
 public:
  explicit FaissIvfEngine(const DataSet& data) {
    omp_set_num_threads(1);
    lists_ = std::max<size_t>(1, size_t(4 * std::sqrt(double(data.base.count)) + 0.5));
    Built found = built(data, "faiss-ivf-cpp", PEERS_FAISS, "IVF" + std::to_string(lists_) + ",Flat",
                        [&](const std::string& path) { make(data, path); });
    note_ = found.note;
    index_.reset(dynamic_cast<faiss::IndexIVF*>(faiss::read_index(found.path.c_str())));
  }

  std::string build_note() const override { return note_; }

  std::vector<std::vector<Setting>> sweeps(const Workload&) const override {
    std::vector<Setting> settings;
    auto add = [&](size_t probes) { settings.push_back({"nprobe=" + std::to_string(probes), probes, true}); };
    for (size_t probes = 2; probes < lists_; probes *= 2) {
      add(probes);
      if (probes >= 8 && probes + probes / 2 < lists_) {
        add(probes + probes / 2);
      }
    }
    add(lists_);
    return {settings};
  }

  void use(const Setting& setting) override { probes_ = setting.width; }

  void search(const float* query, const Bitmap* allowed, size_t k, std::vector<int64_t>& hits) const override {
    faiss::SearchParametersIVF parameters;
    parameters.nprobe = probes_;
    std::unique_ptr<faiss::IDSelectorBitmap> selector;
    if (allowed != nullptr) {
      // Words are little-endian: as bytes they are the bitmap that faiss wants.
      selector = std::make_unique<faiss::IDSelectorBitmap>(
          8 * allowed->words.size(), reinterpret_cast<const uint8_t*>(allowed->words.data()));
      parameters.sel = selector.get();
    }
    thread_local std::vector<float> scores;
    scores.resize(k);
    hits.resize(k);
    index_->search(1, query, int64_t(k), scores.data(), hits.data(), &parameters);
  }

 private:
  void make(const DataSet& data, const std::string& path) {
    auto metric = data.cosine ? faiss::METRIC_INNER_PRODUCT : faiss::METRIC_L2;
    faiss::IndexFlat centroids(int64_t(data.base.width), metric);
    faiss::IndexIVFFlat index(&centroids, data.base.width, lists_, metric);
    std::cerr << "build faiss-ivf-cpp: training " << lists_ << " lists" << std::endl;
    index.train(int64_t(data.base.count), data.base.values.data());
    Progress progress("build faiss-ivf-cpp", data.base.count);
    constexpr size_t kPart = 10'000;
    for (size_t row = 0; row < data.base.count; row += kPart) {
      progress.at(row, "adding rows");
      index.add(int64_t(std::min(kPart, data.base.count - row)), data.base.row(row));
    }
    faiss::write_index(&index, path.c_str());
  }

  size_t lists_;
  size_t probes_ = 1;
  std::unique_ptr<faiss::IndexIVF> index_;
  std::string note_;
};

}  // namespace peers

#endif
