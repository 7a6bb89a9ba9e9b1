#pragma once
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <itera/sdk/plugin.hpp>

#include "line.hpp"

/// The answers of a JSONL file, by row key and trial. One line each:
///   {"key": text, "output": text, "trial"?: n}       one trial; without "trial" it is the first, 0
///   {"key": text, "outputs": [text, ...]}            trials 0, 1, ...
/// with "cost_usd"?: n, "latency_ms"?: n, "tokens"?: {"in": n, "out": n} for each trial of the line. A key
/// may stand in several lines as long as no trial does. Blank lines are skipped.
/// Only where each line stands is kept in memory, 24 bytes a line; the file stays open and must not change.
class Recording {
 public:
  /// Reads every line once. Throws itera::sdk::Invalid with path:line.
  explicit Recording(std::string path);

  /// Nothing if it was not recorded. Throws itera::sdk::Unavailable if the file is not as it was.
  std::optional<itera::sdk::Answer> find(std::string_view key, std::uint32_t trial) const;
  /// How many trials of a key were recorded.
  std::size_t trials(std::string_view key) const;

 private:
  // One line: which key (by hash), where, and which trials.
  struct Entry {
    std::uint64_t key;
    std::uint64_t place;   // 40 bits of offset, 24 of the line's hash
    std::uint32_t length;  // bytes
    std::uint32_t trials;  // with kList: how many from 0 on; without: which one
  };
  static constexpr std::uint32_t kList = 1U << 31U;
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void read();
  void add(std::string_view line, std::uint64_t offset);
  void refuse_twice();
  std::uint64_t line_of(std::uint64_t offset) const;
  RecordedLine line(Entry const& entry) const;
  template <class F>
  void each(std::string_view key, F&& visit) const;

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  mutable LineReader reader_;
  std::vector<Entry> entries_;  // sorted by key once all are read
};
