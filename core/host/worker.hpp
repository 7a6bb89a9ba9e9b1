#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/host/process.hpp"
#include "core/ports/caller.hpp"

namespace itera::host {

using SteadyTime = std::chrono::steady_clock::time_point;
using Ended = std::pair<std::uint64_t, ports::ExecReply>;

/// One process and the call that it works on, if any. Knows the framing and what a death means; the loop that
/// owns it knows when to look.
class Worker {
 public:
  Worker(Spawned spawned, std::string pool, std::size_t output_limit)
      : process_(spawned), pool_(std::move(pool)), output_limit_(output_limit) {}

  /// Precondition: idle().
  void begin(std::uint64_t ticket, ports::ExecCall const& call, SteadyTime now);
  /// Moves bytes and finds out what happened. A finished call is put into `done`.
  void look(SteadyTime now, std::chrono::milliseconds grace, std::vector<Ended>& done);
  /// Ends the process: SIGTERM to its group now, SIGKILL after `grace`. The call, if any, ends as `why`.
  void stop(ports::ExecReply::Status why, SteadyTime now, std::chrono::milliseconds grace);
  void close_input() { process_.close_input(); }

  bool idle() const { return !call_ && !gone_ && !stopping_ && !process_.output_closed(); }
  bool busy() const { return call_.has_value(); }
  bool gone() const { return gone_; }  ///< reaped; the worker can be dropped
  std::string const& pool() const { return pool_; }
  Process const& process() const { return process_; }
  /// When look() has to be called even if nothing moves.
  std::optional<SteadyTime> next_look() const;

 private:
  struct Call {
    std::uint64_t ticket = 0;
    ports::ExecCall::Framing framing = ports::ExecCall::Framing::once;
    std::string id;
    SteadyTime begun;
    SteadyTime deadline;
    std::size_t bytes = 0;
  };
  using Status = ports::ExecReply::Status;

  void heed_silence(SteadyTime now, std::chrono::milliseconds grace);
  void take_lines(SteadyTime now, std::vector<Ended>& done);
  bool take_line(std::string_view line, SteadyTime now, std::vector<Ended>& done);
  void finish(Status status, int code, std::string output, SteadyTime now, std::vector<Ended>& done);
  void bury(Exit exit, SteadyTime now, std::vector<Ended>& done);
  bool is_pooled() const { return !pool_.empty(); }

  Process process_;
  std::string pool_;
  std::size_t output_limit_;
  std::optional<Call> call_;
  std::string buffer_;      ///< once: all output; lines: the line that is not complete yet
  std::size_t looked_ = 0;  ///< lines: so much of it has no end of line
  Tail tail_;
  std::optional<Status> stopping_;
  SteadyTime kill_at_{};
  std::optional<SteadyTime> mute_until_;  ///< lines: an exit is awaited since the output was closed
  bool killed_ = false;
  bool gone_ = false;
};

}  // namespace itera::host
