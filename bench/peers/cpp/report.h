// Lines of JSON, one for each point measured, build or engine left out.
#pragma once

#include <fstream>
#include <iostream>
#include <string>

namespace peers {

// An object under construction; keys in the order they are added.
class Json {
 public:
  Json& text(const std::string& key, const std::string& value) {
    std::string quoted = "\"";
    for (char c : value) {
      if (c == '"' || c == '\\') {
        quoted += '\\';
      }
      quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return raw(key, quoted + "\"");
  }

  Json& number(const std::string& key, double value, int digits) {
    char shown[64];
    std::snprintf(shown, sizeof shown, "%.*f", digits, value);
    return raw(key, shown);
  }

  Json& raw(const std::string& key, const std::string& value) {
    body_ += (body_.empty() ? "\"" : ",\"") + key + "\":" + value;
    return *this;
  }

  // Members that are already written out.
  Json& members(const std::string& written) {
    body_ += (body_.empty() ? "" : ",") + written;
    return *this;
  }

  const std::string& body() const { return body_; }

 private:
  std::string body_;
};

// Appends lines to a file, or prints them where its name is empty.
class Report {
 public:
  explicit Report(std::string file) : file_(std::move(file)) {}

  void write(const Json& line) const {
    if (file_.empty()) {
      std::cout << "{" << line.body() << "}" << std::endl;
      return;
    }
    std::ofstream out(file_, std::ios::app);
    out << "{" << line.body() << "}\n";
    if (!out.flush()) {
      std::cerr << "peers: cannot write " << file_ << std::endl;
    }
  }

  // Says on standard error and in the file that an engine, or one workload of it, is left out.
  void skip(const std::string& engine, const std::string& workload, const std::string& why) const {
    std::cerr << engine << (workload.empty() ? "" : " " + workload) << ": skipped, " << why << std::endl;
    Json line;
    line.text("engine", engine);
    if (!workload.empty()) {
      line.text("workload", workload);
    }
    write(line.text("skipped", why));
  }

 private:
  std::string file_;
};

}  // namespace peers
