#pragma once
#include <iosfwd>
#include <string>

#include "core/ports/surroundings.hpp"

namespace itera::cli::view {

/// Progress on standard error: one line that is rewritten on a terminal, a plain line at each tenth
/// elsewhere. Watches for Ctrl-C while it lives: the first asks to stop, the second ends the process.
class TerminalProgress final : public ports::Progress {
 public:
  TerminalProgress(std::ostream& err, bool terminal);
  ~TerminalProgress() override;
  TerminalProgress(TerminalProgress const&) = delete;
  TerminalProgress& operator=(TerminalProgress const&) = delete;

  void phase(std::string_view name) override;
  void note(std::string_view text) override;
  void warning(std::string_view text) override;
  void tick(std::string_view what, std::uint64_t done, std::uint64_t total) override;
  bool stop_requested() override;
  /// A call may be abandoned: the user asked to stop, and this is not the pass on test.
  bool may_cancel() const;

 private:
  void clear_line();
  std::ostream& err_;
  bool terminal_;
  std::string phase_;
  std::string what_;
  std::uint64_t tenth_ = 0;
  bool open_line_ = false;
  bool told_ = false;
};

}  // namespace itera::cli::view
