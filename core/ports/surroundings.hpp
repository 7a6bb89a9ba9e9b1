#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace itera::ports {

/// The time, only ever for undigested metadata and folder names.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::string now_utc() = 0;    ///< "2026-04-12T09:30:00Z"
  virtual std::string today_utc() = 0;  ///< "2026-04-12"
};

/// What a run tells while it works. Implementations print; the engine never does.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void phase(std::string_view name) = 0;
  virtual void note(std::string_view text) = 0;
  virtual void warning(std::string_view text) = 0;
  /// `done` of `total` calls of one pass; called often, so it must be cheap.
  virtual void tick(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
  /// True when the user asked to stop (Ctrl-C); polled between calls.
  virtual bool stop_requested() = 0;
};

}  // namespace itera::ports
