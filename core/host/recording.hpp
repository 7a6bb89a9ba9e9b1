#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/ports/caller.hpp"
#include "core/ports/secrets.hpp"

namespace itera::host {

/// Makes calls by another caller and keeps every exchange over HTTP in a file: a header, then a JSON line for
/// each reply (docs/internals/formats.md). Programs are not recorded. A request is there by the digest of its
/// body and the names of its headers; secrets are taken out of all else. A line is written before its reply
/// is handed out, and synced within 10 ms of work. Used from one thread.
class RecordingCaller final : public ports::Caller {
 public:
  /// A file that stands already is gone on with if it is of the same experiment; a line that was cut short is
  /// cut off. Errors: another experiment's, no recording, in use, not writable.
  static Result<std::unique_ptr<RecordingCaller>> open(std::filesystem::path const& file,
                                                       std::string const& experiment, std::string const& now,
                                                       ports::Secrets secrets, ports::Caller& inner);
  ~RecordingCaller() override;

  bool has_room(ports::Call const& call) const override { return inner_.has_room(call); }
  std::size_t in_flight() const override { return inner_.in_flight(); }
  std::size_t most_in_flight() const override { return inner_.most_in_flight(); }
  void submit(std::uint64_t ticket, ports::Call call) override;
  std::vector<std::pair<std::uint64_t, ports::Reply>> wait(
      std::optional<std::chrono::milliseconds> at_most = {}) override;
  void close_pools() override { inner_.close_pools(); }

  /// The first line that could not be written; replies are handed out all the same.
  Status const& trouble() const { return trouble_; }

 private:
  RecordingCaller(int fd, std::filesystem::path file, ports::Secrets secrets, ports::Caller& inner);
  void write(std::string_view lines);

  int fd_;
  std::filesystem::path file_;
  ports::Secrets secrets_;
  ports::Caller& inner_;
  std::unordered_map<std::uint64_t, std::string> open_;  // by ticket: the line's first half
  std::chrono::steady_clock::time_point synced_;
  Status trouble_;
};

/// Answers calls over HTTP out of a recording and has programs run by another caller. A call is known by its
/// method, URL, body and trial; of several alike each answers once, first those of the same asker, in the
/// order of the file; one that failed outside only if none is left that did not. A call that is not there is
/// answered with `not_recorded`. Replies have no latency. Used from one thread.
class ReplayingCaller final : public ports::Caller {
 public:
  /// Errors: no recording, not readable.
  static Result<std::unique_ptr<ReplayingCaller>> open(std::filesystem::path const& file,
                                                       ports::Caller& inner);

  ports::Recorded const& recorded() const { return recorded_; }

  bool has_room(ports::Call const& call) const override;
  std::size_t in_flight() const override { return inner_.in_flight() + done_.size(); }
  std::size_t most_in_flight() const override { return inner_.most_in_flight(); }
  void submit(std::uint64_t ticket, ports::Call call) override;
  std::vector<std::pair<std::uint64_t, ports::Reply>> wait(
      std::optional<std::chrono::milliseconds> at_most = {}) override;
  void close_pools() override { inner_.close_pools(); }

 private:
  struct Line {
    std::streamoff at = 0;
    std::size_t size = 0;
    std::size_t asker = 0;  // a hash of it
    bool failed = false;
    bool used = false;
  };
  ReplayingCaller(std::filesystem::path file, ports::Caller& inner);
  ports::HttpReply answer(ports::HttpCall const& call);

  std::filesystem::path name_;
  std::ifstream file_;
  ports::Caller& inner_;
  ports::Recorded recorded_;
  std::unordered_map<std::string, std::vector<Line>> lines_;  // by content
  std::vector<std::pair<std::uint64_t, ports::Reply>> done_;
};

}  // namespace itera::host
