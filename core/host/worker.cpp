#include "core/host/worker.hpp"

#include <algorithm>
#include <csignal>
#include <string_view>

#include "core/host/line_match.hpp"

namespace itera::host {

using Framing = ports::ExecCall::Framing;

void Worker::begin(std::uint64_t ticket, ports::ExecCall const& call, SteadyTime now) {
  call_ = Call{ticket, call.framing, call.id, now, now + std::chrono::milliseconds(call.timeout_ms), 0};
  tail_.clear();
  if (call.framing == Framing::once) {
    process_.send(call.input, true);
  } else {
    process_.send(call.input, false);
    if (!call.input.ends_with('\n')) process_.send("\n", false);
  }
}

std::optional<SteadyTime> Worker::next_look() const {
  if (stopping_) return killed_ ? std::nullopt : std::optional(kill_at_);
  std::optional<SteadyTime> out;
  if (call_) out = call_->deadline;
  if (mute_until_) out = out ? std::min(*out, *mute_until_) : *mute_until_;
  return out;
}

void Worker::stop(Status why, SteadyTime now, std::chrono::milliseconds grace) {
  if (stopping_ || gone_) return;
  stopping_ = why;
  kill_at_ = now + grace;
  process_.kill_group(grace.count() > 0 ? SIGTERM : SIGKILL);
  killed_ = grace.count() <= 0;
}

void Worker::look(SteadyTime now, std::chrono::milliseconds grace, std::vector<Ended>& done) {
  if (gone_) return;
  auto const before = buffer_.size();
  process_.pump(buffer_, output_limit_, tail_);
  auto const exit = process_.ended(buffer_, output_limit_, tail_);
  if (call_) call_->bytes += buffer_.size() - before;
  bool const too_much = (call_ && call_->bytes >= output_limit_) || buffer_.size() >= output_limit_;
  if (is_pooled()) take_lines(now, done);
  if (exit) {
    if (too_much && call_ && !stopping_) stopping_ = Status::output_limit;
    return bury(*exit, now, done);
  }
  if (too_much && (call_ || is_pooled())) stop(Status::output_limit, now, std::chrono::milliseconds(0));
  if (too_much) buffer_.clear(), looked_ = 0;  // room for whatever else comes, which nobody will read

  // After the pipes were looked at: a reply that is there already is not late because the host was busy.
  if (call_ && now >= call_->deadline) stop(Status::timed_out, now, grace);
  if (is_pooled() && process_.output_closed() && !stopping_) heed_silence(now, grace);
  if (stopping_ && !killed_ && now >= kill_at_) {
    process_.kill_group(SIGKILL);
    killed_ = true;
  }
}

// A pooled program that closed its output can answer nothing any more. Mostly it is about to end, and its
// exit code says more than its silence.
void Worker::heed_silence(SteadyTime now, std::chrono::milliseconds grace) {
  if (!call_) return stop(Status::ended, now, grace);
  if (!mute_until_) mute_until_ = now + grace;
  if (now < *mute_until_) return;
  tail_.add("\nitera: the program closed its standard output before it replied");
  stop(Status::ended, now, grace);
}

void Worker::take_lines(SteadyTime now, std::vector<Ended>& done) {
  std::size_t from = 0;
  // What was looked through before has no end of line: a line of many megabytes comes in small pieces.
  for (auto end = buffer_.find('\n', looked_); end != buffer_.npos; end = buffer_.find('\n', from)) {
    take_line(std::string_view(buffer_).substr(from, end - from), now, done);
    from = end + 1;
  }
  buffer_.erase(0, from);
  looked_ = buffer_.size();
}

bool Worker::take_line(std::string_view line, SteadyTime now, std::vector<Ended>& done) {
  if (call_ && !stopping_ && is_reply(line, call_->id)) {
    finish(Status::done, 0, std::string(line), now, done);
    return true;
  }
  tail_.add(line);
  tail_.add("\n");
  return false;
}

void Worker::finish(Status status, int code, std::string output, SteadyTime now, std::vector<Ended>& done) {
  std::chrono::duration<double, std::milli> const latency = now - call_->begun;
  done.emplace_back(call_->ticket,
                    ports::ExecReply{status, code, std::move(output), tail_.text(), latency.count()});
  call_.reset();
}

void Worker::bury(Exit exit, SteadyTime now, std::vector<Ended>& done) {
  gone_ = true;
  if (!call_) return;
  // A last line without a line break may be the reply.
  if (is_pooled() && !buffer_.empty() && take_line(buffer_, now, done)) return;
  // Half of too much is of no use to anyone.
  auto output = is_pooled() || stopping_ == Status::output_limit ? std::string() : std::move(buffer_);
  if (stopping_) return finish(*stopping_, 0, std::move(output), now, done);
  if (exit.signalled) return finish(Status::signalled, exit.code, std::move(output), now, done);
  finish(is_pooled() ? Status::ended : Status::done, exit.code, std::move(output), now, done);
}

}  // namespace itera::host
