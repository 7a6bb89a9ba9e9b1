#include "core/host/whereabouts.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>

#include <unistd.h>

namespace itera::host {
namespace {

// A signal handler can reach nothing but a global.
std::atomic<char const*> who_is_at_work = nullptr;
static_assert(std::atomic<char const*>::is_always_lock_free);

void say(char const* text) noexcept {
  (void)!::write(STDERR_FILENO, text, std::strlen(text));
}

extern "C" void on_crash(int number) {
  auto const* what = number == SIGABRT  ? "aborted (SIGABRT)"
                     : number == SIGFPE ? "crashed (SIGFPE)"
                     : number == SIGBUS ? "crashed (SIGBUS)"
                     : number == SIGILL ? "crashed (SIGILL)"
                                        : "crashed (SIGSEGV)";
  if (at_work()) {
    tell_whereabouts("\nerror: ", " ");
    say(what);
    say(" and took itera with it\n  = help: this is a bug of the plugin: tell its author. What is finished "
        "is "
        "kept; with the plugin mended, `itera run` goes on\n");
  }
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace

AtWork::AtWork(std::string const& who) : before_(who_is_at_work.exchange(who.c_str())) {}
AtWork::~AtWork() {
  who_is_at_work = before_;
}

char const* at_work() noexcept {
  return who_is_at_work.load();
}

void tell_whereabouts(char const* before, char const* after) noexcept {
  auto const* const who = at_work();
  if (!who) return;
  say(before);
  say(who);
  say(after);
}

void name_crashes() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // A stack of its own, because a stack that ran over is one way to crash.
  static std::array<char, std::size_t{64} << 10> stack;
  stack_t alternative{};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  ::sigaltstack(&alternative, nullptr);
  struct sigaction action {};
  action.sa_handler = on_crash;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (int const number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigaction(number, &action, nullptr);
#endif
}

}  // namespace itera::host
