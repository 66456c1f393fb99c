// Progress on standard error, with the time left.
#pragma once

#include <chrono>
#include <iostream>
#include <string>

namespace peers {

// Counts steps of about equal cost. Prints at most one line every few seconds.
class Progress {
 public:
  Progress(std::string what, size_t steps) : what_(std::move(what)), steps_(steps) {}

  // `done` steps are over; `now` says what follows.
  void at(size_t done, const std::string& now) {
    auto moment = Clock::now();
    if (moment - printed_ < std::chrono::seconds(5)) {
      return;
    }
    printed_ = moment;
    double spent = std::chrono::duration<double>(moment - started_).count();
    std::cerr << what_ << ": " << done << " of " << steps_;
    if (done > 0) {
      double left = spent * double(steps_ - done) / double(done);
      std::cerr << ", about " << long(left < 120 ? left : left / 60) << (left < 120 ? " s" : " min") << " left";
    }
    std::cerr << (now.empty() ? "" : ", now " + now) << std::endl;
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::string what_;
  size_t steps_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point printed_ = started_;
};

}  // namespace peers
