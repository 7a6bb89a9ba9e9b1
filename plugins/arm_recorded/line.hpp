#pragma once
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <itera/sdk/plugin.hpp>

/// What is wrong with a line; the caller knows where it stands.
struct BadLine : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One line of a recording.
struct RecordedLine {
  std::string key;
  itera::sdk::Answer figures;  ///< cost, latency and tokens of each of its trials
  bool list = false;           ///< `outputs` of the trials 0, 1, ...; else one output of `trial`
  std::uint32_t trial = 0;
  std::vector<std::string> outputs;
};

/// Reads lines with the same buffers. Not thread-safe.
class LineReader {
 public:
  LineReader();
  ~LineReader();
  /// Throws BadLine.
  RecordedLine read(std::string_view text);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};
