#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace itera::ports {

/// The time, only ever for undigested metadata and folder names.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::string now_utc() = 0;    ///< "2026-04-12T09:30:00Z"
  virtual std::string today_utc() = 0;  ///< "2026-04-12"
};

/// How far one arm is in a pass.
struct ArmState {
  std::string_view name;
  std::uint64_t done = 0, total = 0;  ///< answers
  std::uint64_t errors = 0;  ///< answers that ended without a score, or with an error of the arm's own
  double cost_usd = 0;       ///< what the arm reported so far
};

/// Where one pass stands. Views live as long as the call that hands it over.
struct PassState {
  std::string_view name;  ///< "dev"
  std::uint64_t rows = 0;
  std::uint32_t trials = 0;           ///< the most that any arm has
  std::uint64_t done = 0, total = 0;  ///< answers of all arms
  double per_second = 0;              ///< answers, over the last half minute; 0 while it is not known
  std::vector<ArmState> arms;         ///< those that take part
};

/// What a run tells while it works. Implementations print; the engine never does.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void phase(std::string_view name) = 0;
  virtual void note(std::string_view text) = 0;
  virtual void warning(std::string_view text) = 0;
  /// Called at the pass's begin and end and about ten times a second between.
  virtual void tick(PassState const& pass) = 0;
  /// True when the user asked to stop (Ctrl-C); polled between calls.
  virtual bool stop_requested() = 0;
};

}  // namespace itera::ports
