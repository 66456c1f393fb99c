// What the command line asks for; the same flags as the Python driver's.
#pragma once

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace peers {

struct Options {
  std::string data;
  std::vector<std::string> engines;    // empty: all
  std::vector<std::string> workloads;  // empty: all of the data set
  size_t queries = 0;                  // at most so many of the set's queries; 0: all
  size_t k = 10;
  size_t threads = 1;
  std::string json;  // file to append to; empty: standard output
  bool list = false;
};

inline std::vector<std::string> names(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream in(text);
  for (std::string name; std::getline(in, name, ',');) {
    if (!name.empty()) {
      found.push_back(name);
    }
  }
  return found;
}

[[noreturn]] inline void usage(const std::string& wrong) {
  std::cerr << "peers: " << wrong << "\n"
            << "usage: peers --data DIR [--engines a,b] [--workloads x,y] [--queries N] [--k 10]\n"
            << "             [--threads 1|2] [--json FILE]    or peers --list\n";
  std::exit(2);
}

inline size_t count(const std::string& flag, const std::string& text, size_t least, size_t most) {
  char* end = nullptr;
  unsigned long long value = std::strtoull(text.c_str(), &end, 10);
  if (text.empty() || text[0] == '-' || *end != '\0' || value < least || value > most) {
    usage(flag + " must be in " + std::to_string(least) + ".." + std::to_string(most) + ", was " + text);
  }
  return value;
}

// Ends the process with status 2 and a word on standard error where a flag is wrong.
inline Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i++) {
    std::string flag = argv[i];
    if (flag == "--list") {
      options.list = true;
      continue;
    }
    if (i + 1 == argc) {
      usage(flag + " needs a value or is not known");
    }
    std::string value = argv[++i];
    if (flag == "--data") {
      options.data = value;
    } else if (flag == "--engines") {
      options.engines = names(value);
    } else if (flag == "--workloads") {
      options.workloads = names(value);
    } else if (flag == "--queries") {
      options.queries = count(flag, value, 0, 1'000'000'000);
    } else if (flag == "--k") {
      options.k = count(flag, value, 1, 1'000'000);
    } else if (flag == "--threads") {
      options.threads = count(flag, value, 1, 2);
    } else if (flag == "--json") {
      options.json = value;
    } else {
      usage(flag + " is not known");
    }
  }
  if (options.data.empty() && !options.list) {
    usage("--data is missing");
  }
  return options;
}

}  // namespace peers
