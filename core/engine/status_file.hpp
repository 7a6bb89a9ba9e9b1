#pragma once
#include <filesystem>
#include <string>

#include "core/ports/surroundings.hpp"

namespace itera::engine {

/// Passes progress on, and leaves what another terminal may ask for in `file` (state/progress.json) at most
/// once a second: {pid, process_started, begun, updated, phase, pass: {name, rows, trials, done, total,
/// per_second, arms}}. The file is gone when the run ends by itself; one that stays tells of a process that
/// was killed. A file that cannot be written is no reason to stop a run.
class StatusFile final : public ports::Progress {
 public:
  StatusFile(ports::Progress& to, std::filesystem::path file, ports::Clock& clock);
  ~StatusFile() override;
  StatusFile(StatusFile const&) = delete;
  StatusFile& operator=(StatusFile const&) = delete;

  void phase(std::string_view name) override;
  void note(std::string_view text) override { to_.note(text); }
  void warning(std::string_view text) override { to_.warning(text); }
  void tick(ports::PassState const& pass) override;
  bool stop_requested() override { return to_.stop_requested(); }

 private:
  void write(ports::PassState const* pass);

  ports::Progress& to_;
  std::filesystem::path file_;
  ports::Clock& clock_;
  std::string begun_, phase_;
  double written_ = 0;  ///< seconds of the steady clock
};

/// When the process `pid` was started, in clock ticks since boot, as Linux tells it: with `pid` it names a
/// process for good, since numbers are used again. 0 if there is no such process.
std::uint64_t process_started(int pid);

}  // namespace itera::engine
