// What the driver asks of an engine.
#pragma once

#include "recall.h"
#include "workload.h"

namespace peers {

struct Setting {
  std::string words;  // for the report
  size_t width;       // ef, lists visited
  bool inside;        // whether the filter is asked inside the walk, where there is a choice
};

// One engine over one data set; its constructor builds the index, or opens what an earlier run built.
class Engine {
 public:
  virtual ~Engine() = default;

  // The members of the report's build line.
  virtual std::string build_note() const = 0;

  // Settings to try: each sweep goes from fast to thorough.
  virtual std::vector<std::vector<Setting>> sweeps(const Workload& workload) const = 0;

  // All searches that follow use this setting; not while another thread searches.
  virtual void use(const Setting& setting) = 0;

  // Replaces `hits` by at most k ids. `allowed` is null without filter. Safe from two threads.
  virtual void search(const float* query, const Bitmap* allowed, size_t k, std::vector<int64_t>& hits) const = 0;
};

}  // namespace peers
