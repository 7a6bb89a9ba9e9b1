#include "core/host/process_caller.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include <poll.h>

#include "core/host/spawn.hpp"
#include "core/host/worker.hpp"

namespace itera::host {
namespace {

using namespace std::chrono_literals;
using ports::ExecCall, ports::ExecReply;

constexpr auto kCancelPoll = 100ms;
constexpr auto kExitPoll = 20ms;  // only where the system has no pidfd

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

/// Keeps SIGPIPE from this thread while programs are written to, without a word to the rest of the process.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    timespec const at_once{0, 0};
    if (!was_pending_)
      while (::sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(NoSigpipe const&) = delete;
  NoSigpipe& operator=(NoSigpipe const&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

}  // namespace

class ProcessCaller::Loop {
 public:
  explicit Loop(CallerOptions options) : options_(std::move(options)) {}

  CallerOptions const& options() const { return options_; }

  std::size_t in_flight() const {
    auto const busy =
        std::count_if(workers_.begin(), workers_.end(), [](auto const& worker) { return worker->busy(); });
    return static_cast<std::size_t>(busy) + done_.size();
  }

  void submit(std::uint64_t ticket, ExecCall const& call) {
    NoSigpipe const quiet;
    if (cancelled()) {
      done_.emplace_back(ticket, ExecReply{ExecReply::Status::cancelled, 0, {}, {}, 0});
      return;
    }
    bool const lines = call.framing == ExecCall::Framing::lines;
    // A pool without a name is still a pool: the name must only tell it from a single call.
    auto const pool = lines ? "pool " + call.pool : std::string();
    auto* worker = lines ? idle_worker(pool) : nullptr;
    if (!worker) {
      auto spawned = spawn(call);
      if (!spawned) {
        done_.emplace_back(ticket,
                           ExecReply{ExecReply::Status::not_started, 0, {}, std::move(spawned.error()), 0});
        return;
      }
      worker = workers_.emplace_back(std::make_unique<Worker>(*spawned, pool, options_.output_limit)).get();
    }
    worker->begin(ticket, call, now());
  }

  std::vector<Ended> wait(std::optional<std::chrono::milliseconds> at_most, int beside) {
    NoSigpipe const quiet;
    auto const until = at_most ? std::optional(now() + *at_most) : std::nullopt;
    while (done_.empty() && (in_flight() > 0 || beside >= 0)) {
      if (cancelled()) stop_all(ExecReply::Status::cancelled);
      bool const moved = sleep(until, beside);
      look_at_all();
      if (moved || (until && now() >= *until)) break;
    }
    return std::exchange(done_, {});
  }

  void close_pools() {
    NoSigpipe const quiet;
    for (auto const& worker : workers_) {
      if (worker->pool().empty()) continue;
      if (worker->busy())
        worker->stop(ExecReply::Status::cancelled, now(), options_.grace);
      else
        worker->close_input();
    }
    auto const pooled = [&] {
      return std::any_of(workers_.begin(), workers_.end(),
                         [](auto const& worker) { return !worker->pool().empty(); });
    };
    auto const end = now() + options_.grace;
    for (look_at_all(); pooled() && now() < end; look_at_all()) sleep(end);
    for (auto& worker : workers_)
      if (!worker->pool().empty()) worker->stop(ExecReply::Status::cancelled, now(), 0ms);
    while (pooled()) {
      sleep(now() + kExitPoll);
      look_at_all();
    }
  }

 private:
  bool cancelled() const { return options_.cancelled && options_.cancelled(); }

  Worker* idle_worker(std::string const& pool) {
    for (auto const& worker : workers_) {
      if (worker->pool() != pool || !worker->idle()) continue;
      worker->look(now(), options_.grace, done_);  // one that died since its last reply must not get the call
      if (worker->idle()) return worker.get();
    }
    return nullptr;
  }

  void stop_all(ExecReply::Status why) {
    for (auto const& worker : workers_)
      if (worker->busy()) worker->stop(why, now(), options_.grace);
  }

  void look_at_all() {
    for (auto const& worker : workers_) worker->look(now(), options_.grace, done_);
    std::erase_if(workers_, [](auto const& worker) { return worker->gone(); });
  }

  // Until something moves, a deadline passes, or it is time to ask for cancellation again. True if `beside`
  // can be read.
  bool sleep(std::optional<SteadyTime> until, int beside = -1) {
    waiting_.clear();
    auto wake = options_.cancelled ? now() + kCancelPoll : now() + 1h;
    if (until) wake = std::min(wake, *until);
    for (auto const& worker : workers_) {
      worker->process().add_to(waiting_);
      if (worker->process().needs_polling()) wake = std::min(wake, now() + kExitPoll);
      if (auto const next = worker->next_look()) wake = std::min(wake, *next);
    }
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(wake - now()).count();
    if (beside >= 0) waiting_.push_back({beside, POLLIN, 0});
    auto const ready =
        ::poll(waiting_.data(), waiting_.size(), static_cast<int>(std::max<decltype(left)>(0, left)));
    return ready > 0 && beside >= 0 && waiting_.back().revents != 0;
  }

  CallerOptions options_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Ended> done_;
  std::vector<pollfd> waiting_;
};

ProcessCaller::ProcessCaller(CallerOptions options) : loop_(std::make_unique<Loop>(std::move(options))) {}
ProcessCaller::~ProcessCaller() = default;
std::size_t ProcessCaller::capacity() const {
  return loop_->options().capacity;
}
std::size_t ProcessCaller::in_flight() const {
  return loop_->in_flight();
}
void ProcessCaller::submit(std::uint64_t ticket, ExecCall call) {
  loop_->submit(ticket, call);
}
std::vector<std::pair<std::uint64_t, ExecReply>> ProcessCaller::wait(
    std::optional<std::chrono::milliseconds> at_most, int beside) {
  return loop_->wait(at_most, beside);
}
void ProcessCaller::close_pools() {
  loop_->close_pools();
}

}  // namespace itera::host
