#include "core/host/probe.hpp"

#include <chrono>
#include <csignal>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.hpp"
#include "core/host/library.hpp"

namespace itera::host {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kHelp = "look at its static constructors: they run when the library is loaded";

[[noreturn]] void try_to_load(std::filesystem::path const& file, int done, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  rlimit const no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Whatever the library prints, and what exit() would flush of our own buffers, must not reach the user's
  // output.
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  [[maybe_unused]] auto const loaded =
      Library::load(file);  // held: unloading may crash, too, and is not asked
  char const survived = 'k';
  (void)!::write(done, &survived, 1);
  ::_exit(0);
}

// The last line that the child printed: what an abort usually says.
std::string last_words(int output) {
  char text[4096];
  auto const size = ::lseek(output, 0, SEEK_END);
  auto const from = std::max<off_t>(0, size - static_cast<off_t>(sizeof text));
  auto const n = ::pread(output, text, sizeof text, from);
  if (n <= 0) return {};
  auto const lines = split_lines(std::string_view(text, static_cast<std::size_t>(n)));
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (auto const words = squeeze(*line); !words.empty() && is_valid_utf8(words))
      return ": " + words.substr(0, 300);
  return {};
}

// True if the child wrote its sign of life; false at its end without one; hangs are cut off.
bool survived(int done, std::chrono::milliseconds limit, bool& hung) {
  auto const deadline = Clock::now() + limit;
  for (;;) {
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      hung = true;
      return false;
    }
    pollfd waiting{done, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(left)) <= 0) continue;
    char sign = 0;
    auto const n = ::read(done, &sign, 1);
    if (n < 0 && errno == EINTR) continue;
    return n == 1;
  }
}

}  // namespace

Status probe(std::filesystem::path const& file, std::chrono::milliseconds limit) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(ErrorClass::unavailable,
                fmt::format("cannot try plugin library `{}`: {}", file.string(), std::strerror(errno)));
  int const output = ::memfd_create("itera-probe", MFD_CLOEXEC);
  auto const child = ::fork();
  if (child == 0) try_to_load(file, ends[1], output);
  auto const fork_error = errno;
  ::close(ends[1]);
  bool hung = false;
  bool const alive = child > 0 && survived(ends[0], limit, hung);
  int status = 0;
  if (child > 0) {
    if (hung) ::kill(child, SIGKILL);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ::kill(-child, SIGKILL);  // what the library may have started
  }
  auto const words = alive || output < 0 ? std::string() : last_words(output);
  ::close(ends[0]);
  if (output >= 0) ::close(output);
  if (alive) return {};
  auto const name = fmt::format("plugin library `{}`", file.string());
  if (child < 0)
    return fail(ErrorClass::unavailable, fmt::format("cannot try {}: {}", name, std::strerror(fork_error)));
  if (hung)
    return fail(ErrorClass::plugin, fmt::format("{} was still loading after {} ms", name, limit.count()),
                kHelp);
  if (WIFSIGNALED(status))
    return fail(ErrorClass::plugin,
                fmt::format("{} crashes while it is loaded (signal {}, {}){}", name, WTERMSIG(status),
                            ::strsignal(WTERMSIG(status)), words),
                kHelp);
  return fail(ErrorClass::plugin,
              fmt::format("{} ends the process while it is loaded (exit code {}){}", name,
                          WEXITSTATUS(status), words),
              kHelp);
}

}  // namespace itera::host
