#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/ports/caller.hpp"

namespace itera::host {

struct CallerOptions {
  /// Calls in flight, and processes in one pool.
  std::size_t capacity = 8;
  /// Polled at least every 100 ms while calls are in flight; may be empty.
  std::function<bool()> cancelled;
  /// Between SIGTERM and SIGKILL, and between the end of input and SIGKILL when a pool is closed.
  std::chrono::milliseconds grace{500};
  /// Bytes of standard output that one call may cause.
  std::size_t output_limit = std::size_t{64} << 20;
};

/// Makes calls by running programs, in one single-threaded poll() loop. Deadlines count from submit(). Every
/// program is the leader of a process group that is killed as a whole: at its deadline, when the program
/// itself has ended (what it left behind is not waited for), and in the destructor. All calls must come from
/// one thread, which must outlive this object: the kernel kills the programs when that thread ends.
class ProcessCaller {
 public:
  explicit ProcessCaller(CallerOptions options);
  ~ProcessCaller();
  ProcessCaller(ProcessCaller const&) = delete;
  ProcessCaller& operator=(ProcessCaller const&) = delete;

  std::size_t capacity() const;
  std::size_t in_flight() const;
  /// Precondition: in_flight() < capacity(). Starts at once. A program that does not start is a reply of
  /// wait(), as is every other trouble.
  void submit(std::uint64_t ticket, ports::ExecCall call);
  /// Blocks until at least one call ended, none is in flight or `at_most` is over; each ticket comes back
  /// exactly once. With a descriptor `beside` it also returns when that one can be read, and does not when
  /// only nothing is in flight.
  std::vector<std::pair<std::uint64_t, ports::ExecReply>> wait(
      std::optional<std::chrono::milliseconds> at_most = {}, int beside = -1);
  /// Ends the pools' processes. Calls of a pool that are still in flight come back as `cancelled`.
  void close_pools();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace itera::host
