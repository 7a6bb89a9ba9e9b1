#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include <itera/sdk/plugin.hpp>

/// The answers of a JSONL file, by row key and trial. One line each:
///   {"key": text, "output": text, "trial"?: n}       one trial; without "trial" it is the first, 0
///   {"key": text, "outputs": [text, ...]}            trials 0, 1, ...
/// with "cost_usd"?: n, "latency_ms"?: n, "tokens"?: {"in": n, "out": n} for each trial of the line. A key
/// may stand in several lines as long as no trial does. Blank lines are skipped.
class Recording {
 public:
  /// Throws itera::sdk::Invalid with path:line.
  explicit Recording(std::string const& path);

  using Trials = std::map<std::uint32_t, itera::sdk::Answer>;
  /// Nothing if the key was not recorded.
  Trials const* find(std::string_view key) const;

 private:
  void add(std::string const& line);

  std::unordered_map<std::string, Trials> rows_;
};
