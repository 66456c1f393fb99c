// Times one setting: warm-up, repetitions over all queries, the median repetition counts.
#pragma once

#include <time.h>

#include <thread>

#include "engine.h"

namespace peers {

// Figures of the median repetition; a latency is the wall time of one search.
struct Timing {
  double cpu_qps;   // queries per second of processor time, times the number of threads
  double wall_qps;
  double p50_micros;
  double p99_micros;
  size_t repetitions;
};

inline double seconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

struct Repetition {
  double cpu = 0;  // seconds, of all searching threads
  double wall = 0;
  std::vector<double> latencies;  // seconds, per query
};

// Each thread takes every other query where there are two.
inline Repetition repetition(
    const Engine& engine, const DataSet& data, const Workload& workload, size_t k, size_t threads, Hits& hits) {
  Repetition taken;
  taken.latencies.resize(data.queries.count);
  std::vector<double> cpu(threads);
  auto part = [&](size_t first) {
    double cpu_before = seconds(CLOCK_THREAD_CPUTIME_ID);
    double before = seconds(CLOCK_MONOTONIC);
    for (size_t query = first; query < data.queries.count; query += threads) {
      engine.search(data.queries.row(query), workload.allowed(query), k, hits[query]);
      double after = seconds(CLOCK_MONOTONIC);
      taken.latencies[query] = after - before;
      before = after;
    }
    cpu[first] = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu_before;
  };
  double started = seconds(CLOCK_MONOTONIC);
  std::vector<std::thread> others;
  for (size_t first = 1; first < threads; first++) {
    others.emplace_back(part, first);
  }
  part(0);
  for (std::thread& other : others) {
    other.join();
  }
  taken.wall = seconds(CLOCK_MONOTONIC) - started;
  for (double of_thread : cpu) {
    taken.cpu += of_thread;
  }
  return taken;
}

// Once for warm-up, then at least five repetitions; short ones more often, until they fill 0.2 s of processor time. The
// caller has run all queries once already.
inline Timing measure(
    const Engine& engine, const DataSet& data, const Workload& workload, size_t k, size_t threads) {
  Hits hits(data.queries.count);
  repetition(engine, data, workload, k, threads, hits);
  std::vector<Repetition> taken;
  double cpu = 0;
  while (taken.size() < 5 || (taken.size() < 25 && cpu < 0.2)) {
    taken.push_back(repetition(engine, data, workload, k, threads, hits));
    cpu += taken.back().cpu;
  }
  std::sort(taken.begin(), taken.end(), [](const auto& a, const auto& b) { return a.cpu < b.cpu; });
  Repetition& median = taken[taken.size() / 2];
  std::vector<double>& latencies = median.latencies;
  std::sort(latencies.begin(), latencies.end());
  double queries = double(latencies.size());
  auto percentile = [&](double share) { return latencies[size_t(share * (queries - 1))] * 1e6; };
  return {double(threads) * queries / median.cpu, queries / median.wall, percentile(0.5), percentile(0.99),
          taken.size()};
}

}  // namespace peers
