#include "core/cli/view/terminal_progress.hpp"

#include <csignal>
#include <ostream>

#include <fmt/format.h>

#include "core/base/text.hpp"

namespace itera::cli::view {
namespace {

// A signal handler can reach nothing but a global.
volatile std::sig_atomic_t interrupted = 0;

extern "C" void on_interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

TerminalProgress::TerminalProgress(std::ostream& err, bool terminal) : err_(err), terminal_(terminal) {
  interrupted = 0;
  std::signal(SIGINT, on_interrupt);
}

TerminalProgress::~TerminalProgress() {
  clear_line();
  std::signal(SIGINT, SIG_DFL);
}

void TerminalProgress::clear_line() {
  if (open_line_) err_ << "\r\033[K";
  open_line_ = false;
}

void TerminalProgress::phase(std::string_view name) {
  clear_line();
  phase_ = name;
  err_ << "[" << name << "]\n" << std::flush;
}

void TerminalProgress::note(std::string_view text) {
  clear_line();
  for (auto const& line : split_lines(text)) err_ << "  " << line << "\n";
  err_ << std::flush;
}

void TerminalProgress::warning(std::string_view text) {
  clear_line();
  err_ << "warning: " << text << "\n" << std::flush;
}

void TerminalProgress::tick(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (interrupted != 0 && phase_ == "test" && !told_) {
    told_ = true;
    warning(
        "the one pass on test is under way and is finished first; Ctrl-C again ends it and makes the "
        "experiment invalid");
  }
  auto const tenth = total == 0 ? 10 : done * 10 / total;
  if (what == what_ && tenth == tenth_ && !terminal_) return;
  bool const fresh = what != what_;
  what_ = what;
  if (terminal_) {
    err_ << fmt::format("\r\033[K  {}: {} of {}", what, done, total) << std::flush;
    open_line_ = true;
    if (done == total) {
      err_ << "\n";
      open_line_ = false;
    }
  } else if (!fresh || tenth > 0) {
    err_ << fmt::format("  {}: {} of {}\n", what, done, total) << std::flush;
  }
  tenth_ = tenth;
}

bool TerminalProgress::stop_requested() {
  return interrupted != 0;
}
bool TerminalProgress::may_cancel() const {
  return interrupted != 0 && phase_ != "test";
}

}  // namespace itera::cli::view
