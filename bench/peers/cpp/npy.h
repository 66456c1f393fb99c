// NumPy's array format, as far as vectors come in it: two dimensions, C order, half or single precision.
#pragma once

#include <cstring>
#include <string>

#include "rows.h"

namespace peers {

inline float half_to_float(uint16_t half) {
  int exponent = (half >> 10) & 31;
  float fraction = float(half & 1023);
  float value = exponent == 0    ? std::ldexp(fraction, -24)
                : exponent == 31 ? (fraction == 0 ? std::numeric_limits<float>::infinity()
                                                  : std::numeric_limits<float>::quiet_NaN())
                                 : std::ldexp(fraction + 1024, exponent - 25);
  return half & 0x8000 ? -value : value;
}

inline Rows<float> npy_rows(const std::string& file) {
  std::vector<char> content = bytes(file);
  if (content.size() < 12 || std::memcmp(content.data(), "\x93NUMPY", 6) != 0) {
    throw std::runtime_error(file + " is not a .npy file");
  }
  // Version 1 has a header length of 2 bytes, later ones of 4.
  bool old = content[6] == 1;
  uint32_t length = 0;
  std::memcpy(&length, content.data() + 8, old ? 2 : 4);
  size_t start = old ? 10 : 12;
  if (content.size() < start + length) {
    throw std::runtime_error(file + " is cut off");
  }
  std::string header(content.data() + start, length);
  bool half = header.find("'<f2'") != std::string::npos;
  bool single = header.find("'<f4'") != std::string::npos;
  size_t shape = header.find("'shape': (");
  if ((!half && !single) || header.find("'fortran_order': False") == std::string::npos ||
      shape == std::string::npos) {
    throw std::runtime_error(file + " must hold '<f2' or '<f4' in C order, its header is " + header);
  }
  Rows<float> rows;
  if (std::sscanf(header.c_str() + shape, "'shape': (%zu, %zu)", &rows.count, &rows.width) != 2) {
    throw std::runtime_error(file + " must have two dimensions, its header is " + header);
  }
  const char* data = content.data() + start + length;
  rows.values.resize(rows.count * rows.width);
  if (content.size() != start + length + rows.values.size() * (half ? 2 : 4)) {
    throw std::runtime_error(file + " does not have the length that its header says");
  }
  if (single) {
    std::memcpy(rows.values.data(), data, rows.values.size() * 4);
    return rows;
  }
  for (size_t i = 0; i < rows.values.size(); i++) {
    uint16_t bits;
    std::memcpy(&bits, data + 2 * i, 2);
    rows.values[i] = half_to_float(bits);
  }
  return rows;
}

}  // namespace peers
