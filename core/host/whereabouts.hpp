#pragma once
#include <string>

namespace itera::host {

/// Says for as long as it lives which plugin is at work ("judge `exact` (library `...`)"), so that a process
/// that dies inside of it can still name it. One at a time; the text must outlive it.
class AtWork {
 public:
  explicit AtWork(std::string const& who);
  ~AtWork();
  AtWork(AtWork const&) = delete;
  AtWork& operator=(AtWork const&) = delete;

 private:
  char const* before_;
};

/// Which plugin is at work in this process; null if none is. Safe in a signal handler.
char const* at_work() noexcept;

/// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) inside of a plugin is said in one line on
/// standard error before the process ends by that signal, as it would have. Nothing under a sanitizer, whose
/// own report says more.
void name_crashes();

/// Writes `before`, the plugin at work and `after` to standard error; nothing if none is. Safe in a signal
/// handler.
void tell_whereabouts(char const* before, char const* after) noexcept;

}  // namespace itera::host
