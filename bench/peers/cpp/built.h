// Indexes kept under a data set's `built` directory, so that a sweep can be repeated.
#pragma once

#include <filesystem>
#include <functional>

#include "measure.h"
#include "report.h"

namespace peers {

struct Built {
  std::string path;
  std::string note;  // members of the report's build line
};

// The path of an index and what it cost; `make` builds and writes it where it is not there. The note is
// written last, so an index without one is a build that was cut off: it is made anew.
inline Built built(const DataSet& data, const std::string& name, const std::string& version,
                   const std::string& settings, const std::function<void(const std::string&)>& make) {
  std::string home = data.file("built");
  std::filesystem::create_directories(home);
  std::string path = home + "/" + name + "-" + version + "-" + data.fingerprint();
  std::string note_file = path + ".json";
  std::string wanted = Json().text("version", version).text("settings", settings).body();
  if (std::filesystem::exists(path) && std::filesystem::exists(note_file)) {
    std::vector<char> content = bytes(note_file);
    std::string note(content.begin(), content.end());
    if (note.find(wanted) != std::string::npos) {
      return {path, note};
    }
  }
  std::filesystem::remove(note_file);
  double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
  make(path);
  cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  wall = seconds(CLOCK_MONOTONIC) - wall;
  double beyond = double(std::filesystem::file_size(path)) - double(data.base.values.size()) * sizeof(float);
  std::string note = Json()
                         .number("buildCpuSeconds", cpu, 3)
                         .number("buildWallSeconds", wall, 3)
                         .number("bytesBeyondRaw", beyond, 0)
                         .members(wanted)
                         .body();
  std::ofstream(note_file) << note;
  return {path, note};
}

}  // namespace peers
