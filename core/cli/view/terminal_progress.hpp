#pragma once
#include <cstddef>
#include <iosfwd>
#include <string>

#include "core/ports/surroundings.hpp"

namespace itera::cli::view {

/// Progress on standard error: on a terminal a few lines that are drawn anew, elsewhere a plain line at each
/// tenth and each minute. Watches for Ctrl-C and SIGTERM while it lives: the first asks to stop, the second
/// ends the process.
class TerminalProgress final : public ports::Progress {
 public:
  TerminalProgress(std::ostream& err, bool terminal);
  ~TerminalProgress() override;
  TerminalProgress(TerminalProgress const&) = delete;
  TerminalProgress& operator=(TerminalProgress const&) = delete;

  void phase(std::string_view name) override;
  void note(std::string_view text) override;
  void warning(std::string_view text) override;
  void tick(ports::PassState const& pass) override;
  bool stop_requested() override;
  /// Takes the drawn lines away. To be called before anything else is printed on the same terminal.
  void close() { clear_block(); }

 private:
  void clear_block();
  void draw(ports::PassState const& pass);
  void print(ports::PassState const& pass);

  std::ostream& err_;
  bool terminal_;
  std::string pass_;
  std::uint64_t tenth_ = 0;
  double printed_ = 0;     ///< when the last plain line was, in seconds of the steady clock
  std::size_t lines_ = 0;  ///< of the block that stands on the terminal
};

}  // namespace itera::cli::view
