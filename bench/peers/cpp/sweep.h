// Runs an engine through its settings and says when further ones are not worth their time.
#pragma once

#include "measure.h"
#include "options.h"
#include "progress.h"
#include "report.h"

namespace peers {

constexpr double kEnoughRecall = 0.995;  // the highest target of the report is 0.99
constexpr double kLeastRecall = 0.8;     // below, a point is timed only where its sweep gets no further
constexpr double kLeastGain = 0.001;     // of recall, over the last two settings
constexpr double kMaxPointSeconds = 60;  // a point that takes longer ends its sweep

// Measures one setting and writes its line.
inline void point(const std::string& name, const Engine& engine, const DataSet& data, const Workload& workload,
                  const Setting& setting, double reached, const Options& options, const Report& report) {
  Timing timing = measure(engine, data, workload, options.k, options.threads);
  report.write(Json()
                   .text("engine", name)
                   .text("dataset", data.name)
                   .text("workload", workload.name)
                   .number("selectivity", workload.selectivity, 6)
                   .text("setting", setting.words)
                   .number("recall", reached, 5)
                   .number("cpuQps", timing.cpu_qps, 1)
                   .number("wallQps", timing.wall_qps, 1)
                   .number("p50Micros", timing.p50_micros, 2)
                   .number("p99Micros", timing.p99_micros, 2)
                   .number("k", double(options.k), 0)
                   .number("threads", double(options.threads), 0)
                   .number("queries", double(data.queries.count), 0)
                   .number("repetitions", double(timing.repetitions), 0));
}

// Writes a line for each point.
inline void sweep(const std::string& name, Engine& engine, const DataSet& data, const Workload& workload,
                  const Options& options, const Report& report) {
  std::vector<std::vector<Setting>> sweeps = engine.sweeps(workload);
  size_t steps = 0;
  for (const auto& settings : sweeps) {
    steps += settings.size();
  }
  Progress progress(name + " " + workload.name, steps);
  size_t done = 0;
  for (const auto& settings : sweeps) {
    std::vector<double> recalls;
    for (const Setting& setting : settings) {
      progress.at(done + recalls.size(), setting.words);
      double started = seconds(CLOCK_MONOTONIC);
      engine.use(setting);
      Hits hits(data.queries.count);
      repetition(engine, data, workload, options.k, options.threads, hits);
      recalls.push_back(recall(data, workload, hits));
      size_t count = recalls.size();
      bool flat = count > 3 && recalls[count - 1] > 0.5 && recalls[count - 1] - recalls[count - 3] < kLeastGain;
      bool last = recalls.back() >= kEnoughRecall || flat || count == settings.size();
      if (last || recalls.back() >= kLeastRecall) {
        point(name, engine, data, workload, setting, recalls.back(), options, report);
      }
      if (last || seconds(CLOCK_MONOTONIC) - started > kMaxPointSeconds) {
        break;
      }
    }
    done += settings.size();
  }
}

}  // namespace peers
