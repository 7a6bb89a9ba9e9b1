#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
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
  std::optional<double> most_usd;  ///< that this call can cost; nothing: programs cost nothing
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

/// What the other side of an endpoint allows, as the plugin's settings say; 0 is no ceiling. Calls with the
/// same scheme, host and port share one; of different ceilings the lowest holds.
struct HttpLimits {
  std::uint32_t in_flight = 0;
  double requests_per_minute = 0;
  double tokens_per_minute = 0;
  friend bool operator==(HttpLimits const&, HttpLimits const&) = default;
};

/// One request. Header values may hold marks of secrets (see secrets.hpp), which only the caller resolves;
/// nothing else of a call may.
struct HttpCall {
  std::string method = "POST";
  std::string url;  ///< http or https, absolute, without user information
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::uint32_t timeout_ms = 120'000;  ///< of one attempt, from its first byte out to its last byte in
  std::uint32_t idle_ms = 60'000;      ///< the longest silence inside of an attempt
  /// JSON pointers into the data of server-sent events; the first event in which one of them leads to text
  /// that is not empty is the first token. Empty: the reply is not streamed.
  std::vector<std::string> first_token;
  HttpLimits limits;
  /// The most that one attempt can use and cost; 0 tokens: not known. Nothing: not bounded.
  std::uint64_t tokens_in = 0, tokens_out = 0;
  std::optional<double> most_usd;
  std::string ca_file;      ///< empty: the system's certificates
  std::uint32_t trial = 0;  ///< tells calls of the same content apart: each trial wants its own reply
  std::string asker;        ///< for people and recordings: "arm `new`, row `k7`"
  /// Asked before another attempt, with what the one before ended as (see HttpReply::retries); false: there
  /// is no money for it, and that end is the reply. Empty: always. Called on the caller's thread.
  std::function<bool(std::string_view ended)> may_try_again;
};

struct HttpReply {
  enum class Status {
    done,          ///< a whole response came, whatever its code
    network,       ///< no response: name, connection, TLS, or cut short; after all retries
    timed_out,     ///< of the last attempt
    too_large,     ///< the response was longer than the limit
    refused,       ///< not made: the URL, method or a header is not acceptable; `error` says why
    cancelled,     ///< the user asked to stop
    not_recorded,  ///< answers come from a recording, which does not hold this call; `error` says which
  };
  Status status = Status::network;
  int code = 0;                                              ///< HTTP status
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in small letters
  std::string body;                                          ///< streamed: all bytes of it, joined
  std::string error;                                         ///< why there is no response
  double latency_ms = 0;  ///< of the last attempt, without waiting for its turn; 0: not measured
  std::optional<double> first_token_ms;  ///< streamed: from the attempt's begin
  /// What earlier attempts ended as, in order: "429", "503", "network", "timed_out".
  std::vector<std::string> retries;
  bool replayed = false;  ///< from a recording or a cache: it has no latency and cost nothing now
};

/// The word that stands for a status in replies, records and recordings.
inline std::string_view word(HttpReply::Status status) {
  constexpr std::string_view words[] = {"done",    "network",   "timed_out",   "too_large",
                                        "refused", "cancelled", "not_recorded"};
  return words[static_cast<int>(status)];
}

/// Whether an attempt that ended so (a code as text, or the word of a status) may be billed although it gave
/// no answer: what the other side turned away is not.
inline bool may_be_billed(std::string_view ended) {
  if (ended == "refused" || ended == "not_recorded" || ended == "503" || ended == "529") return false;
  return !(ended.size() == 3 && ended.front() == '4' && ended != "408");
}

using Call = std::variant<ExecCall, HttpCall>;
using Reply = std::variant<ExecReply, HttpReply>;

inline double latency_ms(Reply const& reply) {
  return std::visit([](auto const& r) { return r.latency_ms; }, reply);
}

/// A recording of calls over HTTP.
struct Recorded {
  std::string digest;      ///< SHA-256 of the file
  std::string experiment;  ///< whose answers it holds
  std::string begun;       ///< UTC, "2026-04-12T09:30:00Z"
};

/// Makes the calls that plugins ask for: the one place with processes, connections, deadlines, retries and
/// rate limits. One event loop; used from one thread.
class Caller {
 public:
  virtual ~Caller() = default;
  /// Whether this call could be submitted now.
  virtual bool has_room(Call const& call) const = 0;
  /// Calls that were submitted and have not come back.
  virtual std::size_t in_flight() const = 0;
  /// How many calls of plugins may be under way or wait for their turn, whatever their kind: how far ahead
  /// work has to be prepared.
  virtual std::size_t most_in_flight() const = 0;
  /// Precondition: has_room(call).
  virtual void submit(std::uint64_t ticket, Call call) = 0;
  /// Blocks until at least one call ended, none is in flight or `at_most` is over (without it: as long as it
  /// takes); each ticket comes back exactly once.
  virtual std::vector<std::pair<std::uint64_t, Reply>> wait(
      std::optional<std::chrono::milliseconds> at_most = {}) = 0;
  /// Ends the pool's processes (closes their input, then the group is killed after a grace period).
  virtual void close_pools() = 0;
};

}  // namespace itera::ports
