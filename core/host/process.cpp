#include "core/host/process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

namespace itera::host {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;
// More than a pipe holds, so that an ended program's output is taken whole; but a program that prints without
// end must not keep the loop from all others.
constexpr std::size_t kMostAtOnce = std::size_t{2} << 20;

void close_fd(int& fd) {
  if (fd >= 0) ::close(std::exchange(fd, -1));
}

// Reads until there is nothing more for now, `take` has enough, or the other side has closed.
template <class Take>
void drain(int& fd, Take&& take) {
  char chunk[kChunk];
  for (std::size_t taken = 0; fd >= 0 && taken < kMostAtOnce;) {
    auto const n = ::read(fd, chunk, sizeof chunk);
    if (n > 0) {
      taken += static_cast<std::size_t>(n);
      if (!take(std::string_view(chunk, static_cast<std::size_t>(n)))) return;
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
      close_fd(fd);
    } else if (errno == EAGAIN) {
      return;
    }
  }
}

}  // namespace

void Tail::add(std::string_view bytes) {
  if (bytes.size() > kLimit) bytes.remove_prefix(bytes.size() - kLimit);
  if (text_.size() + bytes.size() > kLimit) text_.erase(0, text_.size() + bytes.size() - kLimit);
  text_ += bytes;
}

Process::~Process() {
  if (!reaped_) {
    ::kill(-spawned_.pid, SIGKILL);
    while (::waitpid(spawned_.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  for (auto* fd : {&spawned_.input, &spawned_.output, &spawned_.error, &spawned_.exit_fd}) close_fd(*fd);
}

void Process::send(std::string_view bytes, bool last) {
  input_.erase(0, std::exchange(sent_, 0));
  input_ += bytes;
  last_ = last_ || last;
  write_input();
}

void Process::close_input() {
  input_.clear();
  sent_ = 0;
  close_fd(spawned_.input);
}

void Process::write_input() {
  while (spawned_.input >= 0 && sent_ < input_.size()) {
    auto const n = ::write(spawned_.input, input_.data() + sent_, input_.size() - sent_);
    if (n >= 0) {
      sent_ += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      close_input();  // EPIPE: the program does not want the rest, which is its right
    }
  }
  if (last_) close_input();
}

void Process::pump(std::string& output, std::size_t limit, Tail& errors) {
  write_input();
  drain(spawned_.output, [&](std::string_view bytes) {
    output += bytes;
    return output.size() < limit;
  });
  drain(spawned_.error, [&](std::string_view bytes) {
    errors.add(bytes);
    return true;
  });
}

std::optional<Exit> Process::ended(std::string& output, std::size_t limit, Tail& errors) {
  siginfo_t info{};
  // WNOWAIT: as long as the program is not reaped, its id is its group's id and nobody else's.
  if (::waitid(P_PID, static_cast<id_t>(spawned_.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
      info.si_pid == 0)
    return std::nullopt;
  kill_group(SIGKILL);
  pump(output, limit, errors);
  int status = 0;
  while (::waitpid(spawned_.pid, &status, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  if (WIFSIGNALED(status)) return Exit{true, WTERMSIG(status)};
  return Exit{false, WEXITSTATUS(status)};
}

void Process::kill_group(int signal) {
  if (!reaped_) ::kill(-spawned_.pid, signal);
}

void Process::add_to(std::vector<pollfd>& waiting) const {
  if (spawned_.input >= 0 && sent_ < input_.size()) waiting.push_back({spawned_.input, POLLOUT, 0});
  if (spawned_.output >= 0) waiting.push_back({spawned_.output, POLLIN, 0});
  if (spawned_.error >= 0) waiting.push_back({spawned_.error, POLLIN, 0});
  if (spawned_.exit_fd >= 0) waiting.push_back({spawned_.exit_fd, POLLIN, 0});
}

}  // namespace itera::host
