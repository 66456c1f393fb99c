// A data set's directory, read into memory. The layout stands in bench/README.md.
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>

#include "npy.h"
#include "rows.h"

namespace peers {

struct DataSet {
  std::string directory;
  std::string name;
  bool cosine = false;  // rows and queries have length 1 then; else squared Euclidean
  Rows<float> base;
  Rows<float> queries;
  Rows<int32_t> attributes;

  std::string file(const std::string& of) const { return directory + "/" + of; }

  std::vector<std::string> workload_names() const {
    const std::string end = ".filters.ivecs";
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      std::string name = entry.path().filename().string();
      if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0) {
        found.push_back(name.substr(0, name.size() - end.size()));
      }
    }
    std::sort(found.begin(), found.end());
    found.insert(found.begin(), "none");
    return found;
  }

  // Tells an index built over other rows from one built over these (FNV-1a over a thousand rows).
  std::string fingerprint() const {
    uint64_t hash = 14695981039346656037ull;
    auto add = [&](const void* data, size_t length) {
      for (size_t i = 0; i < length; i++) {
        hash = (hash ^ static_cast<const unsigned char*>(data)[i]) * 1099511628211ull;
      }
    };
    add(&base.count, sizeof base.count);
    add(&cosine, sizeof cosine);
    for (size_t row = 0; row < base.count; row += std::max<size_t>(1, base.count / 1000)) {
      add(base.row(row), base.width * sizeof(float));
    }
    char text[17];
    std::snprintf(text, sizeof text, "%08x", unsigned(hash ^ (hash >> 32)));
    return text;
  }
};

inline std::map<std::string, std::string> properties(const std::string& file) {
  std::ifstream in(file);
  if (!in) {
    throw MissingFile(file);
  }
  auto trim = [](const std::string& text) {
    size_t first = text.find_first_not_of(" \t\r");
    size_t last = text.find_last_not_of(" \t\r");
    return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
  };
  std::map<std::string, std::string> found;
  for (std::string line; std::getline(in, line);) {
    size_t equal = line.find('=');
    if (equal != std::string::npos && line[0] != '#' && line[0] != '!') {
      found[trim(line.substr(0, equal))] = trim(line.substr(equal + 1));
    }
  }
  return found;
}

inline Rows<float> vectors(const std::string& stem) {
  return std::filesystem::exists(stem + ".npy") ? npy_rows(stem + ".npy") : equal_rows<float>(stem + ".fvecs");
}

// Reads at most `queries` of the queries; 0: all.
inline DataSet read_data_set(const std::string& directory, size_t queries) {
  auto found = properties(directory + "/dataset.properties");
  DataSet data;
  data.directory = directory;
  data.name = found.count("name") ? found["name"] : std::filesystem::path(directory).filename().string();
  data.cosine = found["metric"] == "cosine";
  if (!data.cosine && found["metric"] != "l2") {
    throw std::runtime_error("metric must be l2 or cosine, was '" + found["metric"] + "'");
  }
  data.base = vectors(data.file("base"));
  data.queries = vectors(data.file("queries"));
  if (queries > 0 && queries < data.queries.count) {
    data.queries.count = queries;
    data.queries.values.resize(queries * data.queries.width);
  }
  if (std::filesystem::exists(data.file("attributes.ivecs"))) {
    data.attributes = equal_rows<int32_t>(data.file("attributes.ivecs"));
  } else {
    data.attributes.count = data.base.count;
  }
  if (data.queries.width != data.base.width || data.attributes.count != data.base.count) {
    throw std::runtime_error("base, queries and attributes of " + directory + " do not fit together");
  }
  if (data.cosine) {
    normalize(data.base);
    normalize(data.queries);
  }
  return data;
}

}  // namespace peers
