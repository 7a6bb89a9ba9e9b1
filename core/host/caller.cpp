#include "core/host/caller.hpp"

#include <algorithm>
#include <chrono>

namespace itera::host {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {
constexpr auto kCancelPoll = 100ms;
}

HostCaller::HostCaller(CallerOptions options, ports::Secrets secrets, MakeHttp make_http)
    : options_(std::move(options)),
      secrets_(std::move(secrets)),
      make_http_(std::move(make_http)),
      programs_(options_) {
  if (!make_http_) make_http_ = [this] { return load_http_part(secrets_); };
}
HostCaller::~HostCaller() = default;

bool HostCaller::has_room(ports::Call const& call) const {
  if (std::holds_alternative<ports::ExecCall>(call)) return programs_.in_flight() < programs_.capacity();
  return !http_ || http_->in_flight() < kMostRequests;
}

std::size_t HostCaller::in_flight() const {
  return programs_.in_flight() + (http_ ? http_->in_flight() : 0) + done_.size();
}

std::size_t HostCaller::most_in_flight() const {
  return http_ ? kMostRequests : programs_.capacity();
}

void HostCaller::submit(std::uint64_t ticket, ports::Call call) {
  if (auto* exec = std::get_if<ports::ExecCall>(&call)) {
    for (auto& [_, value] : exec->environment) value = ports::with_secrets(std::move(value), secrets_);
    programs_.submit(ticket, std::move(*exec));
    return;
  }
  if (!http_) {
    auto made = make_http_();
    if (!made) {
      ports::HttpReply reply;
      reply.status = ports::HttpReply::Status::refused;
      reply.error =
          made.error().help.empty() ? made.error().what : made.error().what + ": " + made.error().help;
      done_.emplace_back(ticket, std::move(reply));
      return;
    }
    http_ = std::move(*made);
  }
  http_->submit(ticket, std::move(std::get<ports::HttpCall>(call)));
}

void HostCaller::take_requests() {
  ended_.clear();
  http_->work(ended_);
  for (auto& [ticket, reply] : ended_) done_.emplace_back(ticket, std::move(reply));
}

std::vector<HostCaller::Ended> HostCaller::wait(std::optional<milliseconds> at_most) {
  auto const clock = [] { return std::chrono::steady_clock::now(); };
  auto const until = at_most ? std::optional(clock() + *at_most) : std::nullopt;
  while (done_.empty() && in_flight() > 0) {
    bool const requests = http_ && http_->in_flight() > 0;
    if (requests && options_.cancelled && options_.cancelled()) http_->cancel_all();
    if (requests) take_requests();
    if (!done_.empty()) break;
    auto wake = until;
    auto const earlier = [&](auto time) { wake = wake ? std::min(*wake, time) : time; };
    if (requests) {
      earlier(clock() + kCancelPoll);
      if (auto const next = http_->next()) earlier(*next);
    }
    auto const left =
        wake ? std::optional(std::max(0ms, std::chrono::ceil<milliseconds>(*wake - clock()))) : std::nullopt;
    for (auto& [ticket, reply] : programs_.wait(left, requests ? http_->descriptor() : -1))
      done_.emplace_back(ticket, ports::Reply(std::move(reply)));
    if (until && clock() >= *until) break;
  }
  return std::exchange(done_, {});
}

void HostCaller::close_pools() {
  programs_.close_pools();
}

}  // namespace itera::host
