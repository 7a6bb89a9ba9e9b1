#pragma once
#include <cerrno>
#include <csignal>
#include <ctime>

namespace itera::http {

/// Keeps SIGPIPE from this thread as long as it lives: TLS writes to sockets that the other side has closed.
class QuietPipe {
 public:
  QuietPipe() {
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, &before_);
  }
  ~QuietPipe() {
    if (::sigismember(&before_, SIGPIPE) == 1) return;  // whoever blocked it looks after it
    sigset_t pipe;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    timespec const at_once{0, 0};
    while (::sigtimedwait(&pipe, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  QuietPipe(QuietPipe const&) = delete;
  QuietPipe& operator=(QuietPipe const&) = delete;

 private:
  sigset_t before_;
};

}  // namespace itera::http
