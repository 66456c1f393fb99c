// Measures hnswlib, faiss and an exact scan on a data set; bench/peers/README.md says how to read it. An engine that
// was not built, or that fails, becomes a skip line; the status is 0 then too.

#include <functional>
#include <memory>

#include "exact_bitmap.h"
#include "faiss_ivf_engine.h"
#include "hnswlib_engine.h"
#include "sweep.h"

namespace peers {

// Null where the library was not there when this driver was built.
using Open = std::function<std::unique_ptr<Engine>(const DataSet&, size_t k)>;

std::vector<std::pair<std::string, Open>> all_engines() {
  Open hnswlib, faiss_ivf;
#ifdef PEERS_HNSWLIB
  hnswlib = [](const DataSet& data, size_t k) { return std::make_unique<HnswlibEngine>(data, k); };
#endif
#ifdef PEERS_FAISS
  faiss_ivf = [](const DataSet& data, size_t) { return std::make_unique<FaissIvfEngine>(data); };
#endif
  Open exact = [](const DataSet& data, size_t) { return std::make_unique<ExactBitmap>(data); };
  return {{"hnswlib-cpp", hnswlib}, {"faiss-ivf-cpp", faiss_ivf}, {"exact-bitmap-cpp", exact}};
}

void run(const std::string& name, const Open& open, const DataSet& data, const Options& options, const Report& report) {
  if (!open) {
    report.skip(name, "", "not built: its header or library was not found");
    return;
  }
  std::unique_ptr<Engine> engine = open(data, options.k);
  report.write(Json().text("engine", name).raw("build", "true").text("dataset", data.name).members(
      engine->build_note()));
  for (const std::string& workload : options.workloads.empty() ? data.workload_names() : options.workloads) {
    try {
      sweep(name, *engine, data, read_workload(data, workload, options.k), options, report);
    } catch (const MissingFile& missing) {
      report.skip(name, workload, missing.what());
    }
  }
}

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

int main(int argc, char** argv) {
  Options options = parse(argc, argv);
  auto engines = all_engines();
  std::vector<std::string> known;
  for (const auto& [name, open] : engines) {
    known.push_back(name);
    if (options.list) {
      std::cout << name << "\n";
    }
  }
  if (options.list) {
    return 0;
  }
  for (const std::string& name : options.engines) {
    if (!contains(known, name)) {
      std::cerr << "peers: leaves " << name << " to other drivers" << std::endl;
    }
  }
  Report report(options.json);
  std::unique_ptr<DataSet> data;
  for (const auto& [name, open] : engines) {
    if (!options.engines.empty() && !contains(options.engines, name)) {
      continue;
    }
    try {
      if (data == nullptr) {
        data = std::make_unique<DataSet>(read_data_set(options.data, options.queries));
      }
      run(name, open, *data, options, report);
    } catch (const std::exception& failure) {
      report.skip(name, "", failure.what());
    }
  }
  return 0;
}

}  // namespace peers

int main(int argc, char** argv) { return peers::main(argc, argv); }
