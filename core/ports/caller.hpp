#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace itera::ports {

/// A program to run for a plugin.
struct ExecCall {
  enum class Framing {
    once,   ///< one process for this call: `input` on standard input, then end of file; the reply is all it
            ///< printed
    lines,  ///< a process that stays up in the pool `pool`: `input` is one JSON line with an "id"; the reply
            ///< is the first line of its output that is a JSON object with the same "id"; other lines are
            ///< noise
  };
  std::vector<std::string> argv;
  std::string input;
  std::string pool;  ///< framing `lines`: calls with the same pool share processes
  std::string id;    ///< framing `lines`: the "id" that the reply must carry
  Framing framing = Framing::once;
  std::uint32_t timeout_ms = 60'000;
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to the host's own
  std::filesystem::path folder;                                  ///< working directory
};

struct ExecReply {
  enum class Status {
    done,          ///< once: exited with `code`; lines: a reply line came
    signalled,     ///< ended by signal `code` (once), or with calls open (lines)
    ended,         ///< lines: the program exited with `code` before it replied
    timed_out,     ///< killed with its whole process group at the deadline
    output_limit,  ///< printed more than the limit for one call; killed
    not_started,   ///< no such program, not executable, no processes left: `error` says which
    cancelled,     ///< killed because the user asked to stop
  };
  Status status = Status::not_started;
  int code = 0;
  std::string output;  ///< once: standard output; lines: the reply line
  std::string error;   ///< the last 8 KiB of standard error (and of noise), or why it did not start
  double latency_ms = 0;
};

/// Makes the calls that plugins ask for: the one place with processes, deadlines and (later) retries. One
/// event loop; used from one thread.
class Caller {
 public:
  virtual ~Caller() = default;
  /// How many calls may be in flight.
  virtual std::size_t capacity() const = 0;
  virtual std::size_t in_flight() const = 0;
  /// Precondition: in_flight() < capacity().
  virtual void submit(std::uint64_t ticket, ExecCall call) = 0;
  /// Blocks until at least one call ended, none is in flight or `at_most` is over (without it: as long as it
  /// takes); each ticket comes back exactly once.
  virtual std::vector<std::pair<std::uint64_t, ExecReply>> wait(
      std::optional<std::chrono::milliseconds> at_most = {}) = 0;
  /// Ends the pool's processes (closes their input, then the group is killed after a grace period).
  virtual void close_pools() = 0;
};

}  // namespace itera::ports
