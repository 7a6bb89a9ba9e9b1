#include "core/cli/view/terminal_progress.hpp"

#include <chrono>
#include <csignal>
#include <ostream>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/text.hpp"
#include "core/cli/view/pass_line.hpp"
#include "core/host/whereabouts.hpp"

namespace itera::cli::view {
namespace {

constexpr double kQuiet = 60;  // seconds without a plain line, at most

// A signal handler can reach nothing but a global.
volatile std::sig_atomic_t interrupted = 0;

// The first asks; at the second, a plugin that did not hear the first is the reason.
extern "C" void on_interrupt(int number) {
  if (interrupted) {
    host::tell_whereabouts("\nstopped inside of ", ", which did not give way; what is finished is kept\n");
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  interrupted = 1;
}

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79U;
}

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

TerminalProgress::TerminalProgress(std::ostream& err, bool terminal) : err_(err), terminal_(terminal) {
  interrupted = 0;
  for (int const number : {SIGINT, SIGTERM}) std::signal(number, on_interrupt);
}

TerminalProgress::~TerminalProgress() {
  clear_block();
  for (int const number : {SIGINT, SIGTERM}) std::signal(number, SIG_DFL);
}

void TerminalProgress::clear_block() {
  if (lines_ > 0) err_ << fmt::format("\033[{}A\r\033[J", lines_) << std::flush;
  lines_ = 0;
}

void TerminalProgress::phase(std::string_view name) {
  clear_block();
  err_ << "[" << name << "]\n" << std::flush;
}

void TerminalProgress::note(std::string_view text) {
  clear_block();
  for (auto const& line : split_lines(text)) err_ << "  " << line << "\n";
  err_ << std::flush;
}

void TerminalProgress::warning(std::string_view text) {
  clear_block();
  err_ << "warning: " << text << "\n" << std::flush;
}

void TerminalProgress::draw(ports::PassState const& pass) {
  auto const block = pass_block(pass, columns());
  clear_block();
  for (auto const& line : block) err_ << line << "\n";
  err_ << std::flush;
  // The last state of a pass stays on the screen.
  lines_ = pass.done == pass.total ? 0 : block.size();
}

void TerminalProgress::print(ports::PassState const& pass) {
  auto const now = seconds();
  auto const tenth = pass.total == 0 ? 10 : pass.done * 10 / pass.total;
  bool const fresh = pass.name != pass_;
  if (!fresh && tenth == tenth_ && now - printed_ < kQuiet) return;
  if (fresh) err_ << "  " << pass_begin(pass) << "\n";
  if (pass.done > 0) err_ << "  " << pass_line(pass) << "\n";
  err_ << std::flush;
  pass_ = pass.name;
  tenth_ = tenth;
  printed_ = now;
}

void TerminalProgress::tick(ports::PassState const& pass) {
  terminal_ ? draw(pass) : print(pass);
}

bool TerminalProgress::stop_requested() {
  return interrupted != 0;
}

}  // namespace itera::cli::view
