// Rows of equal or differing length, and the files that hold them.
#pragma once

#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace peers {

// A file that a run needs and that is not there.
struct MissingFile : std::runtime_error {
  explicit MissingFile(const std::string& file) : std::runtime_error("cannot read " + file) {}
};

template <typename T>
struct Rows {
  size_t count = 0;
  size_t width = 0;
  std::vector<T> values;  // row after row

  const T* row(size_t number) const { return values.data() + number * width; }
};

inline std::vector<char> bytes(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) {
    throw MissingFile(file);
  }
  std::vector<char> content(in.tellg());
  in.seekg(0);
  in.read(content.data(), content.size());
  if (!in && !content.empty()) {
    throw MissingFile(file);
  }
  return content;
}

// An .fvecs or .ivecs file: each row is its length as an int32, then so many values of 4 bytes.
template <typename T>
std::vector<std::vector<T>> ragged_rows(const std::string& file) {
  static_assert(sizeof(T) == 4);
  std::vector<char> content = bytes(file);
  std::vector<std::vector<T>> rows;
  for (size_t at = 0; at < content.size();) {
    int32_t length = -1;
    if (at + 4 <= content.size()) {
      std::copy_n(content.data() + at, 4, reinterpret_cast<char*>(&length));
    }
    if (length < 0 || at + 4 + 4 * size_t(length) > content.size()) {
      throw std::runtime_error(file + " is cut off or damaged at byte " + std::to_string(at));
    }
    std::vector<T> row(length);
    std::copy_n(content.data() + at + 4, 4 * size_t(length), reinterpret_cast<char*>(row.data()));
    rows.push_back(std::move(row));
    at += 4 + 4 * size_t(length);
  }
  return rows;
}

// The same where all rows have one length; read row by row, since such a file can be large.
template <typename T>
Rows<T> equal_rows(const std::string& file) {
  static_assert(sizeof(T) == 4);
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) {
    throw MissingFile(file);
  }
  size_t size = in.tellg();
  in.seekg(0);
  Rows<T> rows;
  int32_t width = 0;
  if (size == 0) {
    return rows;
  }
  in.read(reinterpret_cast<char*>(&width), 4);
  if (width < 0 || size % (4 + 4 * size_t(width)) != 0) {
    throw std::runtime_error(file + " does not hold rows of " + std::to_string(width) + " values");
  }
  rows.width = width;
  rows.count = size / (4 + 4 * size_t(width));
  rows.values.resize(rows.count * rows.width);
  in.seekg(0);
  for (size_t number = 0; number < rows.count; number++) {
    int32_t length = 0;
    in.read(reinterpret_cast<char*>(&length), 4);
    in.read(reinterpret_cast<char*>(rows.values.data() + number * rows.width), 4 * rows.width);
    if (!in || length != width) {
      throw std::runtime_error(file + " has another length in row " + std::to_string(number));
    }
  }
  return rows;
}

// Rows of length 1; a row of zeros stays.
inline void normalize(Rows<float>& rows) {
  for (size_t number = 0; number < rows.count; number++) {
    float* row = rows.values.data() + number * rows.width;
    double sum = 0;
    for (size_t i = 0; i < rows.width; i++) {
      sum += double(row[i]) * row[i];
    }
    for (size_t i = 0; sum > 0 && i < rows.width; i++) {
      row[i] = float(row[i] / std::sqrt(sum));
    }
  }
}

}  // namespace peers
