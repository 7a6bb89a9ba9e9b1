#include "core/http/part.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/hash.hpp"
#include "core/http/multi.hpp"
#include "core/http/pace.hpp"
#include "core/http/quiet_pipe.hpp"
#include "core/http/request.hpp"
#include "core/http/retry.hpp"
#include "core/http/transfer.hpp"

namespace itera::http {
namespace {

using ports::HttpCall, ports::HttpOptions, ports::HttpReply;
using Status = HttpReply::Status;

/// Connections that are handled together (see Multi).
constexpr std::size_t kTogether = 64;
/// A quota that is used up for longer than this stops all that wait for the endpoint, not one call alone.
constexpr Millis kPauseAll{2'000};
/// Descriptors for what is not a call: files, programs, plugins.
constexpr std::size_t kOtherDescriptors = 256;
/// Looks at the sockets in one work(), so that whoever waits for what has ended gets it.
constexpr int kLooks = 16;

struct Endpoint;

/// A call from submit() to its reply.
struct Job {
  std::uint64_t ticket = 0;
  HttpCall call;
  Target target;
  Endpoint* endpoint = nullptr;
  double tokens = 0;
  std::uint32_t ended = 0;  // attempts
  Millis waited{0};
  std::vector<std::string> retries;
};

struct Endpoint {
  explicit Endpoint(Time now) : pace(now) {}
  Pace pace;
  std::deque<std::unique_ptr<Job>> fresh;
  std::multimap<Time, std::unique_ptr<Job>> again;  // by when their wait is over

  bool waits() const { return !fresh.empty() || !again.empty(); }
  /// The job whose turn is next, and when it is: a retry goes before what has not been tried.
  std::pair<Job const*, Time> first(Time now) const {
    if (!again.empty() && (again.begin()->first <= now || fresh.empty()))
      return {again.begin()->second.get(), again.begin()->first};
    return {fresh.front().get(), now};
  }
  std::unique_ptr<Job> take_first(Time now) {
    std::unique_ptr<Job> job;
    if (!again.empty() && again.begin()->first <= now) {
      job = std::move(again.begin()->second);
      again.erase(again.begin());
    } else {
      job = std::move(fresh.front());
      fresh.pop_front();
    }
    return job;
  }
};

/// An attempt under way.
struct Attempt {
  Transfer transfer;
  std::unique_ptr<Job> job;
  std::size_t multi = 0;
  std::size_t place = 0;  // in Part::under_way_
};

std::size_t most_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return Pace::kMostInFlight;
  auto const all = static_cast<std::size_t>(limit.rlim_cur);
  return std::min<std::size_t>(Pace::kMostInFlight, all > 2 * kOtherDescriptors
                                                        ? all - kOtherDescriptors
                                                        : std::max<std::size_t>(1, all / 2));
}

std::string name_of_end(HttpReply const& reply) {
  if (reply.status == Status::done) return std::to_string(reply.code);
  return reply.status == Status::timed_out ? "timed_out" : "network";
}

class Part final : public ports::HttpPart {
 public:
  explicit Part(HttpOptions options)
      : options_(std::move(options)), epoll_(::epoll_create1(EPOLL_CLOEXEC)), most_(most_connections()) {}
  ~Part() override {
    for (auto const& attempt : under_way_) multis_[attempt->multi]->remove(attempt->transfer.handle());
    under_way_.clear();
    idle_.clear();
    multis_.clear();
    ::close(epoll_);
  }

  int descriptor() const override { return epoll_; }
  std::size_t in_flight() const override { return jobs_ + ended_.size(); }
  std::optional<Time> next() const override;
  void submit(std::uint64_t ticket, HttpCall call) override;
  void work(std::vector<Ended>& done) override;
  void cancel_all() override;

 private:
  void start_what_may(Time now);
  void start(std::unique_ptr<Job> job, Time now);
  bool look_at_sockets();
  void collect(Multi& multi);
  void look_for_silence(Time now);
  void end(Attempt& attempt, std::optional<CURLcode> result);
  std::unique_ptr<Attempt> idle_attempt();
  std::unique_ptr<Attempt> take_out(Attempt& attempt);
  void reply(Job& job, HttpReply reply);
  std::optional<Millis> wait_for_another_try(Job const& job, bool may_pass, HttpReply const& got,
                                             std::optional<Millis> asked) const;

  HttpOptions options_;
  int epoll_;
  std::size_t most_;
  std::unordered_map<std::string, std::unique_ptr<Endpoint>> endpoints_;
  std::vector<std::unique_ptr<Multi>> multis_;
  std::vector<std::unique_ptr<Attempt>> under_way_;
  std::vector<std::unique_ptr<Attempt>> idle_;  // their handles are used again
  std::optional<Time> silence_;                 // no silence is too long before this
  std::size_t jobs_ = 0;                        // not in ended_
  std::vector<Ended> ended_;
};

std::optional<Time> Part::next() const {
  auto const now = std::chrono::steady_clock::now();
  if (!ended_.empty()) return now;
  auto out = silence_;
  auto const sooner = [&](Time time) { out = out ? std::min(*out, time) : time; };
  for (auto const& multi : multis_)
    if (auto const due = multi->due()) sooner(*due);
  if (under_way_.size() >= most_) return out;
  for (auto const& [name, endpoint] : endpoints_) {
    if (!endpoint->waits()) continue;
    auto const [job, turn] = endpoint->first(now);
    if (auto const ready = endpoint->pace.ready(job->tokens)) sooner(std::max(turn, *ready));
  }
  return out;
}

void Part::submit(std::uint64_t ticket, HttpCall call) {
  auto target = target_of(call);
  if (!target) {
    HttpReply refused;
    refused.status = Status::refused;
    refused.error = std::move(target.error());
    ended_.emplace_back(ticket, std::move(refused));
    return;
  }
  auto const now = std::chrono::steady_clock::now();
  auto& endpoint = endpoints_[target->endpoint];
  if (!endpoint) endpoint = std::make_unique<Endpoint>(now);
  endpoint->pace.lower_ceilings(call.limits, now);
  auto job = std::make_unique<Job>();
  job->ticket = ticket;
  job->tokens = static_cast<double>(call.tokens_in) + static_cast<double>(call.tokens_out);
  job->call = std::move(call);
  job->target = std::move(*target);
  job->endpoint = endpoint.get();
  endpoint->fresh.push_back(std::move(job));
  ++jobs_;
}

void Part::work(std::vector<Ended>& done) {
  QuietPipe const quiet;
  for (int look = 0; look < kLooks; ++look) {
    start_what_may(std::chrono::steady_clock::now());
    bool moved = look_at_sockets();
    auto const now = std::chrono::steady_clock::now();
    for (auto const& multi : multis_) {
      if (!multi->due() || *multi->due() > now) continue;
      multi->on_time();
      collect(*multi);
      moved = true;
    }
    if (!moved) break;
  }
  look_for_silence(std::chrono::steady_clock::now());
  std::move(ended_.begin(), ended_.end(), std::back_inserter(done));
  ended_.clear();
}

void Part::start_what_may(Time now) {
  for (auto const& [name, endpoint] : endpoints_) {
    while (endpoint->waits() && under_way_.size() < most_) {
      auto const [job, turn] = endpoint->first(now);
      auto const ready = endpoint->pace.ready(job->tokens);
      if (turn > now || !ready || *ready > now) break;
      start(endpoint->take_first(now), now);
    }
  }
}

void Part::start(std::unique_ptr<Job> job, Time now) {
  auto lines = header_lines(job->call, options_.secrets);
  if (!lines) {
    HttpReply refused;
    refused.status = Status::refused;
    refused.error = std::move(lines.error());
    reply(*job, std::move(refused));
    return;
  }
  auto attempt = idle_attempt();
  job->endpoint->pace.started(job->tokens, now);
  attempt->job = std::move(job);
  auto& call = attempt->job->call;
  attempt->transfer.begin(call, attempt->job->target, std::move(*lines), options_, now);
  auto const roomy = std::find_if(multis_.begin(), multis_.end(),
                                  [](auto const& multi) { return multi->size() < kTogether; });
  attempt->multi = static_cast<std::size_t>(roomy - multis_.begin());
  if (roomy == multis_.end())
    multis_.push_back(std::make_unique<Multi>(epoll_, static_cast<std::uint32_t>(multis_.size())));
  multis_[attempt->multi]->add(attempt->transfer.handle());
  auto const silent = attempt->transfer.silent_until();
  silence_ = silence_ ? std::min(*silence_, silent) : silent;
  attempt->place = under_way_.size();
  under_way_.push_back(std::move(attempt));
}

std::unique_ptr<Attempt> Part::idle_attempt() {
  if (!idle_.empty()) {
    auto attempt = std::move(idle_.back());
    idle_.pop_back();
    return attempt;
  }
  auto attempt = std::make_unique<Attempt>();
  curl_easy_setopt(attempt->transfer.handle(), CURLOPT_PRIVATE, attempt.get());
  return attempt;
}

bool Part::look_at_sockets() {
  std::array<epoll_event, 256> events;
  auto const count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    auto const& event = events[static_cast<std::size_t>(i)];
    auto& multi = *multis_[event.data.u64 >> 32];
    multi.on_socket(static_cast<int>(event.data.u64 & 0xffff'ffffU), event.events);
    collect(multi);
  }
  return count > 0;
}

void Part::collect(Multi& multi) {
  while (auto const ended = multi.next_ended()) {
    char* attempt = nullptr;
    curl_easy_getinfo(ended->first, CURLINFO_PRIVATE, &attempt);
    end(*reinterpret_cast<Attempt*>(attempt), ended->second);
  }
}

void Part::look_for_silence(Time now) {
  if (!silence_ || *silence_ > now) return;
  silence_.reset();
  std::vector<Attempt*> silent;
  for (auto const& attempt : under_way_) {
    auto const until = attempt->transfer.silent_until();
    if (until <= now)
      silent.push_back(attempt.get());
    else
      silence_ = silence_ ? std::min(*silence_, until) : until;
  }
  for (auto* const attempt : silent) end(*attempt, std::nullopt);
}

std::unique_ptr<Attempt> Part::take_out(Attempt& attempt) {
  multis_[attempt.multi]->remove(attempt.transfer.handle());
  auto out = std::move(under_way_[attempt.place]);
  if (out->place + 1 < under_way_.size()) {
    under_way_[out->place] = std::move(under_way_.back());
    under_way_[out->place]->place = out->place;
  }
  under_way_.pop_back();
  return out;
}

void Part::end(Attempt& ended, std::optional<CURLcode> result) {
  auto const now = std::chrono::steady_clock::now();
  auto attempt = take_out(ended);
  auto job = std::move(attempt->job);
  auto& transfer = attempt->transfer;
  auto got = result
                 ? transfer.end(*result, now)
                 : transfer.give_up(
                       Status::timed_out,
                       fmt::format("`{}` was silent for {} ms", job->target.place, job->call.idle_ms), now);
  bool const may_pass = transfer.may_pass();
  auto const began = transfer.began();
  idle_.push_back(std::move(attempt));

  auto& pace = job->endpoint->pace;
  bool const too_much = got.status == Status::done && says_too_much(got.code);
  pace.ended(too_much                                       ? Pace::End::too_much
             : got.status == Status::done && got.code < 500 ? Pace::End::good
                                                            : Pace::End::other,
             began, now);
  auto const clock = std::chrono::system_clock::now();
  auto const asked = asked_wait(got.headers, clock);
  if (too_much && asked && *asked > kPauseAll) pace.pause(now + std::min(*asked, options_.longest_wait));
  if (auto const wait = exhausted_for(got.headers, clock))
    pace.pause(now + std::min(*wait, options_.longest_wait));
  ++job->ended;
  if (auto const wait = wait_for_another_try(*job, may_pass, got, asked)) {
    job->retries.push_back(name_of_end(got));
    job->waited += *wait;
    job->endpoint->again.emplace(now + *wait, std::move(job));
    return;
  }
  reply(*job, std::move(got));
}

std::optional<Millis> Part::wait_for_another_try(Job const& job, bool may_pass, HttpReply const& got,
                                                 std::optional<Millis> asked) const {
  bool const worth_it = got.status == Status::done
                            ? worth_another_try(got.code)
                            : got.status == Status::timed_out || (got.status == Status::network && may_pass);
  if (!worth_it || job.ended >= options_.attempts) return std::nullopt;
  auto const seed = sha256_prefix(fmt::format("{}\n{}\n{}", job.call.url, job.call.trial, job.call.body));
  auto const wait = wait_before_next(options_, job.ended, asked, seed);
  return job.waited + wait <= options_.all_waits ? std::optional(wait) : std::nullopt;
}

void Part::reply(Job& job, HttpReply reply) {
  reply.retries = std::move(job.retries);
  reply.body = ports::without_secrets(std::move(reply.body), options_.secrets);
  reply.error = ports::without_secrets(std::move(reply.error), options_.secrets);
  for (auto& [name, value] : reply.headers)
    value = ports::without_secrets(std::move(value), options_.secrets);
  ended_.emplace_back(job.ticket, std::move(reply));
  --jobs_;
}

void Part::cancel_all() {
  QuietPipe const quiet;
  auto const cancel = [&](Job& job) {
    HttpReply cancelled;
    cancelled.status = Status::cancelled;
    reply(job, std::move(cancelled));
  };
  while (!under_way_.empty()) {
    auto const attempt = take_out(*under_way_.back());
    attempt->job->endpoint->pace.ended(Pace::End::other, attempt->transfer.began(),
                                       std::chrono::steady_clock::now());
    cancel(*attempt->job);
  }
  for (auto const& [name, endpoint] : endpoints_) {
    for (auto const& job : endpoint->fresh) cancel(*job);
    for (auto const& [time, job] : endpoint->again) cancel(*job);
    endpoint->fresh.clear();
    endpoint->again.clear();
  }
  silence_.reset();
}

}  // namespace

std::unique_ptr<ports::HttpPart> make_part(HttpOptions options) {
  return std::make_unique<Part>(std::move(options));
}

}  // namespace itera::http
